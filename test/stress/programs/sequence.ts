import type { RingReader } from '../../../src/thread/byte-ring.ts'

/** Bytes of a message: a number that counts up. */
export const MESSAGE = 4

/** One ring's bytes, put together to numbers that must count up by one. */
export class Sequence {
  readonly #reader: RingReader
  readonly #message = new Uint8Array(MESSAGE)
  #filled = 0
  #next = 0
  ended = false

  constructor(reader: RingReader) {
    this.#reader = reader
  }

  get ready(): boolean {
    return !this.ended && this.#reader.available() !== 0
  }

  /** Whole messages taken now. */
  take(): number {
    let taken = 0
    for (;;) {
      const count = this.#reader.read(this.#message.subarray(this.#filled))
      if (count === undefined) return taken
      if (count === 0) {
        this.ended = true
        return taken
      }
      this.#filled += count
      if (this.#filled < MESSAGE) continue
      const number = new DataView(this.#message.buffer).getUint32(0)
      if (number !== this.#next) throw new Error(`${number} came instead of ${this.#next}`)
      this.#next += 1
      this.#filled = 0
      taken += 1
    }
  }
}
