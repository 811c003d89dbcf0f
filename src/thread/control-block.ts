import type { EndReason } from '../contract/exit.ts'

/**
 * One block of words for each slot, 256 bytes, so that no two processes share a cache line.
 *
 *   word 0   DOORBELL   anyone adds 1                    1  SLEEPING  its owner
 *        2   GEN        main, when it frees the slot     4  FLAGS     main sets, owner reads
 *        34  END_REASON main, before it sets KILL
 *        18-19 FUEL     22-23 SYSCALLS  u64, published by the owner at safepoints, parks and its end
 *
 * Order: publish first, ring the owner's doorbell after, always.
 *
 * @source runtime reference, 3.2 and 4.1; the words between are kept for what is to come
 */
export const WORD = {
  DOORBELL: 0,
  SLEEPING: 1,
  GEN: 2,
  FLAGS: 4,
  FUEL: 18,
  SYSCALLS: 22,
  END_REASON: 34,
} as const
const BLOCK_WORDS = 64
const FLAG = { KILL: 1 } as const

/** What END_REASON may hold; its numbers are the positions. */
const REASONS: readonly EndReason[] = ['exit', 'killed', 'timeout']

/** One slot's control block. */
export class ControlBlock {
  readonly words: Int32Array
  readonly #counters: BigUint64Array

  /** @param memory - a block of its own: SharedArrayBuffers are passed by reference. */
  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory)
    this.#counters = new BigUint64Array(memory)
  }

  static create(): ControlBlock {
    return new ControlBlock(new SharedArrayBuffer(BLOCK_WORDS * 4))
  }

  get memory(): SharedArrayBuffer {
    // It was made over one, in either way.
    return this.words.buffer as SharedArrayBuffer
  }

  /** True when a flag is up. */
  raised(): boolean {
    return Atomics.load(this.words, WORD.FLAGS) !== 0
  }

  /** Condemns the process. The first reason stays. */
  condemn(reason: Extract<EndReason, 'killed' | 'timeout'>): void {
    Atomics.compareExchange(this.words, WORD.END_REASON, 0, REASONS.indexOf(reason))
    Atomics.or(this.words, WORD.FLAGS, FLAG.KILL)
  }

  condemned(): EndReason | undefined {
    if ((Atomics.load(this.words, WORD.FLAGS) & FLAG.KILL) === 0) return undefined
    return REASONS[Atomics.load(this.words, WORD.END_REASON)]
  }

  publish(counters: { readonly fuel: bigint; readonly syscalls: number }): void {
    Atomics.store(this.#counters, WORD.FUEL / 2, counters.fuel)
    Atomics.store(this.#counters, WORD.SYSCALLS / 2, BigInt(counters.syscalls))
  }

  counters(): { readonly fuel: bigint; readonly syscalls: number } {
    return {
      fuel: Atomics.load(this.#counters, WORD.FUEL / 2),
      syscalls: Number(Atomics.load(this.#counters, WORD.SYSCALLS / 2)),
    }
  }
}
