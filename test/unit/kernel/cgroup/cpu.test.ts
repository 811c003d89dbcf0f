import { describe, expect, it } from 'vitest'
import { CpuController } from '../../../../src/kernel/cgroup/cpu.ts'

const MS = 1_000
const bucket = (quotaMs: number, periodMs = 100) =>
  new CpuController({ quotaUs: quotaMs * MS, periodUs: periodMs * MS }, 0)

/** Runs for `totalMs` in steps of `stepMs`, resting when told to; ms spent running. */
function running(cpu: CpuController, totalMs: number, stepMs = 1): number {
  let now = 0
  let ran = 0
  while (now < totalMs) {
    now += stepMs
    ran += stepMs
    const rest = cpu.spend(stepMs * MS, now * MS)
    if (rest === undefined) continue
    cpu.rested(rest - now * MS)
    now = rest / MS
  }
  return ran
}

describe('CpuController', () => {
  it.each([
    [10, 100],
    [25, 100],
    [50, 100],
    [1, 10],
    [250, 1_000],
  ])('lets a busy process run %i of every %i ms', (quota, period) => {
    expect(running(bucket(quota, period), 20_000) / 20_000).toBeCloseTo(quota / period, 1)
  })
  it.each([1, 4, 30])(
    'holds the mean in steps of %i ms: what is overdrawn is paid back',
    (step) => {
      expect(running(bucket(25), 20_000, step) / 20_000).toBeCloseTo(0.25, 1)
    },
  )
  it('leaves a process with a whole CPU alone', () => {
    const cpu = bucket(150)
    expect(running(cpu, 1_000)).toBe(1_000)
    expect(cpu.throttling).toEqual({ periods: 10, throttled: 0, throttledUs: 0 })
  })
  it('bounds nothing without a quota, and tells no periods', () => {
    const cpu = new CpuController({ quotaUs: undefined, periodUs: 100 * MS }, 0)
    expect(cpu.bounded).toBe(false)
    expect(running(cpu, 1_000)).toBe(1_000)
    expect(cpu.throttling.periods).toBe(0)
  })
  it('keeps at most one quota in store', () => {
    const cpu = bucket(20)
    expect(cpu.spend(0, 10_000 * MS)).toBeUndefined()
    expect(cpu.spend(20 * MS, 10_001 * MS)).toBe(10_100 * MS)
  })
  it('makes a debt of several quotas wait for as many periods', () => {
    expect(bucket(10).spend(35 * MS, 50 * MS)).toBe(300 * MS)
  })
  it('counts periods, those it was held in, and for how long', () => {
    const cpu = bucket(25)
    running(cpu, 1_000)
    expect(cpu.throttling).toEqual({ periods: 9, throttled: 9, throttledUs: 750 * MS })
  })
  it('counts no period that was slept through', () => {
    const cpu = bucket(25)
    cpu.spend(1 * MS, 10 * MS)
    cpu.spend(1 * MS, 5_000 * MS)
    expect(cpu.throttling).toEqual({ periods: 1, throttled: 0, throttledUs: 0 })
  })
  it('takes from several members together', () => {
    const cpu = bucket(20)
    expect(cpu.spend(10 * MS, 10 * MS)).toBeUndefined()
    expect(cpu.spend(10 * MS, 10 * MS)).toBe(100 * MS)
    cpu.spend(0, 100 * MS)
    expect(cpu.throttling).toEqual({ periods: 1, throttled: 1, throttledUs: 0 })
  })
  it('takes another bound, from the moment on and with what is owed', () => {
    const cpu = bucket(10)
    expect(cpu.spend(15 * MS, 50 * MS)).toBe(100 * MS)
    cpu.setBandwidth({ quotaUs: 20 * MS, periodUs: 50 * MS }, 60 * MS)
    expect(cpu.bandwidth).toEqual({ quotaUs: 20 * MS, periodUs: 50 * MS })
    expect(cpu.spend(14 * MS, 65 * MS)).toBeUndefined()
    expect(cpu.spend(1 * MS, 66 * MS)).toBe(110 * MS)
  })
  it('is bound no longer where the bound was taken away, and is bound where one was given', () => {
    const cpu = bucket(10)
    cpu.spend(35 * MS, 50 * MS)
    cpu.setBandwidth({ quotaUs: undefined, periodUs: 100 * MS }, 60 * MS)
    expect(cpu.spend(500 * MS, 70 * MS)).toBeUndefined()
    cpu.setBandwidth({ quotaUs: 10 * MS, periodUs: 100 * MS }, 80 * MS)
    expect(cpu.spend(9 * MS, 90 * MS)).toBeUndefined()
    expect(cpu.spend(1 * MS, 91 * MS)).toBe(180 * MS)
  })
})
