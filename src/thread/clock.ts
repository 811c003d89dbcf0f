import type { Clock, ClockId } from '../contract/clock.ts'

const NS_PER_MS = 1_000_000

const toNs = (ms: number): bigint => BigInt(Math.trunc(ms * NS_PER_MS))

/**
 * The host's clocks as a container sees them, in steps of `granularityNs`.
 *
 * @param cpuMs - milliseconds the process has run, for the two CPU clocks.
 */
export function hostClock(cpuMs: () => number, granularityNs = 1_000n): Clock {
  const read: Record<ClockId, () => bigint> = {
    realtime: () => toNs(performance.timeOrigin) + toNs(performance.now()),
    monotonic: () => toNs(performance.now()),
    'process-cpu': () => toNs(cpuMs()),
    'thread-cpu': () => toNs(cpuMs()),
  }
  const now = (clock: ClockId): bigint => {
    const ns = read[clock]()
    return ns - (ns % granularityNs)
  }
  return {
    now,
    resolution: () => granularityNs,
    waitUntil: (clock, at) => {
      const left = at - now(clock)
      // One step late rather than early: `now` itself is rounded down.
      return left <= 0n ? 0 : performance.now() + Number(left + granularityNs) / NS_PER_MS
    },
  }
}

/** Clocks that stand at `epochMs` and move only when the guest sleeps. */
export function frozenClock(epochMs: number): Clock {
  const start = toNs(epochMs)
  let slept = 0n
  const now = (clock: ClockId): bigint => (clock === 'realtime' ? start + slept : slept)
  return {
    now,
    resolution: () => 1n,
    waitUntil: (clock, at) => {
      const left = at - now(clock)
      if (left > 0n) slept += left
      return 0
    },
  }
}
