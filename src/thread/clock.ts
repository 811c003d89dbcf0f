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

/**
 * Clocks that stand at `epochMs` and move only when the guest sleeps.
 *
 * @param wakes - when something ends a sleep before its time, as `monotonic` has it; undefined: nothing does.
 */
export function frozenClock(
  epochMs: number,
  wakes: () => bigint | undefined = () => undefined,
): Clock {
  const start = toNs(epochMs)
  let slept = 0n
  const now = (clock: ClockId): bigint => (clock === 'realtime' ? start + slept : slept)
  return {
    now,
    resolution: () => 1n,
    waitUntil: (clock, at) => {
      const left = at - now(clock)
      const wake = (wakes() ?? slept + left) - slept
      // One that is due and does not come is nobody's to wait for.
      const step = wake > 0n && wake < left ? wake : left
      if (step > 0n) slept += step
      return 0
    },
  }
}
