import type { FuelPool } from './fuel-pool.ts'

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
/**
 * Units charged that a guest without a limit may not have met yet: some µs of the host. To read and write
 * a gauge from outside costs about as much as a cheap call.
 */
const MOST_UNMET = 125_000
/** And while others wait for this thread to look at its flags. Source: runtime decision 3. */
const HURRIED_SLICE_MS = 0.1

const HURRY = BigInt(SLICE_MS / HURRIED_SLICE_MS)
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/**
 * Grants fuel in slices and counts what was used. The slice follows the guest's speed, so that a
 * safepoint comes about every millisecond whatever the code; in a deterministic run it is fixed,
 * because the instruction at which an exhausted guest stops depends on it.
 *
 * Where there is a limit, it is its container's: every grant is covered by what this process has taken
 * from the pool, and what it holds when it sleeps or ends is the others'. A process that is alone gets
 * from the pool just what a limit of its own would have given it, at the same instructions.
 *
 * A guest may be several linked instances, each with a fuel global of its own. They draw from one
 * budget: what the others hold is taken back when there is no more to give. Their globals are right
 * at any time but while their own code runs, because each call out of an instance writes them.
 */
export class FuelMeter {
  readonly #pool: FuelPool | undefined
  readonly #safepoint: Safepoint
  readonly #now: (() => number) | undefined
  #gauges: readonly FuelGauge[] = [{ value: 0n }]
  /** Everything granted so far; used fuel is this minus what the gauges hold. */
  #granted = 0n
  /** Of the pool; less than used: what is missing is taken at the next refill, or paid at the end. */
  #taken = 0n
  /** Of what it has taken: put back for as long as it sleeps. */
  #lent = 0n
  #slice = FIRST_SLICE
  #visitedAt = 0
  #sliceMs = SLICE_MS
  /** Units charged that are in no gauge yet. */
  #unmet = 0
  /** Where a limit or a fixed slice decides at which instruction something happens, there are none. */
  readonly #mostUnmet: number

  /**
   * @param pool - undefined: there is no limit. It is drawn from until `close`.
   * @param now - ms, for the adaptive slice; undefined keeps the slice fixed.
   */
  constructor(pool: FuelPool | undefined, safepoint: Safepoint, now: (() => number) | undefined) {
    this.#pool = pool
    pool?.open()
    this.#safepoint = safepoint
    this.#now = now
    this.#mostUnmet = pool === undefined && now !== undefined ? MOST_UNMET : 0
  }

  /** Connects the fuel globals of the guest's instances, and grants the first one a slice. */
  start(gauge: FuelGauge, ...linked: readonly FuelGauge[]): void {
    this.#meet()
    this.#gauges = [gauge, ...linked]
    for (const one of linked) one.value = 0n
    this.#visitedAt = this.#now?.() ?? 0
    this.#grant(gauge)
  }

  /** The guest is another program from now on, which `start` will connect: what was used counts on. */
  next(): void {
    this.#meet()
    this.#granted = this.used
    this.#gauges = [{ value: 0n }]
  }

  /** Weighted instructions so far; exact whenever the guest is outside wasm. */
  get used(): bigint {
    const charged = this.#granted + BigInt(this.#unmet)
    return this.#gauges.reduce((used, { value }) => used - value, charged)
  }

