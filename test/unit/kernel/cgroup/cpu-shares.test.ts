import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ahead,
  bounded,
  type Competitor,
  isBefore,
  joined,
  mayResume,
  mustYield,
  passOf,
  weightOf,
} from '../../../../src/kernel/cgroup/cpu-shares.ts'

const WRAP = 2 ** 31

describe('passes', () => {
  it('advance by CPU time over weight', () => {
    expect(passOf(1_000, 1_024)).toBe(1_000)
    expect(passOf(1_000, 512)).toBe(2_000)
    expect(passOf(1_000, 2_048)).toBe(500)
  })
  it('compare across the point where they wrap', () => {
    expect(ahead((WRAP - 1 + 10) | 0, WRAP - 1)).toBe(10)
    expect(ahead(WRAP - 1, (WRAP - 1 + 10) | 0)).toBe(-10)
  })
  it('advance by no more than a second at once: the lightest must not wrap', () => {
    expect(passOf(3_600_000_000, 2)).toBe(512_000_000)
  })
})

const EQUAL = { pass: 0, shares: 1_024 }
/** A container of one process. */
const one = (pass: number, more: Partial<Competitor> = {}): Competitor => ({
  slot: 9,
  group: more.slot ?? 9,
  container: { pass, shares: 1_024 },
  own: EQUAL,
  waiting: false,
  ...more,
})
const waiting = (pass: number, slot = 1) => one(pass, { waiting: true, slot })
const standing = (pass: number, shares = 1_024) => ({ pass, shares })
const ME = { slot: 5, group: 5 }

describe('who runs', () => {
  it.each([
    ['nobody is behind', [one(10_000), one(10_000), one(10_000)], false],
    ['others are behind by a little only', [one(5_000), one(5_000), one(5_000)], false],
    ['one is behind, and enough others run', [one(4_000), one(9_999)], true],
    ['one is behind, and those who run are farther ahead', [one(4_000), one(10_001)], false],
    ['one is behind, and a core would be idle', [one(4_000)], false],
    ['one who waits is behind, and a core would be idle', [waiting(4_000)], false],
    ['one who runs and one who waits are behind', [one(4_000), waiting(4_000)], true],
    ['as many who wait are behind as there are cores', [waiting(4_000), waiting(4_000)], true],
  ])('must wait on two cores, at 10000, when %s: see the row', (_, others, yields) => {
    expect(mustYield(one(10_000, ME), others, 2)).toBe(yields)
  })
  it.each([
    ['a core is free', [one(0)], true],
    ['nobody is behind', [one(5_000), one(6_000), waiting(5_000)], true],
    ['two who run are behind', [one(4_000), one(4_000)], false],
    ['one of them is ahead by less than its slack', [one(4_000), one(9_000)], false],
    ['one of them is ahead by its slack', [one(4_000), one(10_001)], true],
    ['a core is free, and another in the line is before', [one(0), waiting(4_000)], false],
    ['another in the line has the same pass and a lower slot', [one(0), waiting(5_000)], false],
    ['another in the line is behind', [one(0), waiting(5_001)], true],
  ])('goes on at 5000, with two cores, when %s: see the row', (_, others, resumes) => {
    expect(mayResume(waiting(5_000, 5), others, 2)).toBe(resumes)
  })
  it.each([
    ['one beside it is behind, and enough of its container run', [0, 9_999], 0, true],
    ['those beside it are behind by a little', [5_000, 6_000], 0, false],
    ['those beside it are behind, but its container is, too', [9_000, 9_999], 20_000, false],
  ])('within a container at 10000: must wait when %s', (_, passes, foreign, yields) => {
    const mine = passes.map((pass, slot) =>
      one(0, { slot, group: 5, container: EQUAL, own: standing(pass) }),
    )
    const me = one(0, { ...ME, container: EQUAL, own: standing(10_000) })
    expect(mustYield(me, [...mine, one(foreign)], 2)).toBe(yields)
  })
  const base = fc.integer({ min: -WRAP, max: WRAP - 1 })
  const some = fc.record({
    pass: fc.integer({ min: -500_000, max: 500_000 }),
    shares: fc.integer({ min: 2, max: 262_144 }),
    waiting: fc.boolean(),
    group: fc.nat({ max: 9 }),
  })
  it('is never nobody: a free core goes to the first in the line, wherever the passes stand', () => {
    fc.assert(
      fc.property(
        fc.array(some, { minLength: 1 }),
        base,
        fc.integer({ min: 1, max: 8 }),
        (...[records, from, cores]) => {
          // Some are of one container, and stand in it where they would alone.
          const all = records.map((record, slot): Competitor => {
            const group = Math.min(slot, record.group)
            const { pass, shares } = records[group] ?? record
            const container = { pass: (pass + from) | 0, shares }
            return { slot, group, container, own: standing(record.pass), waiting: record.waiting }
          })
          const others = (me: Competitor) => all.filter((other) => other.slot !== me.slot)
          const running = all.filter((me) => !me.waiting)
          const line = all.filter((me) => me.waiting).sort((a, b) => (isBefore(a, b) ? -1 : 1))
          const resuming = line.map((me) => mayResume(me, others(me), cores))
          // Those who may go on stand before those who may not.
          expect(resuming).toEqual([...resuming].sort((a, b) => Number(b) - Number(a)))
          if (running.length < cores && line.length > 0) expect(resuming[0]).toBe(true)
          // With no more than the cores can carry, nobody is sent away.
          if (all.length <= cores) {
            for (const me of running) expect(mustYield(me, others(me), cores)).toBe(false)
          }
        },
      ),
    )
  })
})

describe('where one stands', () => {
  it('is its own place, while that is near the others', () => {
    expect(bounded(100_000, 1_024, [standing(0), standing(50_000)])).toBe(100_000)
    expect(bounded(7, 1_024, [])).toBe(7)
  })
  it('is never far behind: what is owed has a bound', () => {
    expect(bounded(-10_000_000, 1_024, [standing(0), standing(5)])).toBe(-200_000)
  })
  it('is behind far enough that the lightest of the others lets it go first', () => {
    const light = standing(0, 64)
    const heavy = standing(bounded(-10_000_000, 4_096, [light]), 4_096)
    const [me, other] = [one(0, { ...ME, container: light }), one(0, { container: heavy })]
    expect(mustYield(me, [other], 1)).toBe(true)
  })
  it('is never far ahead: whoever waits runs again', () => {
    expect(bounded(10_000_000, 2, [standing(0)])).toBe(10_000_000)
    expect(bounded(1_000_000_000, 2, [standing(0)])).toBe(102_400_000)
  })
  it('is with the last of the others for one that comes, and sleeping earns nothing', () => {
    const others = [standing(70), standing(50)]
    expect(joined(undefined, 1_024, others)).toBe(50)
    expect(joined(-1_000, 1_024, others)).toBe(50)
    expect(joined(60, 1_024, others)).toBe(60)
    expect(joined(undefined, 1_024, [])).toBe(0)
    expect(joined(42, 1_024, [])).toBe(42)
  })
})

it.each([
  [2, 1],
  [1_024, 100],
  [262_144, 10_000],
  [512, 59],
  [2_048, 174],
])('%i shares are a weight of %i', (shares, weight) => {
  expect(weightOf(shares)).toBe(weight)
})
