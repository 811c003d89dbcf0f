import type { ClockId } from '../../contract/clock.ts'
import { Errno } from '../../contract/errno.ts'
import type { LocalContext } from './call.ts'

/** Index = `clockid` in the witx file. */
export const CLOCKS: readonly ClockId[] = ['realtime', 'monotonic', 'process-cpu', 'thread-cpu']

/** INVAL: no such clock. @source witx `clock_res_get` */
export function clockResGet({ process, memory }: LocalContext, id: number, out: number): Errno {
  const clock = CLOCKS[id]
  return clock === undefined ? Errno.INVAL : memory.writeU64(out, process.clock.resolution(clock))
}

/**
 * One clock's time, in nanoseconds.
 *
 * @param _precision - lag the guest would accept, in ns. Ignored: the granularity is the host's choice.
 * @returns INVAL: no such clock. FAULT: out .. out+8 is not within guest memory.
 * @source witx `clock_time_get`; POSIX cousin: clock_gettime(2)
 */
export function clockTimeGet(
  { process, memory }: LocalContext,
  id: number,
  _precision: bigint,
  out: number,
): Errno {
  const clock = CLOCKS[id]
  return clock === undefined ? Errno.INVAL : memory.writeU64(out, process.clock.now(clock))
}
