import { Roll } from '../std/roll.ts'

/** Bytes of a stream in a round that never wait for their turn: a prompt, a line, a short run's all. */
const SMALL = 4_096
/** Bytes of one stream at once. */
const AT_ONCE = 65_536
/** And in a round while others have only just begun. */
const SHARE = 32_768
/** And of all streams together, beside what is small. */
const QUOTA = 262_144
/** A round while others have only just begun. */
const PACE_MS = 1

/** What a stream has had of the last round in which it had anything. */
export class Turn {
  #round = 0
  #taken = 0

  /** Bytes it has taken in this round. */
  takenIn(round: number): number {
    return round === this.#round ? this.#taken : 0
  }

  take(round: number, bytes: number): void {
    this.#taken = this.takenIn(round) + bytes
    this.#round = round
  }
}

/** A stream that may have to wait for its turn. */
export interface Taker {
  readonly turn: Turn
  /** Its turn has come: it asks again. */
  pump(): void
  /** Somebody else has only just begun, and is mostly over before a round of `PACE_MS`. */
  hurried(): boolean
}

export interface DrainTurnsParts {
  /** Calls `then` when whatever else has come by then was seen to. */
  nextTurn(then: () => void): void
  /** Calls `then` in `ms` milliseconds. */
  later(ms: number, then: () => void): void
}

/**
 * How much of the output of all processes a cell's main thread moves before it sees to others, in rounds:
 * all streams have a quota of one, and who wants more waits, first come first served, for the next.
 * Meanwhile a ring is full, and its guest sleeps.
 *
 * A round ends with a turn of the event loop, once somebody waits. Where another process has only just
 * begun it is a millisecond, and each stream has a share of it, because then the CPU is what is short: a
 * flood keeps one busy for the guest and one for its drain, and the other's own thread has none. What has
 * little to say never waits.
 */
export class DrainTurns {
  readonly #parts: DrainTurnsParts
  readonly #waiting = new Roll<Taker>()
  #round = 1
  #left = QUOTA
  #open = false

  constructor(parts: DrainTurnsParts) {
    this.#parts = parts
  }

  /** How many of the bytes that are there may be taken now. 0: `pump` is called in a later round. */
  grant(taker: Taker, available: number): number {
    if (this.#waiting.has(taker)) return 0
    const taken = taker.turn.takenIn(this.#round)
    const isSmall = taken + available <= SMALL
    const isPaced = !isSmall && taker.hurried()
    const share = isPaced ? Math.max(0, SHARE - taken) : AT_ONCE
    const count = isSmall ? available : Math.min(available, share, this.#left)
    if (count === 0) {
      this.wait(taker)
      return 0
    }
    // Else not before somebody waits: an end of a round costs a turn of the loop.
    if (isPaced) this.#begin(taker)
    if (!isSmall) this.#left -= count
    taker.turn.take(this.#round, count)
    return count
  }

  /** It wants more than it got. */
  wait(taker: Taker): void {
    if (!this.#waiting.has(taker)) this.#waiting.add(taker)
    this.#begin(taker)
  }

  /** It wants nothing any more. */
  forget(taker: Taker): void {
    this.#waiting.delete(taker)
  }

  #begin(taker: Taker): void {
    if (this.#open) return
    this.#open = true
    const ends = (): void => this.#next()
    if (taker.hurried()) this.#parts.later(PACE_MS, ends)
    else this.#parts.nextTurn(ends)
  }

  #next(): void {
    this.#open = false
    this.#left = QUOTA
    this.#round += 1
    // As of now: whoever wants still more is behind those who had nothing yet.
    for (const taker of this.#waiting) {
      if (this.#left === 0) break
      this.#waiting.delete(taker)
      taker.pump()
    }
    const { first } = this.#waiting
    if (first !== undefined) this.#begin(first)
  }
}
