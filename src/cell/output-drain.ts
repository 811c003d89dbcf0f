import { DISCARD, type OutputConsumer } from '../contract/cell.ts'
import type { RingReader } from '../thread/byte-ring.ts'
import { type DrainTurns, type Taker, Turn } from './drain-turns.ts'

export interface DrainParts {
  readonly ring: RingReader
  readonly consume: OutputConsumer
  readonly turns: DrainTurns
  /** As `Taker` has it. */
  hurried(): boolean
  /** The guest has closed the stream and every byte was consumed. Called once. */
  ended(): void
}

/**
 * One output stream of a process on its way to its consumer. While the consumer's promise is not
 * settled, or others have their turn, nothing more is taken: the ring fills, and the guest waits.
 */
export class OutputDrain implements Taker {
  readonly turn = new Turn()
  readonly #parts: DrainParts
  #waiting = false
  #ended = false

  constructor(parts: DrainParts) {
    this.#parts = parts
  }

  hurried(): boolean {
    return this.#parts.hurried()
  }

  /** Hands on what is there. Called whenever the ring may have changed. */
  pump(): void {
    if (this.#waiting || this.#ended) return
    const { ring, turns } = this.#parts
    const there = ring.available()
    if (there > 0) {
      const count = turns.grant(this, there)
      if (count === 0) return
      this.#take(count)
      if (this.#waiting) return
    }
    // Now and not in a later turn: the last bytes and the end mostly come together.
    const left = ring.available()
    if (left === -1) this.#finish()
    else if (left > 0) turns.wait(this)
  }

  #take(count: number): void {
    const { ring, consume } = this.#parts
    if (consume === DISCARD) {
      ring.skip(count)
      return
    }
    const bytes = ring.take(count)
    if (bytes !== undefined) this.#hand(bytes)
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
    this.stop()
    this.#parts.ended()
  }

  /** Nothing more is taken. */
  stop(): void {
    this.#ended = true
    this.#parts.turns.forget(this)
  }
}
