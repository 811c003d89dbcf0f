import { describe, expect, it } from 'vitest'
import { SIGNAL } from '../../../../src/contract/signals.ts'
import { must, said } from '../../../support/errno.ts'
import { containerOf, ended, toldTo, user } from '../../../support/process-tree.ts'

const HOSTILE = [Number.NaN, 1.5, -(2 ** 31), 2 ** 31, 2 ** 32, 2 ** 53, Number.POSITIVE_INFINITY]
const ANY = { noHang: true, stopped: true, continued: true }

describe('numbers of processes', () => {
  it('grow, and are not given again while the last one knows them', () => {
    const { enter, namespace, init } = containerOf()
    const first = enter()
    namespace.ended(first, ended(0))
    expect(enter().pid).toBe(first.pid + 1)
    expect([init.pid, first.pid]).toEqual([1, 2])
  })
  it('begin again when they are used up, but for those in use as process, group or session', () => {
    const { enter, child, namespace } = containerOf()
    const leader = enter()
    const member = child(leader)
    namespace.ended(leader, ended(0))
    expect([leader.pid, member.pid, member.groupId]).toEqual([2, 3, 2])
    for (let pid = 4; pid < 32_768; pid += 1) namespace.discard(must(namespace.allocate()))
    expect(must(namespace.allocate())).toBe(4)
  })
  it('end with the limit of the container, which a discarded one gives back', () => {
    const { enter, namespace, ledger } = containerOf({ pids: 2 })
    const second = enter()
    expect(said(namespace.allocate())).toBe('AGAIN')
    namespace.ended(second, ended(0))
    const pid = must(namespace.allocate())
    namespace.discard(pid)
    namespace.discard(pid)
    namespace.discard(77)
    expect(ledger.held().pids).toBe(1)
  })
  it('are not given after the end of PID 1, which ends all others', () => {
    const { enter, child, namespace, init, ledger } = containerOf()
    const [outside, own] = [enter(), child(init)]
    namespace.ended(init, ended(0))
    expect([toldTo(outside), toldTo(own)]).toEqual([['end 9'], ['end 9']])
    for (const one of [outside, own]) namespace.ended(one, ended(137, 9))
    expect([...namespace.processes]).toEqual([])
    expect(said(namespace.allocate())).toBe('AGAIN')
    expect(ledger.held()).toMatchObject({ pids: 0, fds: 0 })
  })
})

describe('the end of a process', () => {
  it('is told once, however often it is reported', () => {
    const { child, init, namespace, ledger } = containerOf()
    const one = child(init)
    namespace.ended(one, ended(3))
    namespace.ended(one, ended(4))
    expect(must(namespace.wait(init, 'any', ANY))).toMatchObject({ exit: ended(3) })
    namespace.ended(one, ended(5))
    expect(said(namespace.wait(init, 'any', ANY))).toBe('CHILD')
    expect(ledger.held().pids).toBe(1)
  })
  it('leaves its children to PID 1, the dead among them', () => {
    const { child, init, namespace } = containerOf()
    const parent = child(init)
    const [dead, alive] = [child(parent), child(parent)]
    namespace.ended(dead, ended(3))
    init.signals.handler = true
    namespace.ended(parent, ended(0))
    expect([dead.parentPid, alive.parentPid]).toEqual([1, 1])
    expect(toldTo(init)).toEqual([`handle ${SIGNAL.CHLD}`, `handle ${SIGNAL.CHLD}`])
    const told = [0, 1].map(() => must(namespace.wait(init, 'any', ANY))?.pid)
    expect(told.toSorted()).toEqual([parent.pid, dead.pid])
    expect(must(namespace.wait(init, 'any', ANY))).toBeUndefined()
  })
  it('leaves them to nobody where an init stands in front of PID 1', () => {
    const { child, init, namespace } = containerOf({ initDefaults: true })
    const parent = child(init)
    const [dead, alive] = [child(parent), child(parent)]
    namespace.ended(dead, ended(3))
    namespace.ended(parent, ended(0))
    expect(alive.parentPid).toBe(0)
    expect([...namespace.processes.keys()]).toEqual([1, parent.pid, alive.pid])
    namespace.ended(alive, ended(0))
    expect([...namespace.processes.keys()]).toEqual([1, parent.pid])
  })
  it('wakes a group that is stopped and has nobody left', () => {
    const { enter, child, namespace } = containerOf()
    const shell = enter()
    const job = child(shell)
    must(namespace.setGroup(job, 0, 0))
    const other = child(job)
    must(namespace.signal(undefined, job.pid, SIGNAL.STOP))
    other.signals.handler = true
    toldTo(job)
    namespace.ended(shell, ended(0))
    expect(toldTo(job)).toEqual(['resume', `end ${SIGNAL.HUP}`])
    expect(toldTo(other)).toEqual([`handle ${SIGNAL.HUP}`, `handle ${SIGNAL.CONT}`])
  })
  it('wakes a group whose last live member lost its parent, though a dead one is not asked for', () => {
    const { enter, child, namespace } = containerOf()
    const shell = enter()
    const job = child(shell)
    must(namespace.setGroup(job, 0, 0))
    const left = child(job)
    must(namespace.signal(undefined, left.pid, SIGNAL.STOP))
    toldTo(left)
    namespace.ended(job, ended(0))
    expect(job.state).toBe('zombie')
    expect(toldTo(left)).toEqual(['resume', `end ${SIGNAL.HUP}`])
  })
  it('of a leader hangs its terminal up: the foreground is told, and all lose it', () => {
    const { enter, child, namespace } = containerOf()
    const log: string[] = []
    const terminal = {
      number: 0,
      session: 0,
      foreground: 0,
      handle: () => {
        throw new Error('nobody opens it')
      },
      hangUp: () => void log.push('hung up'),
    }
    const shell = enter({ terminal })
    const [front, back] = [child(shell, { terminal }), child(shell, { terminal })]
    for (const one of [front, back]) must(namespace.setGroup(one, 0, 0))
    Object.assign(terminal, { session: shell.pid, foreground: front.pid })
    namespace.ended(shell, ended(0))
    expect(toldTo(front)).toEqual([`end ${SIGNAL.HUP}`])
    expect(toldTo(back)).toEqual([])
    expect(log).toEqual(['hung up'])
    expect([front.terminal, back.terminal]).toEqual([undefined, undefined])
    expect(terminal).toMatchObject({ session: 0, foreground: 0 })
  })
})

