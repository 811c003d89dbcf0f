import type { PipeBuffer, PipeEnd } from '../kernel/process/pipe-buffer.ts'
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
 * own thread.
 *
 *   process                                    kernel
 *     asks for a read or a write                 is its only holder: store(READER, its slot)
 *     has the end                                answers LENT
 *     read, publish TAIL, load(WRITER), ring
 *     looks again, parks …
 *
 *     forgets the end                            store(READER, own slot)
 *     asks for what may give it to another       handles that
 *
 * Who waits for bytes is rung for the first; who waits for room when half of the ring is free, however little
 * it needs: on the way there each piece would cost two switches of threads. It has then waited for no more
 * than a writer of a pipe of Linux's size, which half of ours is more than.
 *
 * So each counter has one writer at any time, and only the kernel closes. Whoever publishes a counter looks
 * after that who is to be rung, and whoever gets an end looks at the counters after its slot is there:
 * one of them sees the other. A process that dies between its counter and the bell has its ends closed by the
 * kernel, which rings.
 *
 * @source runtime reference, 3.4 and 6.5
 */
const PIPE_WORD = { READER: 34, WRITER: 35 } as const
const WORD_OF: Readonly<Record<PipeEnd, number>> = {
  read: PIPE_WORD.READER,
  write: PIPE_WORD.WRITER,
}

/** Of the ring, before its writer is rung. */
const FREE_SHARE = 2

/** Where somebody who uses pipes sits, and how the others are rung. */
export interface PipePlace {
  readonly slot: number
  readonly bellOf: (slot: number) => Bell
}

/** Which of the rings. */
export interface RingPlace {
  readonly memory: SharedArrayBuffer
  readonly index: number
  /** Bytes of each of them. */
  readonly capacity: number
}

export const pipesIn = (count: number, capacity: number): SharedArrayBuffer =>
  new SharedArrayBuffer(count * (RING_HEADER_BYTES + capacity))

/** One pipe, from any of the threads that may use it. */
export class PipeRing implements PipeBuffer {
  readonly #reader: RingReader
  readonly #writer: RingWriter
  readonly #memory: Uint8Array<SharedArrayBuffer>
  readonly #enough: number
  protected readonly words: Int32Array

  constructor(
    { memory, index, capacity }: RingPlace,
    bellOf: (slot: number) => Bell,
    delay: DelayPoint = noDelay,
  ) {
    const bytes = RING_HEADER_BYTES + capacity
    this.#memory = new Uint8Array(memory, index * bytes, bytes)
    this.words = new Int32Array(memory, index * bytes, RING_HEADER_BYTES / 4)
    const wake = (end: PipeEnd): void => {
      delay('scanned')
      ring(bellOf(this.user(end)), delay)
    }
    this.#enough = capacity / FREE_SHARE
    this.#reader = new RingReader(this.#memory, () => {
      if (this.isRoomy()) wake('write')
    })
    this.#writer = new RingWriter(this.#memory, () => wake('read'))
  }

  read(into: Uint8Array): number | undefined {
    return this.#reader.read(into)
  }

  write(from: Uint8Array): number | undefined {
    return this.#writer.write(from)
  }

  available(): number {
    return this.#reader.available()
  }

  room(): number {
    return this.#writer.room()
  }

  closeReader(): void {
    this.#reader.close()
  }

  closeWriter(): void {
    this.#writer.close()
  }

  /**
   * Whether the writer is to be rung, or nobody reads any more. Looked at after the counter is published: for
   * what is written meanwhile it is rung when that is read.
   */
  protected isRoomy(): boolean {
    const room = this.#writer.room()
    return room < 0 || room >= this.#enough
  }

  /** The slot of whoever uses that end now. */
  protected user(end: PipeEnd): number {
    return Atomics.load(this.words, WORD_OF[end])
  }

  /** From now on whoever sits at `slot` uses that end. */
  give(end: PipeEnd, slot: number): void {
    Atomics.store(this.words, WORD_OF[end], slot)
  }

  /** Empty, open, and the kernel's. Nobody else may have an end. */
  reset(kernel: number): void {
    resetRing(this.#memory)
    this.give('read', kernel)
    this.give('write', kernel)
  }
}
