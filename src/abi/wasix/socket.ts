import { Errno } from '../../contract/errno.ts'
import type { CallContext } from '../preview1/call.ts'
import { sockAccept } from '../preview1/socket.ts'

/** Asks for what is not there: a new socket, an address of a name, a timer. */
export const notThere = (): Errno => Errno.NOSYS

/** Takes a socket first. No descriptor is one yet: BADF for a closed one, NOTSOCK for all others. */
export const onSocket = (call: CallContext, fd: number): Errno => sockAccept(call, fd)
