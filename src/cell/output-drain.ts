import type { OutputConsumer } from '../contract/cell.ts'
import type { RingReader } from '../thread/byte-ring.ts'

/** Bytes taken from one ring before others get their turn. */
const BUDGET = 65_536

export interface DrainParts {
  readonly ring: RingReader
  readonly consume: OutputConsumer
  /** Asks for another `pump` in a later turn. */
  again(): void
  /** The guest has closed the stream and every byte was consumed. Called once. */
  ended(): void
}

/**
 * One output stream of a process on its way to its consumer. While the consumer's promise is not
 * settled nothing more is taken: the ring fills, and the guest waits.
 */
export class OutputDrain {
  readonly #parts: DrainParts
  #waiting = false
  #ended = false

  constructor(parts: DrainParts) {
    this.#parts = parts
  }

  /** Hands on what is there. Called whenever the ring may have changed. */
  pump(): void {
    if (this.#waiting || this.#ended) return
    const { ring } = this.#parts
    const bytes = ring.take(BUDGET)
    if (bytes === undefined) return
    if (bytes.length > 0) this.#hand(bytes)
    // Now and not in a later turn: the last bytes and the end mostly come together.
    if (this.#waiting) return
    const left = ring.available()
    if (left === -1) this.#finish()
    else if (left > 0) this.#parts.again()
  }

  #hand(bytes: Uint8Array): void {
    const { consume } = this.#parts
    let taken: void | Promise<void>
    try {
      taken = consume(bytes)
    } catch {
      taken = undefined
    }
    if (taken === undefined) return
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
    this.#parts.ended()
  }
}
