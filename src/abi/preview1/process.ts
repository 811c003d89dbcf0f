import { Errno } from '../../contract/errno.ts'
import { type CallContext, errnoOf, type LocalContext } from './call.ts'

/** Marks the process; the loop in `thread/` then leaves the guest by a trap. @source witx `proc_exit` */
export function procExit({ process }: LocalContext, status: number): Errno {
  process.exit(status >>> 0)
  return Errno.SUCCESS
}

/** WASI counts as Linux does, but has no STKFLT. @source witx `signal` */
const STKFLT = 16
const LAST_WASI_SIGNAL = 30

/** Sends itself a signal; 0 is none. INVAL: no such signal. @source witx `proc_raise`; raise(3) */
export function procRaise({ process }: CallContext, signal: number): Errno {
  if (signal >>> 0 > LAST_WASI_SIGNAL) return Errno.INVAL
  const number = signal < STKFLT ? signal : signal + 1
  return errnoOf(process.namespace.signal(process, process.pid, number))
}

/** The caller's flags are looked at on the way back, which is all a lone process can yield to. */
export const schedYield = (): Errno => Errno.SUCCESS
