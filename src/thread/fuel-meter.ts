/** What the safepoint asks of the process around it. */
export interface Safepoint {
  /** Flags, quotas and signals are looked at here. Ends the process by a trap when it must die. */
  visit(): void
  /** Ends the process: its fuel is gone. Does not return. */
  exhausted(): never
}

/** A fuel global of the metered module: what is left of the present grant; negative: overdrawn. */
export interface FuelGauge {
  value: bigint
}

const FIRST_SLICE = 1_000_000n
const SMALLEST_SLICE = 50_000n
const LARGEST_SLICE = 8_000_000n
/** How long a guest should run between two safepoints. Source: runtime decision 3, 1 ms. */
const SLICE_MS = 1
/** And while others wait for this thread to look at its flags. Source: runtime decision 3. */
const HURRIED_SLICE_MS = 0.1

const HURRY = BigInt(SLICE_MS / HURRIED_SLICE_MS)
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/**
 * Grants fuel in slices and counts what was used. The slice follows the guest's speed, so that a
 * safepoint comes about every millisecond whatever the code; in a deterministic run it is fixed,
 * because the instruction at which an exhausted guest stops depends on it.
 */
export class FuelMeter {
  readonly #limit: bigint | undefined
  readonly #safepoint: Safepoint
  readonly #now: (() => number) | undefined
  #gauge: FuelGauge = { value: 0n }
  /** Everything granted so far; used fuel is this minus what the gauge holds. */
  #granted = 0n
  #slice = FIRST_SLICE
  #visitedAt = 0
  #sliceMs = SLICE_MS

  /** @param now - ms, for the adaptive slice; undefined keeps the slice fixed. */
  constructor(limit: bigint | undefined, safepoint: Safepoint, now: (() => number) | undefined) {
    this.#limit = limit
    this.#safepoint = safepoint
    this.#now = now
  }

  /** Connects the module's fuel global and grants the first slice. */
  start(gauge: FuelGauge): void {
    this.#gauge = gauge
    this.#visitedAt = this.#now?.() ?? 0
    this.#grant()
  }

  /** Weighted instructions so far; exact whenever the guest is outside wasm. */
  get used(): bigint {
    return this.#granted - this.#gauge.value
  }

  /** Adds the cost of host work. The guest meets it at its next safepoint. */
  charge(units: number): void {
    this.#gauge.value -= BigInt(units)
  }

  /** Whether others wait for this thread at each safepoint. The present grant is as long as it is. */
  hurry(hurried: boolean): void {
    if (this.#now === undefined) return
    this.#sliceMs = hurried ? HURRIED_SLICE_MS : SLICE_MS
    if (hurried) this.#slice = max(SMALLEST_SLICE, this.#slice / HURRY)
  }

  /** In a long call of the host, where no refill comes: ends the process when its fuel is gone. */
  checkLimit(): void {
    if (this.#limit !== undefined && this.used > this.#limit) this.#safepoint.exhausted()
  }

  /** The refill hook: the gauge is negative. */
  refill(): void {
    this.#adapt()
    this.#safepoint.visit()
    // A rest at the safepoint says nothing of the guest's speed.
    this.#visitedAt = this.#now?.() ?? 0
    this.#grant()
  }

  #grant(): void {
    const used = this.used
    let grant = this.#slice
    if (this.#limit !== undefined) {
      const left = this.#limit - used
      if (left <= 0n) this.#safepoint.exhausted()
      if (left < grant) grant = left
    }
    this.#gauge.value = grant
    this.#granted = used + grant
  }

  #adapt(): void {
    if (this.#now === undefined) return
    const elapsed = this.#now() - this.#visitedAt
    if (elapsed > 2 * this.#sliceMs && this.#slice > SMALLEST_SLICE) this.#slice /= 2n
    else if (elapsed < this.#sliceMs / 2 && this.#slice < LARGEST_SLICE) this.#slice *= 2n
  }
}
