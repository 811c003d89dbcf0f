import { Errno } from '../../contract/errno.ts'
import { isSignal, SIGNAL } from '../../contract/signals.ts'
import type { TimerSetting } from '../../kernel/process/interval-timers.ts'
import type { CallContext } from '../preview1/call.ts'

/** first@0 interval@8, of 64 bits, ns. */
export const TIMER_BYTES = 16

function writeSetting({ memory }: CallContext, out: number, setting: TimerSetting): Errno {
  const view = memory.zeroed(out, TIMER_BYTES)
  if (!view.ok) return view.errno
  view.value.setBigUint64(0, setting.first, true)
  view.value.setBigUint64(8, setting.interval, true)
  return Errno.SUCCESS
}

/** What is left of the timer that sends SIGALRM. @source getitimer(2), ITIMER_REAL */
export const timerGet = (call: CallContext, out: number): Errno =>
  writeSetting(call, out, call.process.namespace.timers.get(call.process, SIGNAL.ALRM))

/**
 * SIGALRM after `first` ns, then every `interval` ns; at `out` what was left of the timer before.
 *
 * @param first - 0: no timer.
 * @param interval - 0: it comes once.
 * @source setitimer(2), ITIMER_REAL
 */
export function timerSet(call: CallContext, first: bigint, interval: bigint, out: number): Errno {
  const { process, memory } = call
  if (!memory.covers(out, TIMER_BYTES)) return Errno.FAULT
  const setting = { first: BigInt.asUintN(64, first), interval: BigInt.asUintN(64, interval) }
  return writeSetting(call, out, process.namespace.timers.set(process, SIGNAL.ALRM, setting))
}

/**
 * As WASIX has it: any signal, each of its own timer.
 *
 * @param ns - 0: none any more.
 * @returns INVAL: no signal.
 * @source the guests' reference, 6.1
 */
export function procRaiseInterval(
  { process }: CallContext,
  signal: number,
  ns: bigint,
  repeat: number,
): Errno {
  if (!isSignal(signal)) return Errno.INVAL
  const first = BigInt.asUintN(64, ns)
  process.namespace.timers.set(process, signal, { first, interval: repeat === 0 ? 0n : first })
  return Errno.SUCCESS
}
