import { BLOCK_WORDS, ControlBlock } from './control-block.ts'
import { type Bell, type DelayPoint, ring } from './doorbell.ts'

/**
 * A cell's shared words, and the control blocks of its slots behind them.
 *
 *   word 0 DOORBELL   anyone adds      1 SLEEPING   main
 *        3 SLOTS      n, a multiple of 32; main, once
 *   word 16 ..            n/32 words DIRTY      one bit for each slot: processes set, main takes the
 *                                               whole word
 *   word 16 + n/32 ..     n/32 words REQUESTS   kept for the mailboxes to main
 *   next multiple of 64   control blocks, 64 words each
 *
 * Order: bytes, then the bit, then the bell.
 *
 * @source runtime reference, 3.1
 */
export const HOST_WORD = { DOORBELL: 0, SLEEPING: 1, SLOTS: 3, DIRTY: 16 } as const
const BITS = 32
const MAX_SLOTS = 2_048

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step

/** The word at which the control blocks begin. */
export const controlBlocksAt = (slots: number): number =>
  roundUp(HOST_WORD.DIRTY + (2 * slots) / BITS, BLOCK_WORDS)

export class HostBlock {
  readonly memory: SharedArrayBuffer
  readonly bell: Bell
  /** How many slots there are, a multiple of 32. */
  readonly slots: number
  readonly #words: Int32Array

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.#words = new Int32Array(memory)
    this.slots = Atomics.load(this.#words, HOST_WORD.SLOTS)
    this.bell = { words: this.#words, doorbell: HOST_WORD.DOORBELL, sleeping: HOST_WORD.SLEEPING }
  }

  /** @param slots - at most 2,048: more workers need more maps than Linux gives a process. */
  static create(slots: number): HostBlock {
    const count = roundUp(slots, BITS)
    if (count > MAX_SLOTS) throw new RangeError(`${slots} slots: at most ${MAX_SLOTS} fit`)
    const memory = new SharedArrayBuffer((controlBlocksAt(count) + count * BLOCK_WORDS) * 4)
    Atomics.store(new Int32Array(memory), HOST_WORD.SLOTS, count)
    return new HostBlock(memory)
  }

  control(slot: number): ControlBlock {
    return new ControlBlock(this.memory, (controlBlocksAt(this.slots) + slot * BLOCK_WORDS) * 4)
  }

  /** Something happened in `slot`. */
  mark(slot: number, delay?: DelayPoint): void {
    this.note(slot)
    ring(this.bell, delay)
  }

  /** And whoever looks will see it; nobody is woken. */
  note(slot: number): void {
    Atomics.or(this.#words, HOST_WORD.DIRTY + (slot >>> 5), 1 << (slot & 31))
  }

  /** The slots marked since the last call. */
  take(): readonly number[] {
    const slots: number[] = []
    for (let index = 0; index < this.slots / BITS; index += 1) {
      // Taken whole: a bit set meanwhile is in this word or in the next round.
      let bits = Atomics.exchange(this.#words, HOST_WORD.DIRTY + index, 0)
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits)
        bits &= ~(1 << bit)
        slots.push(index * BITS + bit)
      }
    }
    return slots
  }
}
