import { RingWriter } from './byte-ring.ts'

/** Less room than this in an output ring: its reader is told at once. */
const BATCH_BYTES = 32_768
const BATCH_MS = 1

/** How the cell is told of all there is. */
export interface Telling {
  readonly mark: () => void
  /** It looks by itself before long, while a process has come to no safepoint yet. */
  readonly note: () => void
}

/**
 * Each ring of the cell's bell may wake its main thread, so output is told of in batches: when the
 * process sleeps, looks around in its sleep or ends, at a safepoint a millisecond after the last time, or
 * when there is much. A process that has only just begun wakes nobody: most are over before anybody looks.
 */
export class OutputBatch {
  readonly #telling: Telling
  #untold = false
  /** Told of since the batch began: the first output of a batch is never held back. */
  #told = false
  /** It has come to no safepoint, and not slept. */
  #begins = true
  #toldAt: number

  /** @param now - ms of `performance.now()`, as everywhere here. */
  constructor(telling: Telling, now: number) {
    this.#telling = telling
    this.#toldAt = now
  }

  /** An output ring whose bytes are told of in batches. */
  writer(memory: SharedArrayBuffer): RingWriter {
    const writer: RingWriter = new RingWriter(memory, () => {
      this.#untold = this.#told || this.#begins
      if (!this.#told) this.#tellFirst()
      this.#told = true
      if (writer.room() < BATCH_BYTES) this.tell(performance.now())
    })
    return writer
  }

  #tellFirst(): void {
    if (this.#begins) this.#telling.note()
    else this.#telling.mark()
  }

  /** Ends the batch. */
  tell(now: number): void {
    this.#begins = false
    if (this.#untold) this.#telling.mark()
    this.#untold = false
    this.#told = false
    this.#toldAt = now
  }

  /** In a sleep others may have written to these rings, and it is not known when it ends. */
  looked(): void {
    if (this.#told) this.tell(performance.now())
  }

  atSafepoint(now: number): void {
    this.#begins = false
    if (now - this.#toldAt >= BATCH_MS) this.tell(now)
  }
}
