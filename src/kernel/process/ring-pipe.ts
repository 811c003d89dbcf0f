import type { PipeBuffer } from './pipe-buffer.ts'

/** The bytes of a pipe, in this thread's memory. */
export class RingPipe implements PipeBuffer {
  readonly #bytes: Uint8Array
  /** Where the next byte to read lies. */
  #from = 0
  #size = 0
  #readerGone = false
  #writerGone = false

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity)
  }

  read(into: Uint8Array): number | undefined {
    if (this.#size === 0) return this.#writerGone ? 0 : undefined
    const count = Math.min(into.length, this.#size)
    const first = this.#bytes.subarray(this.#from, this.#from + count)
    into.set(first)
    into.set(this.#bytes.subarray(0, count - first.length), first.length)
    this.#from = (this.#from + count) % this.#bytes.length
    this.#size -= count
    return count
  }

  write(from: Uint8Array): number | undefined {
    if (this.#readerGone) return undefined
    const count = Math.min(from.length, this.#bytes.length - this.#size)
    const at = (this.#from + this.#size) % this.#bytes.length
    const first = Math.min(count, this.#bytes.length - at)
    this.#bytes.set(from.subarray(0, first), at)
    this.#bytes.set(from.subarray(first, count), 0)
    this.#size += count
    return count
  }

  available(): number {
    return this.#size === 0 && this.#writerGone ? -1 : this.#size
  }

  room(): number {
    return this.#readerGone ? -1 : this.#bytes.length - this.#size
  }

  closeReader(): void {
    this.#readerGone = true
  }

  closeWriter(): void {
    this.#writerGone = true
  }
}
