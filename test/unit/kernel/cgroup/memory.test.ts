import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { MemoryController } from '../../../../src/kernel/cgroup/memory.ts'
import { PidsController } from '../../../../src/kernel/cgroup/pids.ts'

describe('MemoryController', () => {
  it.each([
    ['term', 'kill', { oom: 1, oom_kill: 1 }],
    ['kill', 'kill', { oom: 1, oom_kill: 1 }],
    ['fail', 'denied', { oom: 0, oom_kill: 0 }],
  ] as const)('over its limit, with the policy %s: %s', (policy, growth, events) => {
    const ledger = new Ledger({ memory: 100 })
    const memory = new MemoryController(ledger, policy)
    expect(memory.grow(100)).toBe('granted')
    expect(memory.events).toEqual({ low: 0, high: 0, max: 0, oom: 0, oom_kill: 0 })
    expect(memory.grow(1)).toBe(growth)
    expect(memory.events).toEqual({ low: 0, high: 0, max: 1, ...events })
    expect(ledger.used('memory')).toBe(100)
  })
  it('tells of files that did not fit as well, which kill nobody', () => {
    const ledger = new Ledger({ memory: 100 })
    ledger.charge('memory', 101)
    expect(new MemoryController(ledger, 'kill').events).toMatchObject({ max: 1, oom: 0 })
  })
})

describe('PidsController', () => {
  it('lets as many join as there may be, and counts the others', () => {
    const ledger = new Ledger({ pids: 1 })
    const pids = new PidsController(ledger)
    expect(pids.join()).toBe(true)
    expect(pids.join()).toBe(false)
    expect(pids.events).toEqual({ max: 1 })
    pids.leave()
    expect(pids.join()).toBe(true)
  })
})
