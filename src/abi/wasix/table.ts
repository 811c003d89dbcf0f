import { MAX_PATH_BYTES } from '../../kernel/mount/path-walk.ts'
import { chdir } from '../bulkhead/directory.ts'
import { procKill } from '../bulkhead/signal.ts'
import { procRaiseInterval } from '../bulkhead/timer.ts'
import { procExit } from '../preview1/process.ts'
import {
  byCaller,
  byKernel,
  CHEAP,
  FILE,
  full,
  none,
  PATH,
  partial,
  type Row,
} from '../preview1/row.ts'
import { NOTHING, out, structure, text, told, upTo } from '../reach.ts'
import { clockTimeSet, threadSleep } from './clock.ts'
import { fdDup, fdDup2, fdFdflagsGet, fdFdflagsSet, fdPipe, pathOpen2 } from './descriptor.ts'
import { getcwd } from './directory.ts'
import { callbackSignal } from './handler.ts'
import {
  DISPOSITION_BYTES,
  JOIN_STATUS_BYTES,
  MAX_DISPOSITIONS,
  OPTION_PID_BYTES,
  procId,
  procJoin,
  procParent,
  procSignalsGet,
  procSignalsSizesGet,
} from './process.ts'
import { notThere, onSocket } from './socket.ts'
import {
  EXEC4_REACH,
  procExec4,
  procSpawn2,
  procSpawn3,
  SPAWN2_REACH,
  SPAWN3_REACH,
} from './spawn.ts'
import { TTY_BYTES, ttyGet, ttySet } from './terminal.ts'

const NO_NETWORK = 'there is no network yet: ENOSYS'
const NO_SOCKETS = 'no descriptor is a socket yet: EBADF or ENOTSOCK'

const socket = partial(byKernel(onSocket, NOTHING), CHEAP, NO_SOCKETS)
const network = none(byCaller(notThere), NO_NETWORK)

/** The calls of wasix_32v1 that are there. @source the guests' reference, 6.1, in its order */
export const WASIX = {
  proc_spawn2: partial(
    byKernel(procSpawn2, SPAWN2_REACH),
    PATH,
    'no newline in an argument, as the call has it',
  ),
  proc_spawn3: full(byKernel(procSpawn3, SPAWN3_REACH), PATH),
  proc_join: full(byKernel(procJoin, [out(0, OPTION_PID_BYTES), out(2, JOIN_STATUS_BYTES)]), FILE),
  proc_signal: full(byKernel(procKill, NOTHING), FILE),
  proc_id: full(byKernel(procId, [out(0, 4)]), CHEAP),
  proc_parent: full(byKernel(procParent, [out(1, 4)]), CHEAP),
  fd_pipe: full(byKernel(fdPipe, [out(0, 4), out(1, 4)]), FILE),
  fd_dup: full(byKernel(fdDup, [out(1, 4)]), FILE),
  fd_dup2: full(byKernel(fdDup2, [out(3, 4)]), FILE),
  tty_get: full(byKernel(ttyGet, [out(0, TTY_BYTES)]), FILE),
  tty_set: full(byKernel(ttySet, [structure(0, TTY_BYTES)]), FILE),
  getcwd: full(byKernel(getcwd, [upTo(0, MAX_PATH_BYTES + 1), told(1, 4)]), FILE),
  chdir: full(byKernel(chdir, [text(0, 1)]), PATH),
  callback_signal: full(byCaller(callbackSignal), CHEAP),
  thread_sleep: full(byCaller(threadSleep), FILE),
  sock_open: network,
  sock_bind: socket,
  sock_connect: socket,
  sock_listen: socket,
  sock_accept_v2: socket,
  sock_recv_from: socket,
  sock_send_to: socket,
  sock_addr_local: socket,
  sock_addr_peer: socket,
  sock_status: socket,
  sock_set_opt_flag: socket,
  sock_get_opt_flag: socket,
  sock_set_opt_time: socket,
  sock_get_opt_time: socket,
  sock_set_opt_size: socket,
  sock_get_opt_size: socket,
  resolve: network,
  proc_exit2: full(byCaller(procExit), CHEAP),
  proc_exec4: full(byKernel(procExec4, EXEC4_REACH), PATH),
  path_open2: full(byKernel(pathOpen2, [text(2, 3), out(9, 4)]), PATH),
  fd_fdflags_get: full(byKernel(fdFdflagsGet, [out(1, 2)]), CHEAP),
  fd_fdflags_set: full(byKernel(fdFdflagsSet, NOTHING), CHEAP),
  proc_signals_sizes_get: full(byKernel(procSignalsSizesGet, [out(0, 4)]), CHEAP),
  proc_signals_get: full(
    byKernel(procSignalsGet, [upTo(0, MAX_DISPOSITIONS * DISPOSITION_BYTES)]),
    CHEAP,
  ),
  proc_raise_interval: full(byKernel(procRaiseInterval, NOTHING), FILE),
  sock_pair: network,
  clock_time_set: none(byCaller(clockTimeSet), 'EPERM: the clock is the host’s'),
} as const satisfies Readonly<Record<string, Row>>
