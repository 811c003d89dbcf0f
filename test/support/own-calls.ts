import { BULKHEAD } from '../../src/abi/bulkhead/table.ts'
import type { Row } from '../../src/abi/preview1/row.ts'
import { PREVIEW1_COPYING } from '../../src/abi/preview1/table.ts'
import { WASIX } from '../../src/abi/wasix/table.ts'
import { type Argument, callable } from './calls.ts'

const out = (at: number, bytes: number): Argument => ({ at, bytes, reads: false })
const given = (at: number, bytes: number): Argument => ({ at, bytes, reads: true })
const length = (count: number): Argument => ({ length: count })

/** As `callable` has them: `dir/file`, `new`, `empty`. */
const FILE = [given(0, 8), length(8)] as const
const NEW = [given(16, 3), length(3)] as const
const EMPTY = [given(48, 5), length(5)] as const
const ROOT = 3
const OPEN = 4
/** A plain request to spawn, an option_pid, a limit, and lists of texts: see `prepared`. */
const REQUEST = { at: 3_000, bytes: 46 }
const OPTION = 3_100
const LIMIT = 3_120
const LIST = 3_200
const OP = 3_300
const CHANGE = 3_360
const SIZE = 3_380
const HANDLER = 3_400

/** Every call, with arguments with which it succeeds, waits, or fails for what the test lacks. */
const BULKHEAD_CALLS: Readonly<Record<keyof typeof BULKHEAD, readonly Argument[]>> = {
  fd_dup: [OPEN, 0, 1, out(1_000, 4)],
  fd_dup_to: [OPEN, 9, 1],
  fd_pipe: [3, out(1_000, 8)],
  fd_flags_get: [OPEN, out(1_000, 4)],
  fd_flags_set: [OPEN, 1],
  path_open: [ROOT, ...NEW, 0x13, 0o644, out(1_000, 4)],
  path_mkdir: [ROOT, ...NEW, 0o755],
  fd_stat: [OPEN, out(1_000, 88)],
  path_stat: [ROOT, 1, ...FILE, out(1_000, 88)],
  fd_chmod: [OPEN, 0o600],
  path_chmod: [ROOT, 1, ...FILE, 0o600],
  fd_chown: [OPEN, 5, 6],
  path_chown: [ROOT, 1, ...FILE, 5, 6],
  path_access: [ROOT, 1, ...FILE, 4],
  fd_statfs: [OPEN, out(1_000, 56)],
  path_statfs: [ROOT, ...FILE, out(1_000, 56)],
  getcwd: [out(1_100, 1), 100, out(1_000, 4)],
  chdir: [...EMPTY],
  fchdir: [ROOT],
  proc_spawn: [given(REQUEST.at, REQUEST.bytes), length(REQUEST.bytes), out(1_000, 4)],
  proc_exec: [given(REQUEST.at, REQUEST.bytes), length(REQUEST.bytes)],
  proc_wait: [-1, 1, out(1_000, 24)],
  proc_kill: [1, 0],
  proc_identity: [out(1_000, 24)],
  proc_groups: [1_100, 4, out(1_000, 4)],
  proc_group_get: [0, out(1_000, 4)],
  proc_group_set: [0, 0],
  proc_session_get: [0, out(1_000, 4)],
  proc_session_new: [out(1_000, 4)],
  proc_umask: [0o77, out(1_000, 4)],
  proc_times: [out(1_000, 32)],
  proc_limit_get: [7, out(1_000, 16)],
  proc_limit_set: [7, given(LIMIT, 16)],
  signal_action: [10, 2, out(1_000, 4)],
  signal_mask: [0, 0x800n, out(1_000, 16)],
  signal_suspend: [0n],
  timer_get: [out(1_000, 16)],
  timer_set: [5_000_000_000n, 0n, out(1_000, 16)],
  tty_attributes_get: [0, 1_000],
  tty_attributes_set: [0, 0, 2_000],
  tty_window_get: [0, 1_000],
  tty_window_set: [0, 2_000],
  tty_group_get: [0, 1_000],
  tty_group_set: [0, 1],
  tty_session_get: [0, 1_000],
}

const TEXTS = [given(LIST, 8), 2, given(LIST, 8), 2] as const
const BEHIND = [given(OP, 56), length(1), given(CHANGE, 2), 1, 1, ...NEW] as const

