import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Roll } from '../../../src/std/roll.ts'

describe('a roll', () => {
  it('has what a set has, in the same order, for every order of calls', () => {
    const call = fc.record({ adds: fc.boolean(), one: fc.nat(12) })
    fc.assert(
      fc.property(fc.array(call, { maxLength: 80 }), (calls) => {
        const roll = new Roll<number>()
        const set = new Set<number>()
        for (const { adds, one } of calls) {
          if (!adds) expect(roll.delete(one)).toBe(set.delete(one))
          else if (!set.has(one)) {
            roll.add(one)
            set.add(one)
          }
          expect(roll.has(one)).toBe(set.has(one))
          expect([...roll]).toEqual([...set])
          expect([roll.size, roll.first]).toEqual([set.size, [...set][0]])
        }
      }),
    )
  })
  it('names those that were there when it was asked, whoever leaves or comes meanwhile', () => {
    const roll = new Roll<string>()
    for (const name of ['a', 'b', 'c']) roll.add(name)
    const named: string[] = []
    for (const name of roll) {
      named.push(name)
      roll.delete('b')
      roll.add(`${name}2`)
    }
    expect(named).toEqual(['a', 'b', 'c'])
    expect([...roll]).toEqual(['a', 'c', 'a2', 'b2', 'c2'])
  })
})
