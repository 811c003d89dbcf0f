/** Bytes that are kept: what is longer is rare, and made anew. */
const KEPT = 2 ** 18

/**
 * Memory for one thing after another. A new array of 64 KiB costs eight times as much as to fill it.
 *
 * What `take` hands out is the caller's until the next time, and holds what was left in it.
 */
export class Scratch {
  #bytes = new Uint8Array()

  take(length: number): Uint8Array {
    if (length > KEPT) return new Uint8Array(length)
    if (this.#bytes.length < length) {
      this.#bytes = new Uint8Array(Math.min(KEPT, Math.max(length, 2 * this.#bytes.length)))
    }
    return this.#bytes.subarray(0, length)
  }
}
