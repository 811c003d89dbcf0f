import { describe, expect, it } from 'vitest'
import { CellChild } from '../../src/cell/cell-child.ts'
import type { OrderMutant } from './orders/simulated-seat.ts'
import { type Ending, Stage } from './orders/stage.ts'
import { counters } from './orders/world.ts'

const LONG = Number(process.env['BULKHEAD_STRESS_FACTOR'] ?? 1)
const SEEDS = 150 * LONG
/** Until a shortcut shows. */
const MOST_SEEDS = 100

const isGood = ({ outcome, wrong }: Ending): boolean => outcome === 'through' && wrong.length === 0

describe('processes that start processes, every message late by a seed', () => {
  it(`lose none, hang nowhere and leave nothing behind: ${SEEDS} seeds`, async () => {
    const counted = counters()
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const ending = await new Stage(seed, 'none', counted).run()
      expect({ seed, ...ending }).toEqual({ seed, outcome: 'through', wrong: [] })
    }
    // Each kind of thing has happened, and often.
    for (const [what, count] of Object.entries(counted)) {
      expect(count, what).toBeGreaterThan(SEEDS / 10)
    }
  })
})

/** A seat is another's before its kernel has forgotten who sat there. */
function withoutWaiting(): () => void {
  const kept = Object.getOwnPropertyDescriptor(CellChild.prototype, 'waits') ?? {}
  Object.defineProperty(CellChild.prototype, 'waits', { configurable: true, get: () => false })
  return () => void Object.defineProperty(CellChild.prototype, 'waits', kept)
}

describe('a fault at a border is caught by the same test', () => {
  it.each([
    'answer-dropped',
    'order-twice',
    'end-dropped',
    'mark-dropped',
    'not-looked',
    'free-early',
  ] as const satisfies readonly OrderMutant[])('%s', async (mutant) => {
    const restore = mutant === 'free-early' ? withoutWaiting() : () => {}
    try {
      let seed = 1
      while (seed <= MOST_SEEDS && isGood(await new Stage(seed, mutant, counters()).run()))
        seed += 1
      expect(seed).toBeLessThanOrEqual(MOST_SEEDS)
    } finally {
      restore()
    }
  })
})
