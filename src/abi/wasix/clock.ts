import { Errno } from '../../contract/errno.ts'
import { blocked } from '../../contract/result.ts'
import { type LocalContext, type Step, suspended } from '../preview1/call.ts'

/** INTR: a handler ran meanwhile. @source the guests' reference, 6.1; nanosleep(2) */
export function threadSleep({ process }: LocalContext, ns: bigint): Step {
  const until = process.clock.now('monotonic') + BigInt.asUintN(64, ns)
  return sleepUntil(process.clock, until)
}

function sleepUntil(clock: LocalContext['process']['clock'], until: bigint): Step {
  if (clock.now('monotonic') >= until) return Errno.SUCCESS
  const deadline = clock.waitUntil('monotonic', until)
  return suspended(
    blocked(() => false, deadline),
    () => sleepUntil(clock, until),
  )
}

/** The host's clock is nobody's to set. */
export const clockTimeSet = (): Errno => Errno.PERM
