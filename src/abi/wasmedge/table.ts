import { byCaller, byKernel, CHEAP, none, partial, type Row } from '../preview1/row.ts'
import { PREVIEW1 } from '../preview1/table.ts'
import { NOTHING } from '../reach.ts'
import {
  sockAcceptWithoutFlags,
  sockBind,
  sockConnect,
  sockGetaddrinfo,
  sockGetlocaladdr,
  sockGetpeeraddr,
  sockListen,
  sockOpen,
  sockSetsockopt,
} from './socket.ts'

const NO_NETWORK = 'there is no network yet: ENOSYS'
const NO_SOCKETS = 'no descriptor is a socket yet: EBADF or ENOTSOCK'

/** What WasmEdge has beside preview1's calls, and the one it has in another form. */
export const WASMEDGE_SOCKETS = {
  sock_open: none(byCaller(sockOpen), NO_NETWORK),
  sock_bind: partial(byKernel(sockBind, NOTHING), CHEAP, NO_SOCKETS),
  sock_connect: partial(byKernel(sockConnect, NOTHING), CHEAP, NO_SOCKETS),
  sock_listen: partial(byKernel(sockListen, NOTHING), CHEAP, NO_SOCKETS),
  sock_accept: partial(
    byKernel(sockAcceptWithoutFlags, NOTHING),
    CHEAP,
    `without flags; ${NO_SOCKETS}`,
  ),
  sock_setsockopt: partial(byKernel(sockSetsockopt, NOTHING), CHEAP, NO_SOCKETS),
  sock_getlocaladdr: partial(byKernel(sockGetlocaladdr, NOTHING), CHEAP, NO_SOCKETS),
  sock_getpeeraddr: partial(byKernel(sockGetpeeraddr, NOTHING), CHEAP, NO_SOCKETS),
  sock_getaddrinfo: none(byCaller(sockGetaddrinfo), NO_NETWORK),
} as const satisfies Readonly<Record<string, Row>>

/** `wasi_snapshot_preview1` for a module that was made for WasmEdge. @source the WASI reference, 2.2 */
export const WASMEDGE: Readonly<Record<string, Row>> = { ...PREVIEW1, ...WASMEDGE_SOCKETS }
