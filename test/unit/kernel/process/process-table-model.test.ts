import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SIGNAL } from '../../../../src/contract/signals.ts'
import type { Process } from '../../../../src/kernel/process/process.ts'
import { must } from '../../../support/errno.ts'
import { containerOf, ended, toldTo } from '../../../support/process-tree.ts'

/** A process as a list of facts: the reference that the table is held to. */
interface Row {
  readonly pid: number
  parent: number
  group: number
  session: number
  state: 'running' | 'stopped' | 'zombie'
  untold: 'stopped' | 'continued' | undefined
  ignoresEnds: boolean
}

class Model {
  readonly rows = new Map<number, Row>([
    [
      1,
      {
        pid: 1,
        parent: 0,
        group: 1,
        session: 1,
        state: 'running',
        untold: undefined,
        ignoresEnds: false,
      },
    ],
  ])
  /** Ends that the table will be told of. */
  readonly doomed: number[] = []

  get living(): readonly Row[] {
    return [...this.rows.values()].filter(({ state }) => state !== 'zombie')
  }

  isOrphaned(group: number): boolean {
    return this.living
      .filter((row) => row.group === group)
      .every(({ parent, session }) => {
        const above = this.rows.get(parent)
        return (
          !above || above.state === 'zombie' || above.group === group || above.session !== session
        )
      })
  }

  stop(row: Row): void {
    if (row.pid === 1 || row.state !== 'running') return
    Object.assign(row, { state: 'stopped', untold: 'stopped' })
  }

  goOn(row: Row): void {
    if (row.state === 'stopped') Object.assign(row, { state: 'running', untold: 'continued' })
  }

  end(row: Row): void {
    const children = [...this.rows.values()].filter(({ parent }) => parent === row.pid)
    const groups = new Set([row.group, ...children.map(({ group }) => group)])
    const cared = [...groups].filter((group) => !this.isOrphaned(group))
    Object.assign(row, { state: 'zombie', untold: undefined })
    for (const child of children) child.parent = 1
    const init = this.rows.get(1)
    for (const child of children)
      if (child.state === 'zombie' && init?.ignoresEnds) this.rows.delete(child.pid)
    for (const group of cared) {
      const members = this.living.filter((one) => one.group === group)
      if (members.length === 0 || !this.isOrphaned(group)) continue
      if (!members.some(({ state }) => state === 'stopped')) continue
      for (const one of members) this.goOn(one)
      this.doomed.push(...members.map(({ pid }) => pid).filter((pid) => pid !== 1))
    }
    const parent = this.rows.get(row.parent)
    if (!parent || parent.state === 'zombie' || parent.ignoresEnds) this.rows.delete(row.pid)
  }
}

type Step =
  | {
      readonly do: 'spawn'
      readonly who: number
      readonly group: 'own' | 'same'
      readonly session: boolean
    }
  | { readonly do: 'stop' | 'cont' | 'kill' | 'end' | 'setsid' | 'ignore'; readonly who: number }
  | { readonly do: 'setpgid'; readonly who: number; readonly to: number }
  | {
      readonly do: 'wait'
      readonly who: number
      readonly stopped: boolean
      readonly continued: boolean
    }

const who = fc.nat(50)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('spawn' as const),
      who,
      group: fc.constantFrom('own' as const, 'same' as const),
      session: fc.nat(5).map((one) => one === 0),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('stop', 'stop', 'cont', 'kill', 'end', 'setsid', 'ignore'),
      who,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('setpgid' as const), who, to: who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      who,
      stopped: fc.boolean(),
      continued: fc.boolean(),
    }),
  },
)

/** The table and its model, side by side. */
class Run {
  readonly all = containerOf()
  readonly model = new Model()
  readonly processes = new Map<number, Process>([[1, this.all.init]])
  /** How often each end was told by a wait. */
  readonly told = new Map<number, number>()

  process(pid: number): Process {
    const process = this.processes.get(pid)
    if (process === undefined) throw new Error(`no process ${pid}`)
    return process
  }

  pick(index: number): Row {
    const { living } = this.model
    const row = living[index % living.length]
    if (row === undefined) throw new Error('PID 1 lives')
    return row
  }

  take(one: Step): void {
    const row = this.pick(one.who)
    if (one.do === 'spawn') this.spawn(row, one)
    else if (one.do === 'wait') this.wait(row, one)
    else if (one.do === 'setpgid') this.setGroup(row, this.pick(one.to).group)
    else if (one.do === 'setsid') this.setSession(row)
    else if (one.do === 'ignore') this.ignore(row)
    else this.signal(row, one.do)
    this.bury()
  }

