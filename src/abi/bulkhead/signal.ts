import { Errno } from '../../contract/errno.ts'
import { blocked } from '../../contract/result.ts'
import { isSignal } from '../../contract/signals.ts'
import type { SignalAction } from '../../kernel/process/signal-actions.ts'
import { changeMask, setAction } from '../../kernel/process/signal-delivery.ts'
import { type CallContext, errnoOf, type Step, suspended } from '../preview1/call.ts'

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
  if (!memory.covers(out, 4)) return Errno.FAULT
  const before = ACTIONS.indexOf(process.signals.action(signal))
  const action = ACTIONS[number]
  const set = action === undefined ? Errno.SUCCESS : errnoOf(setAction(process, signal, action))
  return set === Errno.SUCCESS ? memory.writeU32(out, before) : set
}

/** blocked@0 pending@8, of 64 bits. */
export const MASK_BYTES = 16
/** By their numbers; the last only asks. */
const MASK_CHANGES: readonly ((before: bigint, set: bigint) => bigint)[] = [
  (before, set) => before | set,
  (before, set) => before & ~set,
  (_, set) => set,
  (before) => before,
]

/**
 * Which signals are held back from now on; at `out` which were, and which of them had come.
 *
 * @returns INVAL: no such change.
 * @source sigprocmask(2), sigpending(2)
 */
export function signalMask(
  { process, memory }: CallContext,
  how: number,
  set: bigint,
  out: number,
): Errno {
  const change = MASK_CHANGES[how >>> 0]
  if (change === undefined) return Errno.INVAL
  const view = memory.zeroed(out, MASK_BYTES)
  if (!view.ok) return view.errno
  const { blocked, pending } = process.mask
  view.value.setBigUint64(0, blocked, true)
  view.value.setBigUint64(8, pending, true)
  changeMask(process, change(blocked, BigInt.asUintN(64, set)))
  return Errno.SUCCESS
}

/** ns; it is begun anew then. */
const ONE_WAIT = 86_400_000_000_000n

/**
 * Another mask, and a wait for a signal that is handled: between the two none can come. The mask stays.
 *
 * @returns INTR: a handler ran.
 * @source sigsuspend(2)
 */
export function signalSuspend(call: CallContext, set: bigint): Step {
  changeMask(call.process, BigInt.asUintN(64, set))
  return waitForHandler(call)
}

function waitForHandler(call: CallContext): Step {
  const { clock } = call.process
  // Where a clock stands, only a sleep moves it to a timer.
  const deadline = clock.waitUntil('monotonic', clock.now('monotonic') + ONE_WAIT)
  return suspended(
    blocked(() => false, deadline),
    () => waitForHandler(call),
  )
}
