import { MAX_GROUPS } from '../../contract/identity.ts'
import { MAX_PATH_BYTES } from '../../kernel/mount/path-walk.ts'
import { byKernel, CHEAP, FILE, full, PATH, partial, type Row } from '../preview1/row.ts'
import { filled, input, NOTHING, out, room, structure, text } from '../reach.ts'
import { fdChmod, fdChown, pathAccess, pathChmod, pathChown } from './attributes.ts'
import { fdDup, fdDupTo, fdFlagsGet, fdFlagsSet, fdPipe } from './descriptor.ts'
import { chdir, fchdir, getcwd } from './directory.ts'
import {
  IDENTITY_BYTES,
  procGroupGet,
  procGroupSet,
  procGroups,
  procIdentity,
  procSessionGet,
  procSessionNew,
  procUmask,
} from './identity.ts'
import { pathMkdir, pathOpen } from './open.ts'
import { LIMIT_BYTES, procLimitGet, procLimitSet, procTimes, TIMES_BYTES } from './resources.ts'
import { MASK_BYTES, procKill, signalAction, signalMask, signalSuspend } from './signal.ts'
import { procExec, procSpawn } from './spawn.ts'
import { MAX_REQUEST_BYTES } from './spawn-request.ts'
import { fdStat, pathStat, STAT_BYTES } from './stat.ts'
import { fdStatfs, pathStatfs, STATFS_BYTES } from './statfs.ts'
import {
  ATTRIBUTES_BYTES,
  ttyAttributesGet,
  ttyAttributesSet,
  ttyGroupGet,
  ttyGroupSet,
  ttySessionGet,
  ttyWindowGet,
  ttyWindowSet,
  WINDOW_BYTES,
} from './terminal.ts'
import { TIMER_BYTES, timerGet, timerSet } from './timer.ts'
import { procWait, WAITED_BYTES } from './wait.ts'

const request = input(0, 1, 1, MAX_REQUEST_BYTES)

/**
 * Every call of bulkhead_v1: what POSIX programs need beside preview 1.
 *
 * @source guests/sdk/c/include/bulkhead.h, in its order
 */
export const BULKHEAD = {
  fd_dup: full(byKernel(fdDup, [out(3, 4)]), FILE),
  fd_dup_to: full(byKernel(fdDupTo, NOTHING), FILE),
  fd_pipe: full(byKernel(fdPipe, [out(1, 8)]), FILE),
  fd_flags_get: full(byKernel(fdFlagsGet, [out(1, 4)]), CHEAP),
  fd_flags_set: full(byKernel(fdFlagsSet, NOTHING), CHEAP),
  path_open: full(byKernel(pathOpen, [text(1, 2), out(5, 4)]), PATH),
  path_mkdir: full(byKernel(pathMkdir, [text(1, 2)]), PATH),
  fd_stat: full(byKernel(fdStat, [out(1, STAT_BYTES)]), FILE),
  path_stat: full(byKernel(pathStat, [text(2, 3), out(4, STAT_BYTES)]), PATH),
  fd_chmod: full(byKernel(fdChmod, NOTHING), FILE),
  path_chmod: full(byKernel(pathChmod, [text(2, 3)]), PATH),
  fd_chown: full(byKernel(fdChown, NOTHING), FILE),
  path_chown: full(byKernel(pathChown, [text(2, 3)]), PATH),
  path_access: full(byKernel(pathAccess, [text(2, 3)]), PATH),
  fd_statfs: partial(byKernel(fdStatfs, [out(1, STATFS_BYTES)]), FILE, 'files are not counted'),
  path_statfs: partial(
    byKernel(pathStatfs, [text(1, 2), out(3, STATFS_BYTES)]),
    PATH,
    'files are not counted',
  ),
  getcwd: full(byKernel(getcwd, [filled(0, 1, MAX_PATH_BYTES, 2), out(2, 4)]), FILE),
  chdir: full(byKernel(chdir, [text(0, 1)]), PATH),
  fchdir: full(byKernel(fchdir, NOTHING), FILE),
  proc_spawn: full(byKernel(procSpawn, [request, out(2, 4)]), PATH),
  proc_exec: full(byKernel(procExec, [request]), PATH),
  proc_wait: full(byKernel(procWait, [out(2, WAITED_BYTES)]), FILE),
  proc_kill: full(byKernel(procKill, NOTHING), FILE),
  proc_identity: full(byKernel(procIdentity, [out(0, IDENTITY_BYTES)]), CHEAP),
  proc_groups: full(byKernel(procGroups, [room(0, 1, MAX_GROUPS * 4, 4), out(2, 4)]), CHEAP),
  proc_group_get: full(byKernel(procGroupGet, [out(1, 4)]), CHEAP),
  proc_group_set: full(byKernel(procGroupSet, NOTHING), FILE),
  proc_session_get: full(byKernel(procSessionGet, [out(1, 4)]), CHEAP),
  proc_session_new: full(byKernel(procSessionNew, [out(0, 4)]), FILE),
  proc_umask: full(byKernel(procUmask, [out(1, 4)]), CHEAP),
  proc_times: partial(byKernel(procTimes, [out(0, TIMES_BYTES)]), CHEAP, 'no system time: 0'),
  proc_limit_get: full(byKernel(procLimitGet, [out(1, LIMIT_BYTES)]), CHEAP),
  proc_limit_set: partial(
    byKernel(procLimitSet, [structure(1, LIMIT_BYTES)]),
    FILE,
    'RLIMIT_FSIZE, RLIMIT_NPROC, RLIMIT_NOFILE; EPERM for another value of others',
  ),
  signal_action: full(byKernel(signalAction, [out(2, 4)]), FILE),
  signal_mask: full(byKernel(signalMask, [out(2, MASK_BYTES)]), FILE),
  signal_suspend: full(byKernel(signalSuspend, NOTHING), FILE),
  timer_get: full(byKernel(timerGet, [out(0, TIMER_BYTES)]), CHEAP),
  timer_set: full(byKernel(timerSet, [out(2, TIMER_BYTES)]), FILE),
  tty_attributes_get: full(byKernel(ttyAttributesGet, [out(1, ATTRIBUTES_BYTES)]), FILE),
  tty_attributes_set: full(byKernel(ttyAttributesSet, [structure(2, ATTRIBUTES_BYTES)]), FILE),
  tty_window_get: full(byKernel(ttyWindowGet, [out(1, WINDOW_BYTES)]), FILE),
  tty_window_set: full(byKernel(ttyWindowSet, [structure(1, WINDOW_BYTES)]), FILE),
  tty_group_get: full(byKernel(ttyGroupGet, [out(1, 4)]), FILE),
  tty_group_set: full(byKernel(ttyGroupSet, NOTHING), FILE),
  tty_session_get: full(byKernel(ttySessionGet, [out(1, 4)]), FILE),
} as const satisfies Readonly<Record<string, Row>>
