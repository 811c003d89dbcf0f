import { describe, expect, it } from 'vitest'
import { FuelMeter } from '../../../src/thread/fuel-meter.ts'
import { FuelPool } from '../../../src/thread/fuel-pool.ts'

class Exhausted extends Error {}

function meterOf(limit: bigint | undefined, now?: () => number) {
  let visits = 0
  const safepoint = {
    visit: () => {
      visits += 1
    },
    exhausted: (): never => {
      throw new Exhausted()
    },
  }
  const pool = limit === undefined ? undefined : FuelPool.of(limit)
  const meter = new FuelMeter(pool, safepoint, now)
  const gauge = { value: 0n }
  meter.start(gauge)
  /** Runs `units` as a guest would: it looks at its gauge after each piece. */
  const spend = (units: bigint, piece = 1_000n): void => {
    for (let left = units; left > 0n; left -= piece) {
      gauge.value -= left < piece ? left : piece
      if (gauge.value < 0n) meter.refill()
    }
  }
  return { meter, gauge, spend, visits: () => visits }
}

describe('FuelMeter', () => {
  it.each([1n, 999n, 1_000_000n, 12_345_678n])('counts %i units to the last', (units) => {
    const { meter, spend } = meterOf(undefined)
    spend(units)
    expect(meter.used).toBe(units)
  })
  it('visits a safepoint about once a slice', () => {
    const { spend, visits } = meterOf(undefined)
    spend(10_000_000n)
    expect(visits()).toBe(9)
  })
  it('visits ten safepoints for one while others wait for them, and one again after', () => {
    let now = 0
    const { meter, spend, visits } = meterOf(undefined, () => now)
    /** Safepoints in so many milliseconds of a guest that runs 1,000 units in each microsecond. */
    const visitsIn = (ms: number): number => {
      const before = visits()
      for (let done = 0; done < ms * 1_000; done += 1) {
        now += 0.001
        spend(1_000n)
      }
      return visits() - before
    }
    visitsIn(20)
    const alone = visitsIn(100)
    meter.hurry(true)
    visitsIn(20)
    const hurried = visitsIn(100)
    meter.hurry(false)
    visitsIn(20)
    expect(hurried).toBeGreaterThan(5 * alone)
    expect(visitsIn(100)).toBeLessThan(2 * alone)
  })
  it('keeps its slices in a run that can be repeated, whoever waits', () => {
    const { meter, spend, visits } = meterOf(undefined)
    meter.hurry(true)
    spend(10_000_000n)
    expect(visits()).toBe(9)
  })
  it('counts what host calls cost', () => {
    const { meter, spend } = meterOf(undefined)
    spend(10n)
    meter.charge(5)
    expect(meter.used).toBe(15n)
  })
  it('counts each charge at once, and lets a guest without a limit meet them before long', () => {
    const { meter, gauge } = meterOf(undefined, () => 0)
    const granted = gauge.value
    const charges = 100
    const unmet = Array.from({ length: charges }, (_, index) => {
      meter.charge(10_000)
      const charged = 10_000n * BigInt(index + 1)
      expect(meter.used).toBe(charged)
      return charged - (granted - gauge.value)
    })
    expect(unmet.every((units) => units >= 0n && units <= 125_000n)).toBe(true)
  })
  it.each([
    ['with a limit', 10_000_000n, () => 0],
    ['in a run that can be repeated', undefined, undefined],
  ])('lets a guest meet each charge at its next safepoint %s', (_, limit, now) => {
    const { meter, gauge } = meterOf(limit, now)
    const granted = gauge.value
    meter.charge(7)
    expect(gauge.value).toBe(granted - 7n)
  })
  it('counts what a program was charged when another takes its place', () => {
    const { meter } = meterOf(undefined, () => 0)
    meter.charge(7)
    meter.next()
    const next = { value: 0n }
    meter.start(next)
    expect(meter.used).toBe(7n)
    meter.charge(1)
    expect(meter.used).toBe(8n)
  })
  it('lets a guest use its whole budget, and not one piece more', () => {
    const { meter, spend } = meterOf(5_000n)
    expect(() => spend(5_000n)).not.toThrow()
    expect(meter.used).toBe(5_000n)
    expect(() => spend(1n)).toThrow(Exhausted)
  })
  it('ends a call of the host that costs more than is left, and not one that costs all of it', () => {
    const { meter } = meterOf(5_000n)
    meter.charge(5_000)
    expect(() => meter.checkLimit()).not.toThrow()
    meter.charge(1)
    expect(() => meter.checkLimit()).toThrow(Exhausted)
  })
  it('stops at the same instruction every time without a clock', () => {
    const stopsAt = () => {
      const { meter, spend } = meterOf(3_333_333n)
      expect(() => spend(10_000_000n, 700n)).toThrow(Exhausted)
      return meter.used
    }
    expect(stopsAt()).toBe(stopsAt())
  })
  it('makes slices longer for a fast guest and shorter for a slow one', () => {
    let now = 0
    let step = 0.1
    const { meter, gauge } = meterOf(undefined, () => {
      now += step
      return now
    })
    const refilled = (): bigint => {
      gauge.value = -1n
      meter.refill()
      return gauge.value
    }
    const first = refilled()
    const second = refilled()
    expect(second).toBeGreaterThan(first)
    step = 50
    refilled()
    expect(refilled()).toBeLessThan(second)
  })
})
