import { type Deferred, deferred } from '../../std/deferred.ts'

/**
 * A container's standard input between those who are attached and its process. Holds one piece: a
 * writer waits until the process has taken what came before.
 */
export class StdinPipe implements AsyncIterable<Uint8Array> {
  #piece: Uint8Array | undefined
  #closed = false
  #changed: Deferred<void> = deferred()

  #change(): void {
    this.#changed.resolve()
    this.#changed = deferred()
  }

  /** Settles when the piece was taken, or will never be. */
  async write(piece: Uint8Array): Promise<void> {
    while (this.#piece !== undefined && !this.#closed) await this.#changed.promise
    if (this.#closed) return
    this.#piece = piece
    this.#change()
    while (this.#piece === piece && !this.#closed) await this.#changed.promise
  }

  /** The end of the input: the process reads what is there, then 0 bytes. */
  close(): void {
    this.#closed = true
    this.#change()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = this.#piece
      if (piece !== undefined) {
        this.#piece = undefined
        this.#change()
        yield piece
      } else if (this.#closed) return
      else await this.#changed.promise
    }
  }
}
