import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SIGNAL } from '../../../../src/contract/signals.ts'
import { IntervalTimers } from '../../../../src/kernel/process/interval-timers.ts'
import { containerOf, ended, toldTo } from '../../../support/process-tree.ts'

const { ALRM, USR1, KILL } = SIGNAL
const MS = 1_000_000n
const once = (ms: number) => ({ first: BigInt(ms) * MS, interval: 0n })
const every = (first: number, interval: number) => ({
  first: BigInt(first) * MS,
  interval: BigInt(interval) * MS,
})
const OFF = { first: 0n, interval: 0n }

/** A clock that stands, and who was sent what. */
function timersOf() {
  const time = { ns: 5n }
  const sent: string[] = []
  const timers = new IntervalTimers<string>({
    now: () => time.ns,
    raise: (process, signal) => void sent.push(`${process} ${signal}`),
  })
  const pass = (ms: number): readonly string[] => {
    time.ns += BigInt(ms) * MS
    timers.fire()
    return sent.splice(0)
  }
  return { timers, pass, time }
}

describe('a timer', () => {
  it('that comes once does so when its time is there, and is gone', () => {
    const { timers, pass } = timersOf()
    expect(timers.set('a', ALRM, once(20))).toEqual(OFF)
    expect([timers.left, pass(19)]).toEqual([20, []])
    expect([timers.left, timers.get('a', ALRM)]).toEqual([1, once(1)])
    expect(pass(1)).toEqual([`a ${ALRM}`])
    expect([timers.left, timers.next, timers.get('a', ALRM)]).toEqual([
      Number.POSITIVE_INFINITY,
      undefined,
      OFF,
    ])
    expect(pass(1_000)).toEqual([])
  })
  it('that comes again does so at its times, and makes up for none that it missed', () => {
    const { timers, pass } = timersOf()
    timers.set('a', ALRM, every(5, 10))
    expect([pass(5), pass(9), pass(1)]).toEqual([[`a ${ALRM}`], [], [`a ${ALRM}`]])
    expect(pass(37)).toEqual([`a ${ALRM}`])
    // 15 + 40, not 52 + 10.
    expect(timers.get('a', ALRM)).toEqual(every(3, 10))
    expect([pass(2), pass(1)]).toEqual([[], [`a ${ALRM}`]])
  })
  it('is set anew, and says what was left of it', () => {
    const { timers, pass } = timersOf()
    timers.set('a', ALRM, every(20, 7))
    pass(5)
    expect(timers.set('a', ALRM, once(100))).toEqual(every(15, 7))
    expect(pass(50)).toEqual([])
    expect(timers.set('a', ALRM, OFF)).toEqual(once(50))
    expect([pass(100), timers.next]).toEqual([[], undefined])
  })
  it('that is due and has not come is still there', () => {
    const { timers, time } = timersOf()
    timers.set('a', ALRM, once(1))
    time.ns += 10n * MS
    expect([timers.left, timers.get('a', ALRM)]).toEqual([0, { first: 1n, interval: 0n }])
  })
  it('is its process’s and its signal’s', () => {
    const { timers, pass } = timersOf()
    timers.set('a', ALRM, once(3))
    timers.set('b', ALRM, once(2))
    timers.set('a', USR1, every(1, 2))
    expect(timers.left).toBe(1)
    expect(pass(3)).toEqual([`a ${ALRM}`, `b ${ALRM}`, `a ${USR1}`])
    timers.forget('a')
    expect([pass(10), timers.next]).toEqual([[], undefined])
  })
  it('wakes nobody more often than once in a millisecond', () => {
    const { timers, time } = timersOf()
    timers.set('a', ALRM, { first: 1n, interval: 1n })
    expect(timers.get('a', ALRM)).toEqual({ first: 1n, interval: MS })
    time.ns += 1n
    timers.fire()
    expect(timers.left).toBe(1)
  })
  it('takes any number of nanoseconds', () => {
    const { timers, pass } = timersOf()
    const most = 2n ** 64n - 1n
    timers.set('a', ALRM, { first: most, interval: most })
    expect(pass(1_000_000)).toEqual([])
    expect(timers.get('a', ALRM).interval).toBe(most)
  })
  it('comes as a simple model has it', () => {
    const step = fc.record({ pass: fc.integer({ min: 0, max: 40 }) })
    const setting = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 20 }))
    fc.assert(
      fc.property(setting, fc.array(step, { maxLength: 30 }), ([first, interval], steps) => {
        const { timers, pass } = timersOf()
        timers.set('a', ALRM, every(first, interval))
        const times = new Set([first])
        for (let at = first; interval > 0 && at < 2_000; at += interval) times.add(at)
        let now = 0
        for (const { pass: ms } of steps) {
          const isDue = [...times].some((at) => at > now && at <= now + ms)
          expect(pass(ms).length).toBe(isDue ? 1 : 0)
          now += ms
        }
      }),
    )
  })
})

describe('the timer of a process', () => {
  it('sends what the process does something about, and ends it otherwise', () => {
    const { namespace, enter, time } = containerOf()
    const one = enter()
    const other = enter()
    other.signals.set(ALRM, 'handle')
    for (const process of [one, other]) namespace.timers.set(process, ALRM, once(5))
    time.ns += 5n * MS
    namespace.timers.fire()
    expect([toldTo(one), toldTo(other)]).toEqual([[`end ${ALRM}`], [`handle ${ALRM}`]])
  })
  it('does not end PID 1, which has no default actions', () => {
    const { namespace, init, time } = containerOf()
    namespace.timers.set(init, ALRM, once(5))
    namespace.timers.set(init, KILL, once(5))
    time.ns += 5n * MS
    namespace.timers.fire()
    expect(toldTo(init)).toEqual([])
  })
  it('is not its child’s, and goes with it', () => {
    const { namespace, init, child, time } = containerOf()
    const one = child(init)
    namespace.timers.set(one, ALRM, every(5, 5))
    const grandchild = child(one)
    expect(namespace.timers.get(grandchild, ALRM)).toEqual(OFF)
    namespace.ended(one, ended(0))
    time.ns += 50n * MS
    namespace.timers.fire()
    expect([toldTo(one), toldTo(grandchild), namespace.timers.next]).toEqual([[], [], undefined])
  })
})
