import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'

describe('Ledger', () => {
  it('takes what fits and nothing of what does not', () => {
    const ledger = new Ledger({ disk: 10 })
    expect(ledger.charge('disk', 6)).toBe(true)
    expect(ledger.charge('disk', 5)).toBe(false)
    expect(ledger.used('disk')).toBe(6)
    expect(ledger.left('disk')).toBe(4)
    expect(ledger.charge('disk', 4)).toBe(true)
  })
  it('remembers the highest point', () => {
    const ledger = new Ledger()
    ledger.charge('memory', 100)
    ledger.release('memory', 60)
    ledger.charge('memory', 10)
    expect(ledger.peak('memory')).toBe(100)
    expect(ledger.used('memory')).toBe(50)
  })
  it('has no limit where none is given', () => {
    const ledger = new Ledger()
    expect(ledger.limit('fds')).toBe(Number.POSITIVE_INFINITY)
    expect(ledger.charge('fds', 2 ** 40)).toBe(true)
  })
  it('tells everything that is held', () => {
    const ledger = new Ledger()
    ledger.charge('pids', 1)
    expect(ledger.held()).toEqual({ memory: 0, disk: 0, inodes: 0, fds: 0, pids: 1 })
  })
  it('keeps what is held beyond a limit that was lowered, and takes no more', () => {
    const ledger = new Ledger({ memory: 100 })
    ledger.charge('memory', 80)
    ledger.setLimit('memory', 50)
    expect(ledger.limit('memory')).toBe(50)
    expect(ledger.charge('memory', 1)).toBe(false)
    ledger.release('memory', 40)
    expect(ledger.charge('memory', 10)).toBe(true)
  })
})