describe('kill', () => {
  /** PID 1 of root's, and two processes of each user in groups of their own. */
  function crowd() {
    const all = containerOf()
    const root = all.enter()
    const alice = all.enter({ credentials: user(1) })
    const friend = all.child(alice)
    const bob = all.enter({ credentials: user(2) })
    return { ...all, root, alice, friend, bob, everybody: { root, alice, friend, bob } }
  }
  // Who gets a TERM that each of them sends to whom. PID 1 never does: it has no handler.
  it.each([
    ['root', 'one of its own', 'root', 'ok', 'root'],
    ['root', 'another', 'alice', 'ok', 'alice'],
    ['root', 'all', -1, 'ok', 'alice friend bob'],
    ['root', 'its group', 0, 'ok', 'root'],
    ['root', 'a group', 'group of alice', 'ok', 'alice friend'],
    ['root', 'nobody', 99, 'SRCH', ''],
    ['root', 'no group', -99, 'SRCH', ''],
    ['alice', 'one of its own', 'friend', 'ok', 'friend'],
    ['alice', 'another', 'bob', 'PERM', ''],
    ['alice', 'PID 1', 1, 'PERM', ''],
    ['alice', 'all', -1, 'ok', 'friend'],
    ['alice', 'its group', 0, 'ok', 'alice friend'],
    ['alice', 'a group', 'group of bob', 'PERM', ''],
    ['bob', 'all', -1, 'PERM', ''],
  ] as const)('by %s to %s (%s): %s, for %s', (from, _, to, answer, reached) => {
    const { namespace, everybody } = crowd()
    const group = /^group of (alice|bob)$/.exec(String(to))?.[1] as 'alice' | 'bob' | undefined // the pattern's
    const single = everybody[to as keyof typeof everybody] as (typeof everybody)['bob'] | undefined // or none
    const target = group === undefined ? (single?.pid ?? Number(to)) : -everybody[group].groupId
    const sender = everybody[from]
    expect(said(namespace.signal(sender, target, 0))).toBe(answer)
    expect(said(namespace.signal(sender, target, SIGNAL.TERM))).toBe(answer)
    const told = Object.entries(everybody).filter(([, one]) => toldTo(one).length > 0)
    expect(told.map(([name]) => name).join(' ')).toBe(reached)
  })
  it('to all is not to PID 1, also when it would take it', () => {
    const { namespace, init, root, alice } = crowd()
    init.signals.handler = true
    must(namespace.signal(root, -1, SIGNAL.TERM))
    expect([toldTo(init), toldTo(alice)]).toEqual([[], [`end ${SIGNAL.TERM}`]])
  })
  it('lets anybody of the session send CONT', () => {
    const { child, namespace, root } = crowd()
    const other = child(root, { credentials: user(3) })
    const sibling = child(root, { credentials: user(4) })
    must(namespace.signal(root, other.pid, SIGNAL.STOP))
    expect(said(namespace.signal(sibling, other.pid, SIGNAL.TERM))).toBe('PERM')
    expect(said(namespace.signal(sibling, other.pid, SIGNAL.CONT))).toBe('ok')
    expect(other.stopped).toBe(false)
  })
  it.each([-1, 65, ...HOSTILE])('knows no signal %s', (signal) => {
    const { namespace, root, alice } = crowd()
    expect(said(namespace.signal(root, alice.pid, signal))).toBe('INVAL')
    expect(toldTo(alice)).toEqual([])
  })
  it.each(HOSTILE)('knows no process %s', (target) => {
    const { namespace, root } = crowd()
    expect(said(namespace.signal(root, target, SIGNAL.TERM))).toBe('SRCH')
    expect(said(namespace.signal(undefined, 0, SIGNAL.TERM))).toBe('SRCH')
  })
  it('of the kernel reaches all of a group, whoever they are', () => {
    const { namespace, alice, friend, bob } = crowd()
    namespace.raiseGroup(alice.groupId, SIGNAL.INT)
    namespace.raise(bob, SIGNAL.PIPE)
    namespace.raiseGroup(0, SIGNAL.INT)
    expect([alice, friend, bob].map(toldTo)).toEqual([['end 2'], ['end 2'], ['end 13']])
  })
})

