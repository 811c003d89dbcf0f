import { describe, expect, it } from 'vitest'
import { SIGNAL } from '../../../../src/contract/signals.ts'
import { waitForOf } from '../../../../src/kernel/process/child-wait.ts'
import type { PidNamespace } from '../../../../src/kernel/process/pid-namespace.ts'
import type { Process, WaitFor } from '../../../../src/kernel/process/process.ts'
import { must, said } from '../../../support/errno.ts'
import { containerOf, ended } from '../../../support/process-tree.ts'

/** What a wait answers, by the state of the only child. `-`: nothing; it blocks, or says so with noHang. */
const MATRIX = `
  options:            plain  stopped    continued  both
  running             -      -          -          -
  stopped             -      stopped    -          stopped
  stopped,told        -      -          -          -
  continued           -      -          continued  continued
  continued,told      -      -          -          -
  stopped,continued,stopped  -  stopped  -         stopped
  ended               ended  ended      ended      ended
  killed              ended  ended      ended      ended
  stopped,killed      ended  ended      ended      ended
  reaped              CHILD  CHILD      CHILD      CHILD
`
const OPTIONS = {
  plain: { stopped: false, continued: false },
  stopped: { stopped: true, continued: false },
  continued: { stopped: false, continued: true },
  both: { stopped: true, continued: true },
} as const
const [header = [], ...rows] = MATRIX.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
const names = header.slice(1) as readonly (keyof typeof OPTIONS)[] // checked below
const EVERYTHING = { noHang: true, ...OPTIONS.both }

/** What waitpid is told: any child, one of the caller's group, this one, one of that group. */
const TARGETS = ['any', 'own group', 'pid', 'group'] as const

function numberOf(target: (typeof TARGETS)[number], { pid, groupId }: Process): number {
  return { any: -1, 'own group': 0, pid, group: -groupId }[target]
}

function wordOf(answer: ReturnType<PidNamespace['wait']>): string {
  if (answer.ok !== true) return answer.ok === 'blocked' ? '-' : said(answer)
  return answer.value?.kind ?? '-'
}

/** A parent and its child, after all of `history`. */
function family(history: string) {
  const all = containerOf()
  const { namespace, child, init } = all
  const parent = child(init)
  const only = child(parent)
  for (const event of history.split(',')) {
    if (event === 'stopped') must(namespace.signal(init, only.pid, SIGNAL.STOP))
    if (event === 'continued') {
      must(namespace.signal(init, only.pid, SIGNAL.STOP))
      must(namespace.signal(init, only.pid, SIGNAL.CONT))
    }
    if (event === 'ended' || event === 'reaped') namespace.ended(only, ended(3))
    if (event === 'killed') namespace.ended(only, ended(137, 9))
    if (event === 'told' || event === 'reaped') must(namespace.wait(parent, 'any', EVERYTHING))
  }
  return { ...all, parent, only }
}

describe('wait', () => {
  it('has a row for each state and a column for each set of options', () => {
    expect(names).toEqual(Object.keys(OPTIONS))
    expect(rows.every((row) => row.length === header.length)).toBe(true)
  })
  const cells = rows.flatMap(([history = '', ...wanted]) =>
    names.map((options, at) => [history, options, wanted[at] ?? ''] as const),
  )
  it.each(cells)('child %s, wait %s: %s', (history, name, wanted) => {
    for (const target of TARGETS) {
      for (const noHang of [false, true]) {
        const { namespace, parent, only } = family(history)
        const which = waitForOf(parent, numberOf(target, only))
        const answer = namespace.wait(parent, which, { noHang, ...OPTIONS[name] })
        expect([target, noHang, wordOf(answer)]).toEqual([target, noHang, wanted])
        const isBlocked = wanted === '-' && !noHang
        expect(answer.ok === 'blocked').toBe(isBlocked)
        const stays = wanted !== 'ended' && wanted !== 'CHILD'
        expect(namespace.processes.has(only.pid)).toBe(stays)
      }
    }
  })
  it('says who ended it, and how', () => {
    const { namespace, parent, only } = family('ended')
    const { exit } = must(namespace.wait(parent, 'any', EVERYTHING)) as { exit: unknown } // it has ended
    expect(exit).toEqual({ code: 3, signal: undefined })
    expect(namespace.processes.has(only.pid)).toBe(false)
  })
  it('blocks until a child that is meant has something to tell, or is not there any more', () => {
    const { namespace, parent, only, child } = family('running')
    const other = child(parent)
    const step = namespace.wait(parent, { pid: only.pid }, { noHang: false, ...OPTIONS.plain })
    if (step.ok !== 'blocked') throw new Error('it should block')
    namespace.ended(other, ended(1))
    must(namespace.signal(undefined, only.pid, SIGNAL.STOP))
    expect(step.changed()).toBe(false)
    namespace.ended(only, ended(0))
    expect(step.changed()).toBe(true)
    must(namespace.wait(parent, { pid: only.pid }, EVERYTHING))
    expect(step.changed()).toBe(true)
  })
  it.each<readonly [string, (only: Process) => WaitFor]>([
    ['another process', ({ pid }) => ({ pid: pid + 1 })],
    ['itself', ({ parentPid }) => ({ pid: parentPid })],
    ['another group', () => ({ group: 77 })],
    ['no number', () => ({ pid: Number.NaN })],
    ['the least number', () => ({ group: 2 ** 31 })],
  ])('has no child that is %s', (_, which) => {
    const { namespace, parent, only } = family('ended')
    expect(said(namespace.wait(parent, which(only), EVERYTHING))).toBe('CHILD')
  })
  it('has none to wait for where the ends of children are ignored, but waits for the last', () => {
    const { namespace, parent, only } = family('running')
    parent.signals.set(SIGNAL.CHLD, 'ignore')
    const step = namespace.wait(parent, 'any', { noHang: false, ...OPTIONS.plain })
    if (step.ok !== 'blocked') throw new Error('it should block')
    namespace.ended(only, ended(0))
    expect(step.changed()).toBe(true)
    expect(said(namespace.wait(parent, 'any', EVERYTHING))).toBe('CHILD')
  })
})
