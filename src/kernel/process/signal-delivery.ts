import { defaultActionOf, SIGNAL } from '../../contract/signals.ts'
import type { Process } from './process.ts'
import { isOrphaned } from './process-groups.ts'

const INIT = 1

/** Who sends: what PID 1 takes hangs on it. */
export type Origin = 'inside' | 'host'

/** Stops that ask for it; STOP is an order. */
const POLITE_STOPS: ReadonlySet<number> = new Set([SIGNAL.TSTP, SIGNAL.TTIN, SIGNAL.TTOU])

/** PID 1 has no default actions: from inside nothing ends or stops it, from the host KILL and STOP do. */
function protectsItself(process: Process, signal: number, origin: Origin): boolean {
  if (process.pid !== INIT || process.namespace.initDefaults) return false
  return origin === 'inside' || (signal !== SIGNAL.KILL && signal !== SIGNAL.STOP)
}

/** @source signal(7); pid_namespaces(7), "The namespace init process" */
export function deliver(process: Process, signal: number, origin: Origin): void {
  if (process.ended !== undefined) return
  if (signal === SIGNAL.CONT) goOn(process)
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
