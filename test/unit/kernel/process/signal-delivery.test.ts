import { describe, expect, it } from 'vitest'
import { SIGNAL, type SignalName } from '../../../../src/contract/signals.ts'
import type { Process } from '../../../../src/kernel/process/process.ts'
import type { SignalAction } from '../../../../src/kernel/process/signal-actions.ts'
import { must, said } from '../../../support/errno.ts'
import { containerOf, toldTo } from '../../../support/process-tree.ts'

/** Signals that do the same by default. @source signal(7) */
const CLASSES = {
  terminate:
    'HUP INT QUIT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 PIPE ALRM TERM STKFLT XCPU XFSZ VTALRM PROF IO PWR SYS',
  kill: 'KILL',
  stop: 'STOP',
  'ask to stop': 'TSTP TTIN TTOU',
  ignore: 'CHLD URG WINCH',
  continue: 'CONT',
} as const
type Class = keyof typeof CLASSES
const REAL_TIME = Array.from({ length: 33 }, (_, index) => 32 + index)
const numbersOf = (kind: Class): readonly number[] => {
  const named = CLASSES[kind].split(' ').map((name) => SIGNAL[name as SignalName]) // all are names
  return kind === 'terminate' ? [...named, ...REAL_TIME] : named
}

/** What a thread is told of a signal that has its default action. `later`: when it goes on. */
const BY_DEFAULT = `
               shell's-job  orphan  stopped  init-from-inside  init-from-host  init-behind-another
  terminate    end          end     later    -                 -               end
  kill         end          end     end      -                 end             end
  stop         stop         stop    -        -                 stop            stop
  ask_to_stop  stop         -       -        -                 -               -
  ignore       -            -       -        -                 -               -
  continue     -            -       resume   -                 -               -
`
const [header = [], ...rows] = BY_DEFAULT.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
type Kind = 'job' | 'orphan' | 'stopped' | 'inside' | 'host' | 'behind'
const KINDS: readonly Kind[] = ['job', 'orphan', 'stopped', 'inside', 'host', 'behind']
const ACTIONS: readonly SignalAction[] = ['default', 'ignore', 'handle', 'restart']

/** A process of that kind, and who sends it something. */
function subject(kind: Kind): { readonly process: Process; send(signal: number): void } {
  const all = containerOf({ initDefaults: kind === 'behind' })
  const { namespace, init } = all
  const shell = all.enter()
  const job = all.child(shell)
  must(namespace.setGroup(job, 0, 0))
  const process = { job, stopped: job, orphan: all.enter() }[kind as 'job'] ?? init // the rest are PID 1
  if (kind === 'stopped') must(namespace.signal(undefined, process.pid, SIGNAL.STOP))
  toldTo(process)
  const sender = kind === 'host' ? undefined : shell
  return {
    process,
    send: (signal) => void must(namespace.signal(sender, process.pid, signal)),
  }
}

function expected(kind: Class, to: Kind, signal: number, action: SignalAction): readonly string[] {
  const row = rows.find(([name]) => name === kind.replaceAll(' ', '_')) ?? []
  const cell = row[1 + KINDS.indexOf(to)] ?? 'no cell'
  const woken = kind === 'continue' && to === 'stopped' ? ['resume'] : []
  const unchangeable = kind === 'kill' || kind === 'stop'
  if (action === 'default' || unchangeable) {
    return cell === '-' || cell === 'later' ? [] : [cell === 'end' ? `end ${signal}` : cell]
  }
  if (action === 'ignore') return woken
  return [...woken, action === 'handle' ? `handle ${signal}` : `handle ${signal} and go on`]
}

describe('a signal', () => {
  it('is in one row of the table, for every number and every kind of process', () => {
    const all = rows.flatMap(([name = '']) => numbersOf(name.replaceAll('_', ' ') as Class)) // checked below
    expect(rows.map(([name]) => name?.replaceAll('_', ' '))).toEqual(Object.keys(CLASSES))
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, at) => at + 1))
    expect(header).toHaveLength(KINDS.length)
  })
  const cells = (Object.keys(CLASSES) as readonly Class[]).flatMap((kind) =>
    KINDS.flatMap((to) => ACTIONS.map((action) => [kind, to, action] as const)),
  )
  it.each(cells)('%s, to %s, with %s', (kind, to, action) => {
    for (const signal of numbersOf(kind)) {
      const { process, send } = subject(to)
      const set = process.signals.set(signal, action)
      expect(said(set)).toBe(kind === 'kill' || kind === 'stop' ? 'INVAL' : 'ok')
      send(signal)
      expect([signal, toldTo(process)]).toEqual([signal, expected(kind, to, signal, action)])
    }
  })
  it('that would end a stopped process ends it when it goes on', () => {
    const { process, send } = subject('stopped')
    send(SIGNAL.TERM)
    send(SIGNAL.HUP)
    expect(toldTo(process)).toEqual([])
    send(SIGNAL.CONT)
    expect(toldTo(process)).toEqual(['resume', `end ${SIGNAL.TERM}`])
  })
  it('is nothing to one that has ended', () => {
    const all = containerOf()
    const child = all.child(all.init)
    all.namespace.ended(child, { code: 3, signal: undefined })
    for (const signal of [0, SIGNAL.KILL, SIGNAL.STOP, SIGNAL.CONT, SIGNAL.TERM]) {
      expect(said(all.namespace.signal(undefined, child.pid, signal))).toBe('ok')
    }
    expect(toldTo(child)).toEqual([])
    expect(child.state).toBe('zombie')
  })
  it('tells the parent of a stop and of going on, once each', () => {
    const all = containerOf()
    const { namespace } = all
    const shell = all.enter()
    const job = all.child(shell)
    shell.signals.handler = true
    for (const signal of [SIGNAL.STOP, SIGNAL.STOP, SIGNAL.CONT, SIGNAL.CONT]) {
      must(namespace.signal(shell, job.pid, signal))
    }
    expect(toldTo(shell)).toEqual([`handle ${SIGNAL.CHLD}`, `handle ${SIGNAL.CHLD}`])
    expect(toldTo(job)).toEqual(['stop', 'resume'])
  })
})
