import { Errno } from '../../contract/errno.ts'
import type { CallContext } from '../preview1/call.ts'
import { sockAccept } from '../preview1/socket.ts'

/** Asks for what only a network has: a new socket, an address of a name. */
const noNetwork = (): Errno => Errno.NOSYS

/** Takes a socket first. No descriptor is one yet: BADF for a closed one, NOTSOCK for all others. */
const onSocket = (call: CallContext, fd: number): Errno => sockAccept(call, fd)

/** `sock_open(af, type, out_fd)` */
export const sockOpen = noNetwork
/** `sock_getaddrinfo(node, node_len, service, service_len, hints, out, max, out_len)` */
export const sockGetaddrinfo = noNetwork
/** `sock_bind(fd, addr, port)` */
export const sockBind = onSocket
/** `sock_connect(fd, addr, port)` */
export const sockConnect = onSocket
/** `sock_listen(fd, backlog)` */
export const sockListen = onSocket
/** `sock_accept(fd, out_fd)`: preview1's has flags between the two. */
export const sockAcceptWithoutFlags = onSocket
/** `sock_setsockopt(fd, level, name, value, value_len)` */
export const sockSetsockopt = onSocket
/** `sock_getlocaladdr(fd, addr, type, port)` */
export const sockGetlocaladdr = onSocket
/** `sock_getpeeraddr(fd, addr, type, port)` */
export const sockGetpeeraddr = onSocket