describe('groups and sessions', () => {
  function shell() {
    const all = containerOf()
    const leader = all.enter()
    const [first, second] = [all.child(leader), all.child(leader)]
    must(all.namespace.setGroup(first, 0, 0))
    return { ...all, leader, first, second, elsewhere: all.enter() }
  }
  it.each([
    ['a group of its own', 'second', 'self', 0, 'ok'],
    ['a group of the session', 'second', 'self', 'first', 'ok'],
    ['a group of another session', 'second', 'self', 'elsewhere', 'PERM'],
    ['no group', 'second', 'self', 99, 'PERM'],
    ['a group, leading a session', 'leader', 'self', 0, 'PERM'],
    ['a group for its child, which runs already', 'leader', 'first', 0, 'ACCES'],
    ['a group for one that is not its child', 'first', 'second', 0, 'SRCH'],
    ['a group for nobody', 'first', 99, 0, 'SRCH'],
    ...HOSTILE.map((group) => ['no number', 'second', 'self', group, 'INVAL or PERM'] as const),
  ] as const)('%s: setpgid by %s for %s to %s: %s', (_, by, whom, group, answer) => {
    const all = shell()
    const numberOf = (name: string | number): number => {
      if (typeof name === 'number') return name
      return name === 'self' ? 0 : all[name as 'first'].pid // one of the four
    }
    const before = all[by].groupId
    const done = said(all.namespace.setGroup(all[by], numberOf(whom), numberOf(group)))
    expect(answer.split(' or ')).toContain(done)
    const after = numberOf(group) === 0 ? all[by].pid : numberOf(group)
    expect(all[by].groupId).toBe(done === 'ok' ? after : before)
  })
  it('setsid makes a session without a terminal, for one that leads no group', () => {
    const { namespace, first, second, child } = shell()
    expect(said(namespace.setSession(first))).toBe('PERM')
    expect(must(namespace.setSession(second))).toBe(second.pid)
    expect(second).toMatchObject({ sessionId: second.pid, groupId: second.pid })
    expect(said(namespace.setSession(second))).toBe('PERM')
    const grown = child(second)
    must(namespace.setGroup(grown, 0, 0))
    const inIts = child(grown)
    must(namespace.setGroup(grown, 0, second.pid))
    // A group that bears its number is left behind.
    expect(said(namespace.setSession(grown))).toBe('PERM')
    expect(inIts.groupId).toBe(grown.pid)
  })
  it('tells group and session of everybody', () => {
    const { namespace, leader, first } = shell()
    expect(must(namespace.groupOf(leader, first.pid))).toBe(first.pid)
    expect(must(namespace.sessionOf(first, 0))).toBe(leader.pid)
    expect(said(namespace.groupOf(leader, 99))).toBe('SRCH')
    expect(said(namespace.sessionOf(leader, Number.NaN))).toBe('SRCH')
  })
})
