import type { Input } from '../contract/cell.ts'
import type { RingWriter } from '../thread/byte-ring.ts'

/** Pushes an input into a process's ring as far as there is room, and closes it at its end. */
export class InputFeed {
  readonly #ring: RingWriter
  #room: (() => void) | undefined
  #stopped = false
  #source: AsyncIterator<Uint8Array> | undefined

  constructor(ring: RingWriter) {
    this.#ring = ring
  }

  /** Never rejects: a source that fails is at its end. */
  async run(input: Input): Promise<void> {
    try {
      if (input instanceof Uint8Array) await this.#write(input)
      else await this.#pull(input)
    } catch {
      // The guest sees the end of its input.
    }
    // After `stop` the ring is the next process's: an input that ends late must not end that one's.
    if (!this.#stopped) this.#ring.close()
  }

  async #pull(input: AsyncIterable<Uint8Array>): Promise<void> {
    this.#source = input[Symbol.asyncIterator]()
    for (;;) {
      const next = await this.#source.next()
      if (next.done === true || this.#stopped) return
      await this.#write(next.value)
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    let at = 0
    while (at < bytes.length && !this.#stopped) {
      const count = this.#ring.write(bytes.subarray(at))
      if (count === undefined) return
      at += count
      if (count > 0) continue
      await new Promise<void>((resolve) => {
        this.#room = resolve
      })
    }
  }

  /** The reader may have made room. */
  pump(): void {
    this.#room?.()
    this.#room = undefined
  }

  /** The process has ended: an endless source must not keep anything open. */
  stop(): void {
    this.#stopped = true
    this.pump()
    void Promise.resolve(this.#source?.return?.()).catch(() => undefined)
  }
}
