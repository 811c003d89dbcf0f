import { Errno } from '../../contract/errno.ts'
import type { CallContext } from './call.ts'

/** No descriptor is a socket yet: closed ones answer BADF, all others NOTSOCK. */
function notASocket({ process }: CallContext, fd: number): Errno {
  return process.fds.get(fd >>> 0).ok ? Errno.NOTSOCK : Errno.BADF
}

/** @source witx `sock_accept` */
export const sockAccept = (call: CallContext, fd: number): Errno => notASocket(call, fd)
/** @source witx `sock_recv` */
export const sockRecv = (call: CallContext, fd: number): Errno => notASocket(call, fd)
/** @source witx `sock_send` */
export const sockSend = (call: CallContext, fd: number): Errno => notASocket(call, fd)
/** @source witx `sock_shutdown` */
export const sockShutdown = (call: CallContext, fd: number): Errno => notASocket(call, fd)
