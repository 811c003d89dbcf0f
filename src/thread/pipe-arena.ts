import { RING_HEADER_BYTES, RingReader, RingWriter, resetRing } from './byte-ring.ts'
import { type Bell, type DelayPoint, noDelay, ring } from './doorbell.ts'

/**
 * The pipes of one container, in memory that the threads of all its processes have: rings as in
 * byte-ring.ts, one behind the other, and in each the slots of those who use its ends:
 *
 *   word 34 READER   who reads it: the slot that is rung when bytes have come     kernel
 *        35 WRITER   who writes it: the slot that is rung when there is room      kernel
 *
 * An end belongs to the kernel, unless it is lent: one process alone holds it, and reads or writes it on its
 * own thread. The kernel lends it in the answer to a call of that process and takes it back before it
 * answers a call that may give the end to another, so that each counter has one writer at any time. Whoever
 * publishes a counter looks after that who is to be rung; the kernel puts the new slot in first and then
 * looks at the counters itself, or lets the process do so.
 */
export const PIPE_WORD = { READER: 34, WRITER: 35 } as const
export const PIPE_BYTES = 65_536
const RING_BYTES = RING_HEADER_BYTES + PIPE_BYTES
/** Pipes at once that can be lent; memory that is never touched costs nothing. */
const PIPES = 64

export type PipeEnd = 'read' | 'write'

export const createPipes = (): SharedArrayBuffer => new SharedArrayBuffer(PIPES * RING_BYTES)

/** One pipe, from any of the threads that may use it. */
export class PipeRing {
  readonly reader: RingReader
  readonly writer: RingWriter
  readonly #memory: Uint8Array<SharedArrayBuffer>
  readonly #words: Int32Array

  /** @param bellOf - of a slot. */
  constructor(
    memory: SharedArrayBuffer,
    index: number,
    bellOf: (slot: number) => Bell,
    delay: DelayPoint = noDelay,
  ) {
    this.#memory = new Uint8Array(memory, index * RING_BYTES, RING_BYTES)
    const words = new Int32Array(memory, index * RING_BYTES, RING_HEADER_BYTES / 4)
    this.#words = words
    const wake = (word: number) => () => {
      delay('scanned')
      ring(bellOf(Atomics.load(words, word)), delay)
    }
    this.reader = new RingReader(this.#memory, wake(PIPE_WORD.WRITER))
    this.writer = new RingWriter(this.#memory, wake(PIPE_WORD.READER))
  }

  /** From now on whoever sits at `slot` uses that end. */
  give(end: PipeEnd, slot: number): void {
    Atomics.store(this.#words, end === 'read' ? PIPE_WORD.READER : PIPE_WORD.WRITER, slot)
  }

  /** Empty, open, and the kernel's. Nobody else may have an end. */
  reset(kernel: number): void {
    resetRing(this.#memory)
    this.give('read', kernel)
    this.give('write', kernel)
  }
}

/** The kernel's side: which of the rings are pipes. */
export class PipeArena {
  readonly memory = createPipes()
  readonly kernel: number
  readonly #bellOf: (slot: number) => Bell
  readonly #free = Array.from({ length: PIPES }, (_, index) => PIPES - 1 - index)

  /** @param kernel - the slot of the kernel's thread. */
  constructor(kernel: number, bellOf: (slot: number) => Bell) {
    this.kernel = kernel
    this.#bellOf = bellOf
  }

  /** Undefined: all are in use. */
  take(): { readonly index: number; readonly ring: PipeRing } | undefined {
    const index = this.#free.pop()
    if (index === undefined) return undefined
    const pipe = new PipeRing(this.memory, index, this.#bellOf)
    pipe.reset(this.kernel)
    return { index, ring: pipe }
  }

  /** Both ends are closed. */
  giveBack(index: number): void {
    this.#free.push(index)
  }
}
