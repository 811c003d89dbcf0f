import { argsGet, argsSizesGet, environGet, environSizesGet } from './args.ts'
import { clockResGet, clockTimeGet } from './clock.ts'
import {
  fdClose,
  fdFdstatGet,
  fdFdstatSetFlags,
  fdFdstatSetRights,
  fdFilestatGet,
  fdFilestatSetTimes,
  fdPrestatDirName,
  fdPrestatGet,
  fdRenumber,
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
import { pollOneoff } from './poll.ts'
import { procExit, procRaise, schedYield } from './process.ts'
import { randomGet } from './random.ts'
import { fdReaddir } from './readdir.ts'
import { CHEAP, FILE, full, none, PATH, partial, type Row } from './row.ts'
import { sockAccept, sockRecv, sockSend, sockShutdown } from './socket.ts'

const NO_SOCKETS = 'no descriptor is a socket yet: EBADF or ENOTSOCK'

/** Every call of wasi_snapshot_preview1, in the order of the witx file. */
export const PREVIEW1 = {
  args_get: full(argsGet, FILE),
  args_sizes_get: full(argsSizesGet, CHEAP),
  environ_get: full(environGet, FILE),
  environ_sizes_get: full(environSizesGet, CHEAP),
  clock_res_get: full(clockResGet, CHEAP),
  clock_time_get: full(clockTimeGet, CHEAP),
  fd_advise: full(fdAdvise, CHEAP),
  fd_allocate: none(fdAllocate, 'ENOTSUP, as the newest engines answer; libc falls back'),
  fd_close: full(fdClose, FILE),
  fd_datasync: full(fdSync, FILE),
  fd_fdstat_get: full(fdFdstatGet, CHEAP),
  fd_fdstat_set_flags: full(fdFdstatSetFlags, CHEAP),
  fd_fdstat_set_rights: none(fdFdstatSetRights, 'ENOTSUP: rights are advisory'),
  fd_filestat_get: full(fdFilestatGet, FILE),
  fd_filestat_set_size: full(fdFilestatSetSize, FILE),
  fd_filestat_set_times: full(fdFilestatSetTimes, FILE),
  fd_pread: full(fdPread, FILE),
  fd_prestat_get: full(fdPrestatGet, CHEAP),
  fd_prestat_dir_name: full(fdPrestatDirName, CHEAP),
  fd_pwrite: full(fdPwrite, FILE),
  fd_read: full(fdRead, FILE),
  fd_readdir: full(fdReaddir, FILE),
  fd_renumber: full(fdRenumber, FILE),
  fd_seek: full(fdSeek, CHEAP),
  fd_sync: full(fdSync, FILE),
  fd_tell: full(fdTell, CHEAP),
  fd_write: full(fdWrite, FILE),
  path_create_directory: full(pathCreateDirectory, PATH),
  path_filestat_get: full(pathFilestatGet, PATH),
  path_filestat_set_times: full(pathFilestatSetTimes, PATH),
  path_link: full(pathLink, PATH),
  path_open: full(pathOpen, PATH),
  path_readlink: full(pathReadlink, PATH),
  path_remove_directory: full(pathRemoveDirectory, PATH),
  path_rename: full(pathRename, PATH),
  path_symlink: full(pathSymlink, PATH),
  path_unlink_file: full(pathUnlinkFile, PATH),
  poll_oneoff: full(pollOneoff, FILE),
  proc_exit: full(procExit, CHEAP),
  proc_raise: none(procRaise, 'ENOTSUP: there are no signals yet'),
  sched_yield: full(schedYield, CHEAP),
  random_get: full(randomGet, CHEAP),
  sock_accept: partial(sockAccept, CHEAP, NO_SOCKETS),
  sock_recv: partial(sockRecv, CHEAP, NO_SOCKETS),
  sock_send: partial(sockSend, CHEAP, NO_SOCKETS),
  sock_shutdown: partial(sockShutdown, CHEAP, NO_SOCKETS),
} as const satisfies Readonly<Record<string, Row>>
