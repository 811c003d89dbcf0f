import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LAST_SIGNAL, SIGNAL } from '../../../../src/contract/signals.ts'
import type { Process } from '../../../../src/kernel/process/process.ts'
import type { SignalChange } from '../../../../src/kernel/process/signal-actions.ts'
import { changeMask, comeBack, setAction } from '../../../../src/kernel/process/signal-delivery.ts'
import { bitOf, SignalMask } from '../../../../src/kernel/process/signal-mask.ts'
import { must } from '../../../support/errno.ts'
import { containerOf, toldTo } from '../../../support/process-tree.ts'

const { USR1, USR2, TERM, CHLD, CONT, STOP, TSTP, TTIN, KILL, WINCH } = SIGNAL

/** What a process does about USR1 at its start, by what the one before or its parent did, and what was asked. */
const INHERITED = `
                spawn         default       ignore       block         unblock  exec
  default       default       default       ignore       default+held  default  default
  default+held  default+held  default+held  ignore+held  default+held  default  default+held
  ignore        ignore        default       ignore       ignore+held   ignore   ignore
  ignore+held   ignore+held   default+held  ignore+held  ignore+held   ignore   ignore+held
  handle        default       default       ignore       default+held  default  default
  handle+held   default+held  default+held  ignore+held  default+held  default  default+held
  restart       default       default       ignore       default+held  default  default
  restart+held  default+held  default+held  ignore+held  default+held  default  default+held
`
const [ways = [], ...rows] = INHERITED.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
const cells = rows.flatMap(([from = '', ...to]) =>
  to.map((wanted, index) => [from, ways[index] ?? '', wanted] as const),
)

const stateOf = ({ signals, mask }: Process): string =>
  `${signals.action(USR1)}${mask.blocks(USR1) ? '+held' : ''}`
function next(process: Process, way: string): Process {
  if (way === 'exec') {
    process.signals.afterExec()
    return process
  }
  const changes: SignalChange[] = []
  for (const change of ['default', 'ignore', 'block', 'unblock'] as const) {
    if (way === change) changes.push({ signal: USR1, change })
  }
  const { signals, mask } = process
  const { child } = containerOf()
  return child(process, { signals: signals.forChild(changes), mask: mask.forChild(changes) })
}

describe('a signal that came for a handler that is gone', () => {
  it.each([
    ['default', USR1, `end ${USR1}`],
    ['default', TSTP, 'stop'],
    ['default', CONT, undefined],
    ['ignore', USR1, undefined],
    ['held', USR1, undefined],
  ] as const)('%s: %i does “%s”', (state, signal, told) => {
    const { child, init } = containerOf()
    const process = child(init, { groupId: 9 })
    if (state === 'ignore') must(process.signals.set(signal, 'ignore'))
    if (state === 'held') changeMask(process, bitOf(signal))
    // What a CONT does to one that is stopped it has done when it came.
    process.stopped = signal === CONT
    process.mask.keep(STOP)
    comeBack(process, signal)
    expect(toldTo(process)).toEqual(told === undefined ? [] : [told])
    expect(process.stopped).toBe(signal === CONT || signal === TSTP)
    expect(process.mask.pending).toBe(bitOf(STOP) | (state === 'held' ? bitOf(signal) : 0n))
  })
  it('is nothing for one that has ended, and no number but a signal is one', () => {
    const { child, init } = containerOf()
    const process = child(init)
    comeBack(process, 0)
    comeBack(process, LAST_SIGNAL + 1)
    process.ended = { code: 0, signal: undefined }
    comeBack(process, TERM)
    expect(toldTo(process)).toEqual([])
    expect(process.mask.pending).toBe(0n)
  })
})

describe('what holds for a signal', () => {
  it.each(cells)('%s, by %s: %s', (from, way, wanted) => {
    const { enter } = containerOf()
    const process = enter()
    const [action = '', held] = from.split('+')
    must(process.signals.set(USR1, action as 'default')) // the table's words
    if (held !== undefined) changeMask(process, bitOf(USR1))
    process.mask.keep(USR2)
    const after = next(process, way)
    expect(stateOf(after)).toBe(wanted)
    expect(after.mask.pending).toBe(way === 'exec' ? bitOf(USR2) : 0n)
  })
})

