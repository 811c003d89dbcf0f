export type ClockId = 'realtime' | 'monotonic' | 'process-cpu' | 'thread-cpu'

/** The times a container sees. Injected: the host chooses granularity, tests own the time. */
export interface Clock {
  /** Nanoseconds: since 1970 for `realtime`, since some fixed point for the others. */
  now(clock: ClockId): bigint
  /** Nanoseconds, at least 1. */
  resolution(clock: ClockId): bigint
  /**
   * Begins a wait until `clock` reads `at` (ns). The answer is the deadline for `Blocked`, in ms of
   * `performance.now()`, rounded up so that no wait ends early. A frozen clock (deterministic mode)
   * jumps to `at` and answers 0: the wait is over.
   */
  waitUntil(clock: ClockId, at: bigint): number
}

/** Fills `into` with random bytes. Injected: deterministic runs have a seeded generator. */
export type RandomFill = (into: Uint8Array) => void

/** Calls `action` once, after `ms`. @returns a function that prevents it. */
export type After = (ms: number, action: () => void) => () => void

/** The CPU time of the thread that asks. Injected: each platform tells it in its own way. */
export interface CpuClock {
  /** µs since some fixed point, in user and system mode together. */
  total(): number
  /** µs of them in system mode. */
  system(): number
  /** True where nothing better is there than wall time: sleeping counts, and must be taken off. */
  readonly countsSleep: boolean
}