  /** Adds the cost of host work, in whole units. The guest meets it at a safepoint to come. */
  charge(units: number): void {
    this.#unmet += units
    if (this.#unmet > this.#mostUnmet) this.#meet()
  }

  /** Takes from the guest what it was charged. */
  #meet(): void {
    if (this.#unmet === 0) return
    this.#first.value -= BigInt(this.#unmet)
    this.#unmet = 0
  }

  /** Whether others wait for this thread at each safepoint. The present grant is as long as it is. */
  hurry(hurried: boolean): void {
    if (this.#now === undefined) return
    this.#sliceMs = hurried ? HURRIED_SLICE_MS : SLICE_MS
    if (hurried) this.#slice = max(SMALLEST_SLICE, this.#slice / HURRY)
  }

  /** In a long call of the host, where no refill comes: ends the process when its fuel is gone. */
  checkLimit(): void {
    if (this.#pool !== undefined && this.#cover(this.#pool, 0n) < 0n) this.#exhausted()
  }

  /** Nobody of its container gets any more. */
  get spent(): boolean {
    return this.#pool?.spent ?? false
  }

  /** It sleeps until `reclaim`: what it holds is there for others. */
  lend(): void {
    if (this.#pool === undefined) return
    const held = this.#taken - this.used
    this.#lent = held > 0n ? held : 0n
    this.#taken -= this.#lent
    this.#pool.put(this.#lent)
  }

  /** It goes on, with what it held, as far as nobody has used that. */
  reclaim(): void {
    if (this.#lent === 0n) return
    const got = this.#pool?.take(this.#lent) ?? 0n
    this.#taken += got
    this.#giveUp(this.#lent - got)
    this.#lent = 0n
  }

  /** Takes `units` from the gauges, which hold as many. */
  #giveUp(units: bigint): void {
    let left = units
    for (const gauge of this.#gauges) {
      if (left === 0n) return
      const part = max(0n, min(left, gauge.value))
      gauge.value -= part
      this.#granted -= part
      left -= part
    }
  }

  /** It has ended. What was not used is put back, what was not paid is paid. */
  close(): void {
    if (this.#pool === undefined) return
    const { used } = this
    this.#pool.put(this.#taken - used)
    this.#taken = used
    this.#pool.close()
  }

  /** Takes what is missing for `wanted` more units. Answers how many there are; negative: overdrawn. */
  #cover(pool: FuelPool, wanted: bigint): bigint {
    const { used } = this
    const missing = used + wanted - this.#taken
    if (missing > 0n) this.#taken += pool.take(missing)
    return this.#taken - used
  }

  #exhausted(): never {
    this.#pool?.spend()
    return this.#safepoint.exhausted()
  }

  get #first(): FuelGauge {
    const [first] = this.#gauges
    if (first === undefined) throw new TypeError('a guest has a fuel global')
    return first
  }

  /** The refill hook of one instance: its gauge is negative. */
  refill(gauge: FuelGauge = this.#first): void {
    this.#adapt()
    this.#safepoint.visit()
    // A rest at the safepoint says nothing of the guest's speed.
    this.#visitedAt = this.#now?.() ?? 0
    this.#grant(gauge)
  }

  #grant(gauge: FuelGauge): void {
    let grant = this.#slice
    if (this.#pool !== undefined) {
      grant = this.#pool.portion(grant)
      const beside = this.#heldBeside(gauge)
      const left = this.#cover(this.#pool, grant + beside)
      if (left <= 0n) this.#exhausted()
      if (left - beside < grant) this.#takeBack(gauge)
      if (left < grant) grant = left
    }
    this.#granted += grant - gauge.value
    gauge.value = grant
  }

  /** What other instances may still use. */
  #heldBeside(gauge: FuelGauge): bigint {
    let held = 0n
    for (const other of this.#gauges) if (other !== gauge && other.value > 0n) held += other.value
    return held
  }

  #takeBack(gauge: FuelGauge): void {
    for (const other of this.#gauges) {
      if (other === gauge || other.value <= 0n) continue
      this.#granted -= other.value
      other.value = 0n
    }
  }

  #adapt(): void {
    if (this.#now === undefined) return
    const elapsed = this.#now() - this.#visitedAt
    if (elapsed > 2 * this.#sliceMs && this.#slice > SMALLEST_SLICE) this.#slice /= 2n
    else if (elapsed < this.#sliceMs / 2 && this.#slice < LARGEST_SLICE) this.#slice *= 2n
  }
}
