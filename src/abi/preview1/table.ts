import { MAX_ARGUMENT_BYTES } from '../../contract/limits.ts'
import { MAX_TRANSFER } from '../guest-memory.ts'
import { filled, gather, NOTHING, out, room, scatter, text } from '../reach.ts'
import { argsGet, argsSizesGet, environGet, environSizesGet } from './args.ts'
import { clockResGet, clockTimeGet } from './clock.ts'
import {
  FDSTAT_BYTES,
  fdClose,
  fdFdstatGet,
  fdFdstatSetFlags,
  fdFdstatSetRights,
  fdFilestatGet,
  fdFilestatSetTimes,
  fdPrestatDirName,
  fdPrestatGet,
  fdRenumber,
  fdRenumberCopies,
  PRESTAT_BYTES,
} from './descriptor.ts'
import {
  fdAdvise,
  fdAllocate,
  fdFilestatSetSize,
  fdPread,
  fdPwrite,
  fdRead,
  fdSeek,
  fdSync,
  fdTell,
  fdWrite,
} from './file.ts'
import {
  pathCreateDirectory,
  pathFilestatGet,
  pathFilestatSetTimes,
  pathLink,
  pathOpen,
  pathReadlink,
  pathRemoveDirectory,
  pathRename,
  pathSymlink,
  pathUnlinkFile,
} from './path.ts'
import { PREVIEW1_SUBSCRIPTION, pollOneoff, pollReach } from './poll.ts'
import { procExit, procRaise, schedYield } from './process.ts'
import { randomGet } from './random.ts'
import { fdReaddir } from './readdir.ts'
import {
  byCaller,
  byKernel,
  CHEAP,
  FILE,
  full,
  leaving,
  none,
  PATH,
  partial,
  type Row,
} from './row.ts'
import { sockAccept, sockRecv, sockSend, sockShutdown } from './socket.ts'
import { PREVIEW1_FILESTAT } from './stat.ts'

const NO_SOCKETS = 'no descriptor is a socket yet: EBADF or ENOTSOCK'

/**
 * Bytes of a listing that reach a caller on another thread in one call: more than the records of all
 * names a container may have.
 */
const MAX_LISTING = 2 ** 26

/** Every call of wasi_snapshot_preview1, in the order of the witx file. */
export const PREVIEW1 = {
  args_get: full(byCaller(argsGet), FILE),
  args_sizes_get: full(byCaller(argsSizesGet), CHEAP),
  environ_get: full(byCaller(environGet), FILE),
  environ_sizes_get: full(byCaller(environSizesGet), CHEAP),
  clock_res_get: full(byCaller(clockResGet), CHEAP),
  clock_time_get: full(byCaller(clockTimeGet), CHEAP),
  fd_advise: full(byKernel(fdAdvise, NOTHING), CHEAP),
  fd_allocate: none(
    byKernel(fdAllocate, NOTHING),
    'ENOTSUP, as the newest engines answer; libc falls back',
  ),
  fd_close: full(byKernel(fdClose, NOTHING), FILE),
  fd_datasync: full(byKernel(fdSync, NOTHING), FILE),
  fd_fdstat_get: leaving('stays', full(byKernel(fdFdstatGet, [out(1, FDSTAT_BYTES)]), CHEAP)),
  fd_fdstat_set_flags: full(byKernel(fdFdstatSetFlags, NOTHING), CHEAP),
  fd_fdstat_set_rights: none(byKernel(fdFdstatSetRights, NOTHING), 'ENOTSUP: rights are advisory'),
  fd_filestat_get: leaving(
    'stays',
    full(byKernel(fdFilestatGet, [out(1, PREVIEW1_FILESTAT.bytes)]), FILE),
  ),
  fd_filestat_set_size: full(byKernel(fdFilestatSetSize, NOTHING), FILE),
  fd_filestat_set_times: full(byKernel(fdFilestatSetTimes, NOTHING), FILE),
  fd_pread: leaving('stays', full(byKernel(fdPread, [scatter(1, 2, 4), out(4, 4)]), FILE)),
  fd_prestat_get: full(byKernel(fdPrestatGet, [out(1, PRESTAT_BYTES)]), CHEAP),
  fd_prestat_dir_name: full(byKernel(fdPrestatDirName, [room(1, 2, MAX_ARGUMENT_BYTES)]), CHEAP),
  fd_pwrite: leaving('stays', full(byKernel(fdPwrite, [gather(1, 2), out(4, 4)]), FILE)),
  fd_read: leaving('read', full(byKernel(fdRead, [scatter(1, 2, 3), out(3, 4)]), FILE)),
  fd_readdir: leaving(
    'stays',
    full(byKernel(fdReaddir, [filled(1, 2, MAX_LISTING, 4), out(4, 4)]), FILE),
  ),
  fd_renumber: full(byKernel(fdRenumber, NOTHING), FILE),
  fd_seek: leaving('stays', full(byKernel(fdSeek, [out(3, 8)]), CHEAP)),
  fd_sync: full(byKernel(fdSync, NOTHING), FILE),
  fd_tell: leaving('stays', full(byKernel(fdTell, [out(1, 8)]), CHEAP)),
  fd_write: leaving('write', full(byKernel(fdWrite, [gather(1, 2), out(3, 4)]), FILE)),
  path_create_directory: full(byKernel(pathCreateDirectory, [text(1, 2)]), PATH),
  path_filestat_get: leaving(
    'stays',
    full(byKernel(pathFilestatGet, [text(2, 3), out(4, PREVIEW1_FILESTAT.bytes)]), PATH),
  ),
  path_filestat_set_times: full(byKernel(pathFilestatSetTimes, [text(2, 3)]), PATH),
  path_link: full(byKernel(pathLink, [text(2, 3), text(5, 6)]), PATH),
  path_open: full(byKernel(pathOpen, [text(2, 3), out(8, 4)]), PATH),
  path_readlink: full(
    byKernel(pathReadlink, [text(1, 2), filled(3, 4, MAX_TRANSFER, 5), out(5, 4)]),
    PATH,
  ),
  path_remove_directory: full(byKernel(pathRemoveDirectory, [text(1, 2)]), PATH),
  path_rename: full(byKernel(pathRename, [text(1, 2), text(4, 5)]), PATH),
  path_symlink: full(byKernel(pathSymlink, [text(0, 1), text(3, 4)]), PATH),
  path_unlink_file: full(byKernel(pathUnlinkFile, [text(1, 2)]), PATH),
  poll_oneoff: leaving('stays', full(byKernel(pollOneoff, pollReach(PREVIEW1_SUBSCRIPTION)), FILE)),
  proc_exit: full(byCaller(procExit), CHEAP),
  proc_raise: full(byKernel(procRaise, NOTHING), CHEAP),
  sched_yield: full(byCaller(schedYield), CHEAP),
  random_get: full(byCaller(randomGet), CHEAP),
  sock_accept: partial(byKernel(sockAccept, NOTHING), CHEAP, NO_SOCKETS),
  sock_recv: partial(byKernel(sockRecv, NOTHING), CHEAP, NO_SOCKETS),
  sock_send: partial(byKernel(sockSend, NOTHING), CHEAP, NO_SOCKETS),
  sock_shutdown: partial(byKernel(sockShutdown, NOTHING), CHEAP, NO_SOCKETS),
} as const satisfies Readonly<Record<string, Row>>

/** For programs that import a module which has `dup2`: their libc makes it of `fd_renumber`. */
export const PREVIEW1_COPYING: Readonly<Record<string, Row>> = {
  ...PREVIEW1,
  fd_renumber: full(byKernel(fdRenumberCopies, NOTHING), FILE),
}
