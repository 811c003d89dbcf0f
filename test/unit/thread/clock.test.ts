import { describe, expect, it } from 'vitest'
import { frozenClock, hostClock } from '../../../src/thread/clock.ts'

describe('hostClock', () => {
  it('reads real time in the steps it says', () => {
    const clock = hostClock(() => 0)
    const now = clock.now('realtime')
    expect(now % clock.resolution('realtime')).toBe(0n)
    expect(clock.resolution('realtime')).toBe(1_000n)
    expect(Math.abs(Number(now / 1_000_000n) - Date.now())).toBeLessThan(60_000)
  })
  it('never goes back', () => {
    const clock = hostClock(() => 0)
    let last = clock.now('monotonic')
    for (let turn = 0; turn < 1_000; turn += 1) {
      const now = clock.now('monotonic')
      expect(now >= last).toBe(true)
      last = now
    }
  })
  it('tells the time the process ran', () => {
    expect(hostClock(() => 2.5).now('process-cpu')).toBe(2_500_000n)
  })
  it('gives a deadline that is not early', () => {
    const clock = hostClock(() => 0)
    const before = performance.now()
    const at = clock.now('monotonic') + 5_000_000n
    expect(clock.waitUntil('monotonic', at)).toBeGreaterThanOrEqual(before + 5)
  })
  it('is over at once for a time that has passed', () => {
    expect(hostClock(() => 0).waitUntil('realtime', 1n)).toBe(0)
  })
})

describe('frozenClock', () => {
  it('stands at its epoch', () => {
    const clock = frozenClock(1_000)
    expect(clock.now('realtime')).toBe(1_000_000_000n)
    expect(clock.now('realtime')).toBe(1_000_000_000n)
    expect(clock.now('monotonic')).toBe(0n)
  })
  it('jumps when the guest sleeps', () => {
    const clock = frozenClock(1_000)
    expect(clock.waitUntil('monotonic', 7n)).toBe(0)
    expect(clock.now('monotonic')).toBe(7n)
    expect(clock.now('realtime')).toBe(1_000_000_007n)
    expect(clock.waitUntil('monotonic', 3n)).toBe(0)
    expect(clock.now('monotonic')).toBe(7n)
  })
  it.each([
    ['before its end: it stops there', 3n, 3n],
    ['behind its end', 9n, 7n],
    ['that is due and does not come', 0n, 7n],
  ])('sleeps with something that wakes it %s', (_, wake, at) => {
    const clock = frozenClock(1_000, () => wake)
    expect(clock.waitUntil('monotonic', 7n)).toBe(0)
    expect(clock.now('monotonic')).toBe(at)
  })
})
