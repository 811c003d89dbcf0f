import type { Input } from '../../contract/cell.ts'
import type { Outlet } from './stream.ts'

/** Sends an input as far as the cell wants it, and its end. */
export class Feed {
  readonly #outlet: Outlet
  #source: AsyncIterator<Uint8Array> | undefined
  #stopped = false

  constructor(outlet: Outlet, input: Input) {
    this.#outlet = outlet
    void this.#run(input)
  }

  /** Never rejects: a source that fails is at its end. */
  async #run(input: Input): Promise<void> {
    try {
      if (input instanceof Uint8Array) await this.#outlet.write(input)
      else await this.#pull(input)
    } catch {
      // The guest sees the end of its input.
    }
    this.#outlet.end()
  }

  async #pull(input: AsyncIterable<Uint8Array>): Promise<void> {
    this.#source = input[Symbol.asyncIterator]()
    while (!this.#stopped) {
      const next = await this.#source.next()
      if (next.done === true) return
      // A copy: whoever gave it may use its memory again as soon as the next piece is asked for.
      await this.#outlet.write(Uint8Array.from(next.value))
    }
  }

  /** The process has ended: an endless source must not keep anything open. */
  stop(): void {
    this.#stopped = true
    void Promise.resolve(this.#source?.return?.()).catch(() => undefined)
  }
}
