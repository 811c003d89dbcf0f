import type { Result } from '../../contract/result.ts'
import { defaultActionOf, isSignal, SIGNAL } from '../../contract/signals.ts'
import type { Process } from './process.ts'
import { isOrphaned } from './process-groups.ts'
import type { SignalAction } from './signal-actions.ts'
import type { SignalSet } from './signal-mask.ts'

const INIT = 1

/** Who sends: what PID 1 takes hangs on it. */
export type Origin = 'inside' | 'host'

/** Stops that ask for it; STOP is an order. */
const POLITE_STOPS: ReadonlySet<number> = new Set([SIGNAL.TSTP, SIGNAL.TTIN, SIGNAL.TTOU])
/** Each of them takes back a CONT that waits, and CONT all of them. */
const STOPS: ReadonlySet<number> = new Set([SIGNAL.STOP, ...POLITE_STOPS])

/** PID 1 has no default actions: from inside nothing ends or stops it, from the host KILL and STOP do. */
function protectsItself(process: Process, signal: number, origin: Origin): boolean {
  if (process.pid !== INIT || process.namespace.initDefaults) return false
  return origin === 'inside' || (signal !== SIGNAL.KILL && signal !== SIGNAL.STOP)
}

/** @source signal(7); pid_namespaces(7), "The namespace init process" */
export function deliver(process: Process, signal: number, origin: Origin): void {
  if (process.ended !== undefined) return
  const { mask } = process
  if (signal === SIGNAL.CONT) {
    for (const stop of STOPS) mask.drop(stop)
    goOn(process)
  } else if (STOPS.has(signal)) mask.drop(SIGNAL.CONT)
  arrive(process, signal, origin)
}

/** It had come for a handler that is gone since: it does what it does now. @source execve(2) */
export function comeBack(process: Process, signal: number): void {
  if (process.ended === undefined && isSignal(signal)) arrive(process, signal, 'inside')
}

function arrive(process: Process, signal: number, origin: Origin): void {
  // Also one that is ignored: that may be another by the time it is let through.
  if (process.mask.blocks(signal)) process.mask.keep(signal)
  else act(process, signal, origin)
}

/** Another mask: what it lets through and had come does what it does. @source sigprocmask(2) */
export function changeMask(process: Process, blocked: SignalSet): void {
  for (const signal of process.mask.change(blocked)) act(process, signal, 'inside')
}

/** INVAL: KILL, STOP, or no signal. One that had come and is ignored now does not count. @source sigaction(2) */
export function setAction(
  process: Process,
  signal: number,
  action: SignalAction,
): Result<undefined> {
  const set = process.signals.set(signal, action)
  const isNothing = action === 'default' && defaultActionOf(signal) === 'ignore'
  if (set.ok && (action === 'ignore' || isNothing)) process.mask.drop(signal)
  return set
}

function act(process: Process, signal: number, origin: Origin): void {
  const action = process.signals.action(signal)
  if (action === 'ignore') return
  if (action !== 'default') process.thread.handle(signal, action === 'handle')
  else if (!protectsItself(process, signal, origin)) byDefault(process, signal)
}

function byDefault(process: Process, signal: number): void {
  const action = defaultActionOf(signal)
  if (action === 'stop') stop(process, signal)
  if (action === 'terminate') end(process, signal)
}

/** One that is stopped ends when it goes on; only KILL does not wait for that. */
function end(process: Process, signal: number): void {
  if (process.stopped && signal !== SIGNAL.KILL) process.endsWith ??= signal
  else process.thread.end(signal)
}

function stop(process: Process, signal: number): void {
  if (process.stopped || (POLITE_STOPS.has(signal) && isOrphaned(process))) return
  process.stopped = true
  process.thread.stop()
  tellParent(process, { kind: 'stopped', signal })
}

function goOn(process: Process): void {
  if (!process.stopped) return
  process.stopped = false
  process.thread.resume()
  tellParent(process, { kind: 'continued' })
  if (process.endsWith !== undefined) process.thread.end(process.endsWith)
}

function tellParent(process: Process, change: NonNullable<Process['untold']>): void {
  process.untold = change
  const { parent } = process
  if (parent !== undefined) deliver(parent, SIGNAL.CHLD, 'inside')
}