  spawn(row: Row, { group, session }: Extract<Step, { do: 'spawn' }>): void {
    const parent = this.process(row.pid)
    const pid = must(this.all.namespace.allocate())
    this.all.namespace.discard(pid)
    const own = session || group === 'own'
    const child = this.all.child(parent, {
      ...(own && { groupId: pid + 1 }),
      ...(session && { sessionId: pid + 1 }),
    })
    this.processes.set(child.pid, child)
    this.model.rows.set(child.pid, {
      pid: child.pid,
      parent: row.pid,
      group: own ? child.pid : row.group,
      session: session ? child.pid : row.session,
      state: 'running',
      untold: undefined,
      ignoresEnds: row.ignoresEnds,
    })
  }

  signal(row: Row, what: 'stop' | 'cont' | 'kill' | 'end'): void {
    const signal = { stop: SIGNAL.STOP, cont: SIGNAL.CONT, kill: SIGNAL.KILL, end: 0 }[what]
    must(this.all.namespace.signal(this.all.init, row.pid, signal))
    if (what === 'stop') this.model.stop(row)
    if (what === 'cont') this.model.goOn(row)
    if (row.pid !== 1 && (what === 'kill' || what === 'end')) this.end(row.pid)
  }

  setGroup(row: Row, group: number): void {
    const done = this.all.namespace.setGroup(this.process(row.pid), 0, group)
    const isIn = [...this.model.rows.values()].some(
      (one) => one.group === group && one.session === row.session,
    )
    const may = row.session !== row.pid && (group === row.pid || isIn)
    expect(done.ok).toBe(may)
    if (may) row.group = group
  }

  setSession(row: Row): void {
    const done = this.all.namespace.setSession(this.process(row.pid))
    const may = ![...this.model.rows.values()].some(({ group }) => group === row.pid)
    expect(done.ok).toBe(may)
    if (may) Object.assign(row, { group: row.pid, session: row.pid })
  }

  ignore(row: Row): void {
    must(this.process(row.pid).signals.set(SIGNAL.CHLD, 'ignore'))
    row.ignoresEnds = true
  }

  wait(row: Row, { stopped, continued }: Extract<Step, { do: 'wait' }>): void {
    const options = { noHang: true, stopped, continued }
    const answer = this.all.namespace.wait(this.process(row.pid), 'any', options)
    const children = [...this.model.rows.values()].filter(({ parent }) => parent === row.pid)
    const news = children.filter(
      ({ state, untold }) => state === 'zombie' || (untold && options[untold]),
    )
    expect(answer.ok).toBe(children.length > 0)
    const told = answer.ok === true ? answer.value : undefined
    if (told === undefined) {
      expect(news).toEqual([])
      return
    }
    const child = news.find(({ pid }) => pid === told.pid)
    expect(told.kind).toBe(child?.state === 'zombie' ? 'ended' : child?.untold)
    if (child === undefined) return
    if (told.kind !== 'ended') child.untold = undefined
    else {
      this.told.set(told.pid, (this.told.get(told.pid) ?? 0) + 1)
      this.model.rows.delete(told.pid)
    }
  }

  end(pid: number): void {
    const row = this.model.rows.get(pid)
    if (row === undefined || row.state === 'zombie') return
    this.all.namespace.ended(this.process(pid), ended(0))
    this.model.end(row)
  }

  /** What the last step has doomed comes to its end: each thread does what it was told. */
  bury(): void {
    for (let pid = this.model.doomed.shift(); pid !== undefined; pid = this.model.doomed.shift()) {
      const row = this.model.rows.get(pid)
      if (row === undefined || row.state === 'zombie') continue
      expect(toldTo(this.process(pid))).toContain(`end ${SIGNAL.HUP}`)
      this.end(pid)
    }
  }

  /** Both tables, in one form. */
  check(): void {
    const { namespace, ledger } = this.all
    const actual = [...namespace.processes.values()].map((one) => ({
      pid: one.pid,
      parent: one.parentPid,
      group: one.groupId,
      session: one.sessionId,
      state: one.state,
      untold: one.untold?.kind,
    }))
    const wanted = [...this.model.rows.values()].map(({ ignoresEnds: _, ...row }) => row)
    expect(actual).toEqual(wanted)
    expect(ledger.held().pids).toBe(wanted.length)
    for (const process of namespace.processes.values()) {
      const own = wanted.filter(({ parent }) => parent === process.pid).map(({ pid }) => pid)
      expect([...process.children].map(({ pid }) => pid).toSorted((a, b) => a - b)).toEqual(own)
    }
  }

  finish(): void {
    const { namespace, ledger, init } = this.all
    namespace.ended(init, ended(0))
    for (const process of namespace.processes.values()) {
      if (process.ended === undefined) namespace.ended(process, ended(137, 9))
    }
    expect([...namespace.processes]).toEqual([])
    expect(ledger.held()).toMatchObject({ pids: 0, fds: 0, memory: 0 })
    for (const [pid, times] of this.told) expect([pid, times]).toEqual([pid, 1])
  }
}

describe('the table of processes', () => {
  it('is what a list of facts says, after any history', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const run = new Run()
        for (const one of steps) {
          run.take(one)
          run.check()
        }
        run.finish()
      }),
      { numRuns: 300 },
    )
  })
})
