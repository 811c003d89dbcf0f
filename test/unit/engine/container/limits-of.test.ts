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
  it('takes fuel as bigint or number', () => {
    expect(limitsOf({ fuel: 5n }).fuel).toBe(5n)
    expect(limitsOf({ fuel: 5 }).fuel).toBe(5n)
  })
  it.each([
    ['memory that is no size', { memory: 'much' }, /invalid memory much/],
    ['memory below a page', { memory: 1 }, /at least 64k/],
    ['negative disk', { disk: -1 }, /invalid disk -1/],
    ['half a pid', { pids: 1.5 }, /invalid pids 1.5/],
    ['no pids', { pids: 0 }, /from 1 up/],
    ['no cpus', { cpus: 0 }, /invalid cpus 0/],
    ['endless cpus', { cpus: Number.POSITIVE_INFINITY }, /invalid cpus Infinity/],
    ['no fuel', { fuel: 0n }, /invalid fuel 0/],
    ['a fraction of fuel', { fuel: 0.5 }, /invalid fuel 0.5/],
    ['a timeout of nothing', { timeoutMs: 0 }, /invalid timeout 0/],
    ['an unknown policy', { oomPolicy: 'ask' as never }, /term, kill, fail are known/],
  ])('refuses %s, naming it', (_, spec, message) => {
    expect(() => limitsOf(spec)).toThrow(message)
    expect(() => limitsOf(spec)).toThrow(expect.objectContaining({ code: 'INVALID_LIMIT' }))
  })
})
