import { describe, expect, it } from 'vitest'
import { CpuQuota } from '../../../src/thread/cpu-quota.ts'

/** Runs for `totalMs` in steps of 1 ms, resting when told to; answers the time spent running. */
function running(cpus: number, totalMs: number): number {
  const quota = new CpuQuota(cpus, 0)
  let now = 0
  let ran = 0
  while (now < totalMs) {
    now += 1
    ran += 1
    const rest = quota.restUntil(now)
    if (rest !== undefined) {
      now = rest
      quota.resumed(now)
    }
  }
  return ran
}

describe('CpuQuota', () => {
  it.each([0.1, 0.25, 0.5])('lets a busy process run %f of the time', (cpus) => {
    expect(running(cpus, 10_000) / 10_000).toBeCloseTo(cpus, 1)
  })
  it('leaves a process with a whole CPU alone', () => {
    expect(running(1.5, 1_000)).toBe(1_000)
  })
  it('pays back a period that was overdrawn', () => {
    const quota = new CpuQuota(0.5, 0)
    expect(quota.restUntil(90)).toBe(100)
    quota.resumed(100)
    expect(quota.restUntil(101)).toBeUndefined()
    expect(quota.restUntil(115)).toBe(200)
  })
})
