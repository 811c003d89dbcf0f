/** Length of one accounting period. Source: cpu.max of cgroup v2, default 100000 µs. */
const PERIOD_MS = 100

/**
 * `--cpus` for one process: at most `cpus × 100 ms` of running in each 100 ms. Running is wall time
 * between safepoints, an upper bound of CPU time: a busy host makes the quota tighter, never looser.
 */
export class CpuQuota {
  readonly #quotaMs: number
  #periodStart: number
  #spent = 0
  #runningSince: number

  constructor(cpus: number, now: number) {
    this.#quotaMs = cpus * PERIOD_MS
    this.#periodStart = now
    this.#runningSince = now
  }

  /** At a safepoint: until when (ms) the process must rest; undefined when it may run on. */
  restUntil(now: number): number | undefined {
    this.#spent += now - this.#runningSince
    this.#runningSince = now
    const periods = Math.floor((now - this.#periodStart) / PERIOD_MS)
    if (periods > 0) {
      this.#periodStart += periods * PERIOD_MS
      this.#spent = Math.max(0, this.#spent - periods * this.#quotaMs)
    }
    return this.#spent < this.#quotaMs ? undefined : this.#periodStart + PERIOD_MS
  }

  /** Time parked is not spent. */
  resumed(now: number): void {
    this.#runningSince = now
  }
}