const WASIX_CALLS: Readonly<Record<keyof typeof WASIX, readonly Argument[]>> = {
  proc_spawn2: [...NEW, ...FILE, ...FILE, ...BEHIND, out(1_000, 4)],
  proc_spawn3: [...NEW, ...TEXTS, ...BEHIND, out(1_000, 4)],
  proc_join: [given(OPTION, 8), 1, out(1_000, 6)],
  proc_signal: [1, 0],
  proc_id: [out(1_000, 4)],
  proc_parent: [1, out(1_000, 4)],
  fd_pipe: [out(1_000, 4), out(1_100, 4)],
  fd_dup: [OPEN, out(1_000, 4)],
  fd_dup2: [OPEN, 9, 1, out(1_000, 4)],
  tty_get: [1_000],
  tty_set: [2_000],
  getcwd: [out(1_000, 2), given(SIZE, 4)],
  chdir: [...EMPTY],
  callback_signal: [given(HANDLER, 7), length(7)],
  thread_sleep: [0n],
  sock_open: [0, 0, 0, 1_000],
  sock_bind: [OPEN, 1_000],
  sock_connect: [OPEN, 1_000],
  sock_listen: [OPEN, 1],
  sock_accept_v2: [OPEN, 0, 1_000, 1_100],
  sock_recv_from: [OPEN, 200, 1, 0, 1_000, 1_100, 1_200],
  sock_send_to: [OPEN, 200, 1, 0, 1_000, 1_100],
  sock_addr_local: [OPEN, 1_000],
  sock_addr_peer: [OPEN, 1_000],
  sock_status: [OPEN, 1_000],
  sock_set_opt_flag: [OPEN, 1, 1],
  sock_get_opt_flag: [OPEN, 1, 1_000],
  sock_set_opt_time: [OPEN, 1, 1_000],
  sock_get_opt_time: [OPEN, 1, 1_000],
  sock_set_opt_size: [OPEN, 1, 1n],
  sock_get_opt_size: [OPEN, 1, 1_000],
  resolve: [0, 3, 80, 1_000, 1, 1_100],
  proc_exit2: [3],
  proc_exec4: [...NEW, ...TEXTS, 1, ...NEW],
  path_open2: [ROOT, 1, ...FILE, 0, 66n, 0n, 0, 1, out(1_000, 4)],
  fd_fdflags_get: [OPEN, out(1_000, 2)],
  fd_fdflags_set: [OPEN, 1],
  proc_signals_sizes_get: [out(1_000, 4)],
  proc_signals_get: [1_000],
  proc_raise_interval: [14, 0n, 0],
  sock_pair: [0, 0, 0, 1_000, 1_100],
  clock_time_set: [0, 0n],
}

export interface OwnCall {
  readonly table: string
  readonly name: string
  readonly row: Row
  readonly args: readonly Argument[]
}
const callsOf = (
  table: string,
  rows: Readonly<Record<string, Row>>,
  calls: Readonly<Record<string, readonly Argument[]>>,
): readonly OwnCall[] =>
  Object.entries(rows).map(([name, row]) => ({ table, name, row, args: calls[name] ?? [] }))

const COPIES = { fd_renumber: PREVIEW1_COPYING['fd_renumber'] as Row } // every row of preview 1 is there

/** All calls of wasix_32v1 and bulkhead_v1. */
export const OWN_CALLS: readonly OwnCall[] = [
  ...callsOf('bulkhead_v1', BULKHEAD, BULKHEAD_CALLS),
  ...callsOf('wasix_32v1', WASIX, WASIX_CALLS),
  ...callsOf('copying', COPIES, { fd_renumber: [OPEN, 0] }),
]

/** `callable`, and in its memory what the calls above point to. */
export function prepared() {
  const process = callable()
  const { view, bytes, put } = process
  // A program that is not there: nothing launches any.
  bytes.fill(0, REQUEST.at, REQUEST.at + 32)
  view.setUint32(REQUEST.at, 1, true)
  view.setUint32(REQUEST.at + 12, 1, true)
  view.setUint32(REQUEST.at + 4, 1, true)
  put(REQUEST.at + 32, '/bin/none\0none\0'.slice(0, 14))
  bytes[REQUEST.at + 45] = 0
  bytes.fill(0, OPTION, OPTION + 8)
  view.setBigUint64(LIMIT, 16n, true)
  view.setBigUint64(LIMIT + 8, 64n, true)
  view.setUint32(LIST, LIST + 8, true)
  view.setUint32(LIST + 4, LIST + 12, true)
  put(LIST + 8, 'one\0two\0')
  bytes.fill(0, OP, OP + 56)
  bytes[OP] = 3
  view.setUint32(OP + 12, 48, true)
  view.setUint32(OP + 16, 5, true)
  bytes.set([10, 1], CHANGE)
  view.setUint32(SIZE, 100, true)
  put(HANDLER, 'handler')
  return process
}
