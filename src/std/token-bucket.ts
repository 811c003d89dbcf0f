const MS_PER_S = 1_000

/**
 * A rate of so many pieces per second. Whoever finds the bucket not empty may take as much as it
 * needs, and leaves it overdrawn; the next waits until that is paid. So the mean holds for pieces of
 * any size. Times are ms.
 */
export class TokenBucket {
  readonly #perSecond: number
  readonly #capacity: number
  #tokens: number
  #filledAt: number

  /** @param burstMs - how long an idle bucket saves up; it always holds one piece. */
  constructor(perSecond: number, burstMs: number, now: number) {
    this.#perSecond = perSecond
    this.#capacity = Math.max(1, (perSecond * burstMs) / MS_PER_S)
    this.#tokens = this.#capacity
    this.#filledAt = now
  }

  /** When the next may take; undefined: now. */
  readyAt(now: number): number | undefined {
    this.#fill(now)
    if (this.#tokens > 0) return undefined
    // A moment later than zero: a wait that ends exactly there would only begin again.
    return now + (-this.#tokens / this.#perSecond) * MS_PER_S + 0.01
  }

  take(pieces: number): void {
    this.#tokens -= pieces
  }

  #fill(now: number): void {
    const gained = ((now - this.#filledAt) * this.#perSecond) / MS_PER_S
    this.#tokens = Math.min(this.#capacity, this.#tokens + gained)
    this.#filledAt = now
  }
}
