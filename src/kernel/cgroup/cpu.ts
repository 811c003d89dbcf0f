/** A bound of CPU time: at most `quotaUs` in each `periodUs` of wall time. */
export interface CpuBandwidth {
  /** Undefined for no bound. */
  readonly quotaUs: number | undefined
  readonly periodUs: number
}

/** What cpu.stat tells of a bound; periods are counted when they are over. */
interface CpuThrottling {
  /** Periods in which the container ran or was held. */
  readonly periods: number
  /** Those of them in which it was held. */
  readonly throttled: number
  readonly throttledUs: number
}

/** Everything cpu.stat tells. */
export interface CpuUsage extends CpuThrottling {
  readonly userUs: number
  readonly systemUs: number
}

const quotaOf = ({ quotaUs }: CpuBandwidth): number => quotaUs ?? Number.POSITIVE_INFINITY

/**
 * The CPU bandwidth of one container: a bucket that holds at most one quota and is filled at the
 * start of each period. Its members take out what they used after they used it, so it may be
 * overdrawn: what is missing is paid by the periods that follow. All times are µs.
 *
 * @source Linux, Control Group v2, "cpu.max"; CFS Bandwidth Control
 */
export class CpuController {
  #bandwidth: CpuBandwidth
  #quota: number
  #tokens: number
  #periodStart: number
  #held = false
  #periods = 0
  #throttled = 0
  #throttledUs = 0

  constructor(bandwidth: CpuBandwidth, now: number) {
    this.#bandwidth = bandwidth
    this.#quota = quotaOf(bandwidth)
    this.#tokens = this.#quota
    this.#periodStart = now
  }

  get bandwidth(): CpuBandwidth {
    return this.#bandwidth
  }

  /** Another bound from `now` on, with a period of its own. A debt stays, in the new quota's time. */
  setBandwidth(bandwidth: CpuBandwidth, now: number): void {
    this.#refill(now)
    const debt = this.bounded ? Math.min(0, this.#tokens) : 0
    this.#bandwidth = bandwidth
    this.#quota = quotaOf(bandwidth)
    this.#tokens = this.#quota + debt
    this.#periodStart = now
    this.#held = false
  }

  get bounded(): boolean {
    return this.bandwidth.quotaUs !== undefined
  }

  get throttling(): CpuThrottling {
    const { bounded } = this
    return {
      periods: bounded ? this.#periods : 0,
      throttled: this.#throttled,
      throttledUs: Math.round(this.#throttledUs),
    }
  }

  /** Takes out what a member used. Until when it must rest; undefined when it may run on. */
  spend(used: number, now: number): number | undefined {
    if (!this.bounded) return undefined
    this.#tokens -= used
    this.#refill(now)
    if (this.#tokens > 0) return undefined
    this.#held = true
    // Debt of more than a quota takes more than a period.
    const { periodUs } = this.bandwidth
    return this.#periodStart + periodUs * (Math.floor(-this.#tokens / this.#quota) + 1)
  }

  /** A member was held for `us`. */
  rested(us: number): void {
    this.#throttledUs += us
  }

  #refill(now: number): void {
    const { periodUs } = this.bandwidth
    const passed = Math.floor((now - this.#periodStart) / periodUs)
    if (passed <= 0) return
    this.#periodStart += passed * periodUs
    this.#tokens = Math.min(this.#quota, this.#tokens + passed * this.#quota)
    // A container that slept through periods was not active in them.
    this.#periods += this.#held ? passed : 1
    if (this.#held) this.#throttled += passed
    this.#held = false
  }
}
