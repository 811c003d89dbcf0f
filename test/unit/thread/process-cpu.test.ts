import { describe, expect, it } from 'vitest'
import { CpuController } from '../../../src/kernel/cgroup/cpu.ts'
import { ProcessCpu } from '../../../src/thread/process-cpu.ts'
import { CpuSeat, RunQueue } from '../../../src/thread/run-queue.ts'
import { threadCpuClock, wallClock } from '../../../src/thread/thread-cpu.ts'

/** A thread that has used `total` µs, and a process on it with 25 ms in each 100. */
function threadOf(countsSleep = false) {
  const thread = { total: 7_000, system: 3_000 }
  const controller = new CpuController({ quotaUs: 25_000, periodUs: 100_000 }, 0)
  const clock = { total: () => thread.total, system: () => thread.system, countsSleep }
  return { thread, controller, cpu: new ProcessCpu(clock, controller, undefined) }
}

describe('ProcessCpu', () => {
  it('counts what its thread used since it began, in user and in system mode', () => {
    const { thread, cpu } = threadOf()
    expect(cpu.used(0)).toEqual({ userUs: 0, systemUs: 0 })
    thread.total += 1_000
    expect(cpu.used(0)).toEqual({ userUs: 1_000, systemUs: 0 })
    thread.total += 9_000
    thread.system += 4_000
    expect(cpu.used(0)).toEqual({ userUs: 6_000, systemUs: 4_000 })
  })
  it('never tells more system time than time', () => {
    const { thread, cpu } = threadOf()
    thread.total += 1_000
    cpu.used(0)
    thread.total += 100
    thread.system += 10_000
    expect(cpu.used(0)).toEqual({ userUs: 0, systemUs: 1_100 })
  })
  it('does not ask for the system time of less than a millisecond', () => {
    const thread = { total: 0, asked: 0 }
    const system = () => {
      thread.asked += 1
      return 0
    }
    const controller = new CpuController({ quotaUs: undefined, periodUs: 100_000 }, 0)
    const clock = { total: () => thread.total, system, countsSleep: false }
    const cpu = new ProcessCpu(clock, controller, undefined)
    thread.total += 900
    expect(cpu.used(0)).toEqual({ userUs: 900, systemUs: 0 })
    expect([cpu.usedMs(5), thread.asked]).toEqual([0.9, 0])
    thread.total += 900
    expect([cpu.usedMs(10), thread.asked]).toEqual([1.8, 1])
  })
  it('takes its sleep off where the clock counts it', () => {
    const { thread, cpu } = threadOf(true)
    thread.total += 50_000
    cpu.slept(40)
    expect(cpu.used(0).userUs).toBe(10_000)
  })
  it('is held when the container has used its quota, by CPU time and not by wall time', () => {
    const { thread, cpu } = threadOf()
    expect(cpu.visit(90)).toBeUndefined()
    thread.total += 25_000
    expect(cpu.visit(95)).toEqual({ until: 100 })
    cpu.rested(5)
    expect(cpu.visit(100)).toBeUndefined()
  })
  it('pays no time twice', () => {
    const { thread, cpu } = threadOf()
    thread.total += 20_000
    for (const now of [10, 11, 12, 13]) expect(cpu.visit(now)).toBeUndefined()
  })
  it('does not pay, once there is a quota, for what it used before', () => {
    const thread = { total: 0 }
    const controller = new CpuController({ quotaUs: undefined, periodUs: 100_000 }, 0)
    const clock = { total: () => thread.total, system: () => 0, countsSleep: false }
    const cpu = new ProcessCpu(clock, controller, undefined)
    thread.total = 60_000_000
    expect(cpu.visit(60_000)).toBeUndefined()
    controller.setBandwidth({ quotaUs: 25_000, periodUs: 100_000 }, 60_000_000)
    thread.total += 1_000
    expect([cpu.visit(60_001), cpu.unpaid]).toEqual([undefined, 0])
    thread.total += 25_000
    expect(cpu.visit(60_027)).toEqual({ until: 60_100 })
  })
  it('has not paid for what it used since its last safepoint', () => {
    const { thread, cpu } = threadOf()
    thread.total += 300
    expect(cpu.unpaid).toBe(300)
    cpu.visit(10)
    thread.total += 50
    expect(cpu.unpaid).toBe(50)
  })
  it('tells others what it has used, and asks its clock once a millisecond for that', () => {
    const { thread, cpu } = threadOf()
    thread.total += 2_500
    expect(cpu.usedMs(10)).toBe(2.5)
    thread.total += 500
    expect(cpu.usedMs(10.9)).toBe(2.5)
    expect(cpu.usedMs(11)).toBe(3)
  })
  it('reads the clock once for safepoints that follow closely', () => {
    const { thread, cpu } = threadOf()
    expect(cpu.visit(10)).toBeUndefined()
    thread.total += 25_000
    expect(cpu.visit(10.1)).toBeUndefined()
    expect(cpu.visit(10.6)).toEqual({ until: 100 })
  })
})

describe.each([
  ['of this thread', threadCpuClock()],
  ['of the wall', wallClock],
])('the CPU clock %s', (_, clock) => {
  it('never goes back, and moves while the thread works', () => {
    const from = clock.total()
    let last = from
    // Bounded by work and not by time: a loaded machine only takes longer.
    for (let round = 0; round < 1e9 && last - from < 8_000; round += 1) {
      const now = clock.total()
      expect(now < last).toBe(false)
      last = now
    }
    expect(last - from).toBeGreaterThanOrEqual(8_000)
    expect(clock.system()).toBeGreaterThanOrEqual(0)
  })
})

describe('what a process counts for its container, which competes', () => {
  function competing() {
    const words = new Int32Array(2)
    const queue = RunQueue.create(3, 1, () => ({ words, doorbell: 0, sleeping: 1 }))
    const other = new CpuSeat(queue, 2, 2)
    other.setShares(1_024)
    other.enter(0)
    const seat = new CpuSeat(queue, 0, 0)
    seat.setShares(1_024)
    const thread = { total: 0 }
    const clock = { total: () => thread.total, system: () => 0, countsSleep: false }
    const controller = new CpuController({ quotaUs: undefined, periodUs: 100_000 }, 0)
    const cpu = new ProcessCpu(clock, controller, seat)
    return { thread, cpu, passOf: () => queue.containerOf(0).pass }
  }
  it('is all it has used, also when it ends before its first safepoint', () => {
    const { thread, cpu, passOf } = competing()
    cpu.begin(0)
    thread.total += 700
    cpu.end(1)
    expect(passOf()).toBe(700)
  })
  it('is its work for others in its sleep, once', () => {
    const { thread, cpu, passOf } = competing()
    cpu.begin(0)
    cpu.visit(1)
    thread.total += 900
    cpu.served(2)
    cpu.served(2.1)
    expect(passOf()).toBe(900)
    thread.total += 100
    cpu.visit(3)
    expect(passOf()).toBe(1_000)
  })
})
