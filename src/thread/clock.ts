import type { Clock, ClockId } from '../contract/clock.ts'

const US_PER_MS = 1_000
const NS_PER_US = 1_000n
const NS_PER_MS = 1_000_000

const toUs = (ms: number): number => Math.trunc(ms * US_PER_MS)
const toNs = (ms: number): bigint => BigInt(Math.trunc(ms * NS_PER_MS))

/**
 * The host's clocks as a container sees them, in steps of a microsecond: as long as a time is counted in
 * those, it is an exact number and needs no bigint.
 *
 * @param cpuMs - milliseconds the process has run, for the two CPU clocks.
 */
export function hostClock(cpuMs: () => number): Clock {
  const originUs = toUs(performance.timeOrigin)
  function usOf(clock: ClockId): number {
    if (clock === 'realtime') return originUs + toUs(performance.now())
    return toUs(clock === 'monotonic' ? performance.now() : cpuMs())
  }
  const now = (clock: ClockId): bigint => BigInt(usOf(clock)) * NS_PER_US
  return {
    now,
    resolution: () => NS_PER_US,
    waitUntil: (clock, at) => {
      const left = at - now(clock)
      // One step late rather than early: `now` itself is rounded down.
      return left <= 0n ? 0 : performance.now() + Number(left + NS_PER_US) / NS_PER_MS
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