/** A process beside PID 1, and a way to send to it. */
function subject() {
  const { namespace, enter } = containerOf()
  const process = enter()
  return {
    process,
    send: (signal: number) => void must(namespace.signal(undefined, process.pid, signal)),
    hold: (...signals: number[]) =>
      changeMask(
        process,
        signals.map(bitOf).reduce((one, two) => one | two, 0n),
      ),
  }
}

describe('a signal that is held back', () => {
  it.each([
    ['default', [`end ${USR1}`]],
    ['ignore', []],
    ['handle', [`handle ${USR1}`]],
    ['restart', [`handle ${USR1} and go on`]],
  ] as const)('does nothing, and once let through what is done by %s then', (action, told) => {
    const { process, send, hold } = subject()
    hold(USR1)
    send(USR1)
    send(USR1)
    expect([toldTo(process), process.mask.pending]).toEqual([[], bitOf(USR1)])
    must(setAction(process, USR1, action))
    hold()
    expect([toldTo(process), process.mask.pending]).toEqual([told, 0n])
  })
  it('waits also when it is ignored, for what may be said of it meanwhile', () => {
    const { process, send, hold } = subject()
    must(setAction(process, USR1, 'ignore'))
    hold(USR1)
    send(USR1)
    must(setAction(process, USR1, 'handle'))
    hold()
    expect(toldTo(process)).toEqual([`handle ${USR1}`])
  })
  it.each([
    [USR1, 'ignore'],
    [CHLD, 'default'],
    [WINCH, 'default'],
  ] as const)('%i is forgotten when its action becomes %s', (signal, action) => {
    const { process, send, hold } = subject()
    hold(signal)
    send(signal)
    must(setAction(process, signal, action))
    must(setAction(process, signal, 'handle'))
    hold()
    expect(toldTo(process)).toEqual([])
  })
  it('comes with others by their numbers', () => {
    const { process, send, hold } = subject()
    for (const signal of [USR1, USR2, TERM]) must(setAction(process, signal, 'handle'))
    hold(USR1, USR2, TERM)
    for (const signal of [TERM, USR2, USR1]) send(signal)
    hold(USR2)
    expect(toldTo(process)).toEqual([`handle ${USR1}`, `handle ${TERM}`])
    expect(process.mask.pending).toBe(bitOf(USR2))
  })
  it('is never KILL or STOP', () => {
    const { process, send } = subject()
    changeMask(process, 2n ** 64n - 1n)
    expect([process.mask.blocks(KILL), process.mask.blocks(STOP)]).toEqual([false, false])
    send(STOP)
    send(KILL)
    expect(toldTo(process)).toEqual(['stop', `end ${KILL}`])
  })
  it('as CONT still lets its process go on, and takes back stops that wait', () => {
    const { process, send, hold } = subject()
    hold(CONT, TSTP, TTIN)
    send(TSTP)
    send(STOP)
    send(TTIN)
    send(CONT)
    expect([toldTo(process), process.mask.pending]).toEqual([['stop', 'resume'], bitOf(CONT)])
    send(TSTP)
    expect(process.mask.pending).toBe(bitOf(TSTP))
  })
})

describe('a mask', () => {
  it('lets through just what has come and is not held back any more', () => {
    const set = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    const signal = fc.integer({ min: 1, max: LAST_SIGNAL })
    fc.assert(
      fc.property(set, set, fc.array(signal), (before, after, come) => {
        const mask = new SignalMask(before)
        const held = [...new Set(come)].filter((one) => mask.blocks(one))
        for (const one of held) mask.keep(one)
        const through = mask.change(after)
        expect(through).toEqual(held.filter((one) => !mask.blocks(one)).toSorted((a, b) => a - b))
        expect(mask.pending & ~mask.blocked).toBe(0n)
      }),
    )
  })
})
