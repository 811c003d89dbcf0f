import { describe, expect, it } from 'vitest'
import { type DelayPoint, ring } from '../../../src/thread/doorbell.ts'
import { HOST_WORD, HostBlock } from '../../../src/thread/host-block.ts'

const SLOT = 37
type Mark = (host: HostBlock, delay: DelayPoint) => void
type Point = Parameters<DelayPoint>[0]

/** The shortcut: rings first, and says who rang afterwards. */
const bellBeforeBit: Mark = (host, delay) => {
  ring(host.bell, delay)
  const words = new Int32Array(host.memory)
  Atomics.or(words, HOST_WORD.DIRTY + (SLOT >>> 5), 1 << (SLOT & 31))
}

/** Whether a main thread that looks exactly at `point`, then sleeps, is never told of the slot. */
function loses(mark: Mark, point: Point): boolean {
  const host = HostBlock.create(64)
  const words = new Int32Array(host.memory)
  let [seen, found] = [-1, false]
  mark(host, (at) => {
    if (at !== point) return
    seen = Atomics.load(words, HOST_WORD.DOORBELL)
    found = host.take().includes(SLOT)
  })
  if (seen === -1) throw new Error(`mark never came to ${point}`)
  return !found && Atomics.load(words, HOST_WORD.DOORBELL) === seen
}

describe('a slot that is marked', () => {
  it('is taken once, alone', () => {
    const host = HostBlock.create(64)
    host.mark(SLOT)
    expect(host.take()).toEqual([SLOT])
    expect(host.take()).toEqual([])
  })

  it.each(['published', 'added'] as const)('is not lost on a look at "%s"', (point) => {
    expect(loses((host, delay) => host.mark(SLOT, delay), point)).toBe(false)
  })

  it('would be lost if the bell came before the bit', () => {
    expect(loses(bellBeforeBit, 'added')).toBe(true)
  })
})
