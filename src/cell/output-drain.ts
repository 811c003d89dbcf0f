import type { OutputConsumer } from '../contract/cell.ts'
import type { RingReader } from '../thread/byte-ring.ts'

/** Bytes taken from one ring before others get their turn. */
const BUDGET = 65_536

/**
 * One output stream of a process on its way to its consumer. While the consumer's promise is not
 * settled nothing more is taken: the ring fills, and the guest waits.
 */
export class OutputDrain {
  readonly #ring: RingReader
  readonly #consume: OutputConsumer
  readonly #again: () => void
  readonly #buffer = new Uint8Array(BUDGET)
  #waiting = false
  #ended = false
  #atEnd: (() => void) | undefined

  /** @param again - asks for another `pump` in a later turn. */
  constructor(ring: RingReader, consume: OutputConsumer, again: () => void) {
    this.#ring = ring
    this.#consume = consume
    this.#again = again
  }

  /** Hands on what is there. Called whenever the ring may have changed. */
  pump(): void {
    if (this.#waiting || this.#ended) return
    const count = this.#ring.read(this.#buffer)
    if (count === undefined) return
    if (count === 0) {
      this.#finish()
      return
    }
    this.#hand(this.#buffer.slice(0, count))
  }

  #hand(bytes: Uint8Array): void {
    let taken: void | Promise<void>
    try {
      taken = this.#consume(bytes)
    } catch {
      taken = undefined
    }
    if (taken === undefined) {
      this.#again()
      return
    }
    this.#waiting = true
    const settled = (): void => {
      this.#waiting = false
      this.pump()
    }
    // A consumer that fails loses its bytes; the guest runs on.
    taken.then(settled, settled)
  }

  #finish(): void {
    this.#ended = true
    this.#atEnd?.()
  }

  /** Resolves when the guest has closed the stream and every byte was consumed. */
  ended(): Promise<void> {
    if (this.#ended) return Promise.resolve()
    return new Promise((resolve) => {
      this.#atEnd = resolve
      this.pump()
    })
  }
}
