import { RingWriter } from './byte-ring.ts'

/** Less room than this in an output ring: its reader is told at once. */
const BATCH_BYTES = 32_768
const BATCH_MS = 1

/**
 * Each ring of the cell's bell may wake its main thread, so output is told of in batches: when the
 * process sleeps, looks around in its sleep or ends, at a safepoint a millisecond after the last time, or
 * when there is much.
 */
export class OutputBatch {
  readonly #mark: () => void
  #untold = false
  /** Told of since the batch began: the first output is never held back. */
  #told = false
  #toldAt: number

  /**
   * @param mark - tells of all there is.
   * @param now - ms of `performance.now()`, as everywhere here.
   */
  constructor(mark: () => void, now: number) {
    this.#mark = mark
    this.#toldAt = now
  }

  /** An output ring whose bytes are told of in batches. */
  writer(memory: SharedArrayBuffer): RingWriter {
    const writer: RingWriter = new RingWriter(memory, () => {
      this.#untold = this.#told
      if (!this.#told) this.#mark()
      this.#told = true
      if (writer.room() < BATCH_BYTES) this.tell(performance.now())
    })
    return writer
  }

  /** Ends the batch. */
  tell(now: number): void {
    if (this.#untold) this.#mark()
    this.#untold = false
    this.#told = false
    this.#toldAt = now
  }

  /** In a sleep others may have written to these rings, and it is not known when it ends. */
  looked(): void {
    if (this.#told) this.tell(performance.now())
  }

  atSafepoint(now: number): void {
    if (now - this.#toldAt >= BATCH_MS) this.tell(now)
  }
}
