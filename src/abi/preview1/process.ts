import { Errno } from '../../contract/errno.ts'
import type { LocalContext } from './call.ts'

/** Marks the process; the loop in `thread/` then leaves the guest by a trap. @source witx `proc_exit` */
export function procExit({ process }: LocalContext, status: number): Errno {
  process.exit(status >>> 0)
  return Errno.SUCCESS
}

/** There are no signals yet. @source witx `proc_raise` */
export const procRaise = (): Errno => Errno.NOTSUP

/** The caller's flags are looked at on the way back, which is all a lone process can yield to. */
export const schedYield = (): Errno => Errno.SUCCESS
