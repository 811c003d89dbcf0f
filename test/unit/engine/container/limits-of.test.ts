import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../../../src/contract/limits.ts'
import { limitsOf } from '../../../../src/engine/container/limits-of.ts'

describe('limitsOf', () => {
  it('gives the defaults where nothing is said', () => {
    expect(limitsOf()).toEqual(DEFAULT_LIMITS)
  })
  it('reads sizes as docker does', () => {
    expect(limitsOf({ memory: '64m', disk: '1g' })).toMatchObject({
      memory: 64 * 2 ** 20,
      disk: 2 ** 30,
    })
  })
  it('refuses a name that is no limit, and says which are', () => {
    const misspelt: object = { timeout: '1s' }
    expect(() => limitsOf(misspelt)).toThrow(/^no limit is called timeout: .*timeoutMs.* accepted$/)
  })
  it('takes fuel as bigint or number', () => {
    expect(limitsOf({ fuel: 5n }).fuel).toBe(5n)
    expect(limitsOf({ fuel: 5 }).fuel).toBe(5n)
  })
  it('reads cpus as a quota in periods of 100 ms, as docker does', () => {
    expect(limitsOf({ cpus: 0.25 })).toMatchObject({ cpuQuota: 25_000, cpuPeriod: 100_000 })
    expect(limitsOf({ cpuQuota: 5_000, cpuPeriod: 20_000 })).toMatchObject({
      cpuQuota: 5_000,
      cpuPeriod: 20_000,
    })
    expect(limitsOf({ cpuQuota: -1 }).cpuQuota).toBeUndefined()
  })
  it('reads rates of file I/O as sizes per second', () => {
    expect(limitsOf({ readBps: '1mb', writeBps: 5, readIops: 10, writeIops: 20 })).toMatchObject({
      readBps: 2 ** 20,
      writeBps: 5,
      readIops: 10,
      writeIops: 20,
    })
  })
  it('reads what a run may bring back as a size, up to 1 GiB', () => {
    expect(limitsOf({ collect: 0 }).collect).toBe(0)
    expect(limitsOf({ collect: '1g' }).collect).toBe(2 ** 30)
  })
  it.each([2, 1_024, 262_144])('takes %i cpu shares', (cpuShares) => {
    expect(limitsOf({ cpuShares })).toMatchObject({ cpuShares })
  })
  it.each([
    ['memory that is no size', { memory: 'much' }, /invalid memory much/],
    ['memory below a page', { memory: 1 }, /at least 64k/],
    ['negative disk', { disk: -1 }, /invalid disk -1/],
    ['half a pid', { pids: 1.5 }, /invalid pids 1.5/],
    ['no pids', { pids: 0 }, /from 1 up/],
    ['no cpus', { cpus: 0 }, /invalid cpus 0/],
    ['endless cpus', { cpus: Number.POSITIVE_INFINITY }, /invalid cpus Infinity/],
    ['too little of a cpu', { cpus: 0.009 }, /invalid cpus 0.009: a number from 0.01 up/],
    ['cpus and a quota', { cpus: 1, cpuQuota: 1_000 }, /either cpus or cpuQuota/],
    ['cpus and a period', { cpus: 1, cpuPeriod: 1_000 }, /either cpus or cpuQuota/],
    ['a quota below 1 ms', { cpuQuota: 999 }, /invalid cpu quota 999: .* from 1000 up/],
    ['a period below 1 ms', { cpuPeriod: 999 }, /invalid cpu period 999: .* 1000 to 1000000/],
    ['a period above 1 s', { cpuPeriod: 1_000_001 }, /invalid cpu period 1000001/],
    ['too few shares', { cpuShares: 1 }, /invalid cpu shares 1: .* 2 to 262144/],
    ['too many shares', { cpuShares: 262_145 }, /invalid cpu shares 262145/],
    ['no bytes per second', { readBps: 0 }, /invalid readBps 0: more than 0 bytes/],
    ['a rate that is no size', { writeBps: 'fast' }, /invalid writeBps fast/],
    ['no reads per second', { readIops: 0 }, /invalid readIops 0/],
    ['half a write per second', { writeIops: 0.5 }, /invalid writeIops 0.5/],
    ['a negative file size', { fileSize: -1 }, /invalid file size -1/],
    ['no fuel', { fuel: 0n }, /invalid fuel 0/],
    ['a fraction of fuel', { fuel: 0.5 }, /invalid fuel 0.5/],
    ['a timeout of nothing', { timeoutMs: 0 }, /invalid timeout 0/],
    [
      'more to bring back than 1 GiB',
      { collect: 2 ** 30 + 1 },
      /invalid collect .* 0 to 1073741824/,
    ],
    ['an unknown policy', { oomPolicy: 'ask' as never }, /term, kill, fail are known/],
  ])('refuses %s, naming it', (_, spec, message) => {
    expect(() => limitsOf(spec)).toThrow(message)
    expect(() => limitsOf(spec)).toThrow(expect.objectContaining({ code: 'INVALID_LIMIT' }))
  })
})
