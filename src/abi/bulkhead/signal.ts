import { Errno } from '../../contract/errno.ts'
import { isSignal } from '../../contract/signals.ts'
import type { SignalAction } from '../../kernel/process/signal-actions.ts'
import { type CallContext, errnoOf } from '../preview1/call.ts'

/** By their numbers. */
const ACTIONS: readonly SignalAction[] = ['default', 'ignore', 'handle', 'restart']
/** The number that only asks. */
const KEEP = ACTIONS.length

/** @source kill(2) */
export const procKill = ({ process }: CallContext, target: number, signal: number): Errno =>
  errnoOf(process.namespace.signal(process, target, signal))

/**
 * What the process does about a signal from now on; at `out` what it did before.
 *
 * @returns INVAL: no signal, no action, or KILL or STOP, about which only their default can be asked.
 * @source sigaction(2)
 */
export function signalAction(
  { process, memory }: CallContext,
  signal: number,
  number: number,
  out: number,
): Errno {
  if (!isSignal(signal) || number >>> 0 > KEEP) return Errno.INVAL
  if (!memory.view(out, 4).ok) return Errno.FAULT
  const before = ACTIONS.indexOf(process.signals.action(signal))
  const action = ACTIONS[number]
  const set = action === undefined ? Errno.SUCCESS : errnoOf(process.signals.set(signal, action))
  return set === Errno.SUCCESS ? memory.writeU32(out, before) : set
}
