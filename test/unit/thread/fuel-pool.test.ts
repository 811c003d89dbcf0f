import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FuelMeter } from '../../../src/thread/fuel-meter.ts'
import { FuelPool } from '../../../src/thread/fuel-pool.ts'

class Exhausted extends Error {}

const SLICE = 1_000_000n
const SMALLEST = 50_000n
const PIECE = 1_000n

/** One process that draws from `pool`, as its guest and its thread drive it. */
function processOf(pool: FuelPool) {
  const exhausted = (): never => {
    throw new Exhausted()
  }
  const meter = new FuelMeter(pool, { visit: () => {}, exhausted }, undefined)
  const gauge = { value: 0n }
  let over = false
  /** False: it has ended for want of fuel. */
  const tried = (step: () => void): boolean => {
    if (over) return false
    try {
      step()
    } catch (error) {
      if (!(error instanceof Exhausted)) throw error
      over = true
      meter.close()
    }
    return !over
  }
  const one = {
    meter,
    gauge,
    start: () => tried(() => meter.start(gauge)),
    spend: (units: bigint) =>
      tried(() => {
        gauge.value -= units
        if (gauge.value < 0n) meter.refill()
      }),
    charge: (units: number) => tried(() => meter.charge(units)),
    sleep: (while_: () => void = () => {}) =>
      tried(() => {
        meter.lend()
        while_()
        meter.reclaim()
        meter.checkLimit()
      }),
    end: () => {
      if (!over) meter.close()
      over = true
    },
    get over() {
      return over
    },
    step: ({ verb, units }: Step): void => {
      if (verb === 'spend') one.spend(BigInt(units))
      else if (verb === 'charge') one.charge(units)
      else one.sleep()
    },
    /** Until it is out of fuel, in small pieces. */
    exhaust: (): void => {
      while (one.spend(PIECE));
    },
  }
  return one
}
type Drawing = ReturnType<typeof processOf>

/** Processes that have begun. */
function started(pool: FuelPool, count: number): readonly Drawing[] {
  const all = Array.from({ length: count }, () => processOf(pool))
  for (const one of all) one.start()
  return all
}
const usedBy = (all: readonly Drawing[]): bigint =>
  all.reduce((sum, { meter }) => sum + meter.used, 0n)

interface Step {
  readonly verb: 'spend' | 'charge' | 'sleep'
  readonly units: number
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ verb: fc.constant('spend'), units: fc.integer({ min: 1, max: 400_000 }) }),
    fc.record({ verb: fc.constant('charge'), units: fc.integer({ min: 1, max: 90_000 }) }),
    fc.record({ verb: fc.constant('sleep'), units: fc.constant(0) }),
  ),
  { maxLength: 60 },
)

/** A process with a limit of its own, as simply as it can be said: when it stops, and what it has used. */
function alone(limit: bigint, script: readonly Step[]) {
  let used = 0n
  let granted = limit < SLICE ? limit : SLICE
  if (limit <= 0n) return { used, at: -1 }
  for (const [at, { verb, units }] of script.entries()) {
    if (verb === 'sleep' && used > limit) return { used, at }
    used += BigInt(units)
    if (verb === 'spend' && granted < used) {
      if (used >= limit) return { used, at }
      granted = used + (limit - used < SLICE ? limit - used : SLICE)
    }
  }
  return { used, at: script.length }
}

describe('a process that is alone with its pool', () => {
  it('stops where one with a limit of its own would, to the unit, however it sleeps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6_000_000 }), steps, (limit, script) => {
        const process = processOf(FuelPool.of(BigInt(limit)))
        process.start()
        let at = 0
        for (const step of script) {
          process.step(step)
          if (process.over) break
          at += 1
        }
        expect({ used: process.meter.used, at }).toEqual(alone(BigInt(limit), script))
      }),
    )
  })
})

describe('processes that share a pool', () => {
  const many = fc.record({
    limit: fc.integer({ min: 1, max: 40_000_000 }),
    turns: fc.array(fc.tuple(fc.nat(), steps), { minLength: 1, maxLength: 40 }),
    count: fc.integer({ min: 1, max: 8 }),
  })
  it("use what there is together, and what each does not use is the others'", () => {
    fc.assert(
      fc.property(many, ({ limit, turns, count }) => {
        const pool = FuelPool.of(BigInt(limit))
        const all = started(pool, count)
        for (const [index, script] of turns) {
          for (const step of script) all[index % count]?.step(step)
        }
        // Nobody is sent away while there was more than the others may hold.
        if (pool.spent) {
          expect(usedBy(all) + BigInt(count) * SLICE).toBeGreaterThan(BigInt(limit))
        }
        for (const one of all) one.end()
        expect(pool.left).toBe(BigInt(limit) - usedBy(all))
      }),
    )
  })
  it('run out when the pool does, within a little that the others hold', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10_000_000, max: 90_000_000 }),
        fc.integer({ min: 2, max: 16 }),
        (limit, count) => {
          const pool = FuelPool.of(BigInt(limit))
          const all = started(pool, count)
          for (let turn = 0; !pool.spent; turn += 1) all[turn % count]?.spend(PIECE)
          expect(usedBy(all)).toBeGreaterThan(BigInt(limit) - BigInt(count) * SMALLEST)
          // Then all of them stop, with what they hold.
          for (const one of all) one.exhaust()
          expect(usedBy(all)).toBeLessThanOrEqual(BigInt(limit) + BigInt(count) * PIECE)
        },
      ),
      { numRuns: 20 },
    )
  })
  it('may have what one holds that sleeps, which gets what is left of it', () => {
    const pool = FuelPool.of(1_500_000n)
    const [parent, child] = [processOf(pool), processOf(pool)]
    parent.start()
    child.start()
    parent.sleep(() => {
      while (pool.left > 100_000n) child.spend(1_000n)
      child.end()
    })
    const { left } = pool
    expect(parent.over).toBe(false)
    expect(parent.spend(left + 200_000n)).toBe(false)
    expect(pool.spent).toBe(true)
  })
  it('all end when one has found nothing, whatever comes back', () => {
    const pool = FuelPool.of(200_000n)
    const [one, two] = [processOf(pool), processOf(pool)]
    one.start()
    two.start()
    one.exhaust()
    expect(one.meter.used).toBeLessThanOrEqual(200_000n)
    pool.put(1_000_000n)
    two.exhaust()
    expect([two.over, pool.take(1n)]).toEqual([true, 0n])
  })
  it('pay at their end what they owe: the next finds so much less', () => {
    const pool = FuelPool.of(2_000_000n)
    for (let index = 0; index < 3; index += 1) {
      const one = processOf(pool)
      one.start()
      one.charge(600_000)
      one.end()
    }
    expect(pool.left).toBe(200_000n)
    const last = processOf(pool)
    last.start()
    last.charge(300_000)
    last.end()
    expect([pool.left, processOf(pool).start()]).toEqual([-100_000n, false])
  })
  it('one that goes on as another program keeps what it has, and owes what it owes', () => {
    const pool = FuelPool.of(3_000_000n)
    const one = processOf(pool)
    one.start()
    one.spend(10n)
    one.meter.next()
    one.gauge.value = 0n
    one.start()
    one.end()
    expect([one.meter.used, pool.left]).toEqual([10n, 2_999_990n])
  })
})

it('a limit that no counter holds is as good as none', () => {
  expect(FuelPool.of(2n ** 70n).left).toBe(2n ** 62n)
})
