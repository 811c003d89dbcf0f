import { Errno, type Failure } from '../../contract/errno.ts'
import {
  createDirectoryAt,
  linkAt,
  type OpenHow,
  openAt,
  readlinkAt,
  removeDirectoryAt,
  renameAt,
  setTimesAt,
  statAt,
  symlinkAt,
  unlinkAt,
} from '../../kernel/mount/path-operations.ts'
import { encodeText } from '../guest-memory.ts'
import { type CallContext, errnoOf } from './call.ts'
import { FDFLAG } from './descriptor.ts'
import { follows, type Located, locate, pathOf } from './locate.ts'
import { accessOf } from './rights.ts'
import { FILETYPE, type FilestatLayout, newTimes, PREVIEW1_FILESTAT } from './stat.ts'

/** `oflags` of the witx file. */
const OFLAG = { CREAT: 1, DIRECTORY: 2, EXCL: 4, TRUNC: 8 } as const

/** @source witx `path_create_directory`; mkdirat(2) */
export function pathCreateDirectory(
  call: CallContext,
  fd: number,
  pointer: number,
  length: number,
): Errno {
  const at = locate(call, fd, pointer, length)
  if (!at.ok) return at.errno
  const { walker, umask } = call.process
  return errnoOf(createDirectoryAt(walker, at.value.base, at.value.path, 0o777 & ~umask))
}

/** @source witx `path_filestat_get`; fstatat(2) */
export const pathFilestatGet = (
  call: CallContext,
  fd: number,
  flags: number,
  pointer: number,
  length: number,
  out: number,
): Errno => pathFilestat(call, fd, flags, pointer, length, out, PREVIEW1_FILESTAT)

/** As `path_filestat_get`, for either layout. */
export function pathFilestat(
  call: CallContext,
  fd: number,
  flags: number,
  pointer: number,
  length: number,
  out: number,
  layout: FilestatLayout,
): Errno {
  const at = locate(call, fd, pointer, length)
  if (!at.ok) return at.errno
  const stat = statAt(call.process.walker, at.value.base, at.value.path, follows(flags))
  if (!stat.ok) return stat.errno
  const view = call.memory.zeroed(out, layout.bytes)
  if (!view.ok) return view.errno
  layout.write(view.value, stat.value, FILETYPE[stat.value.type])
  return Errno.SUCCESS
}

/** @source witx `path_filestat_set_times`; utimensat(2) */
export function pathFilestatSetTimes(
  call: CallContext,
  fd: number,
  lookup: number,
  pointer: number,
  length: number,
  accessed: bigint,
  modified: bigint,
  flags: number,
): Errno {
  const at = locate(call, fd, pointer, length)
  if (!at.ok) return at.errno
  const { walker, clock } = call.process
  const times = newTimes(accessed, modified, flags, clock.now('realtime'))
  if (times === undefined) return Errno.INVAL
  return errnoOf(setTimesAt(walker, at.value.base, at.value.path, follows(lookup), times))
}

/** FOLLOW is refused: the source is never followed. @source witx `path_link`; linkat(2) */
export function pathLink(
  call: CallContext,
  fd: number,
  flags: number,
  pointer: number,
  length: number,
  newFd: number,
  newPointer: number,
  newLength: number,
): Errno {
  const from = locate(call, fd, pointer, length)
  if (!from.ok) return from.errno
  const to = locate(call, newFd, newPointer, newLength)
  if (!to.ok) return to.errno
  if (follows(flags)) return Errno.INVAL
  const { walker } = call.process
  return errnoOf(linkAt(walker, from.value.base, from.value.path, to.value.base, to.value.path))
}

function refusedFlags(flags: number): Failure | undefined {
  const synchronous = FDFLAG.SYNC | FDFLAG.DSYNC | FDFLAG.RSYNC
  if ((flags & synchronous) !== 0) return Errno.NOTSUP
  return (flags & ~(FDFLAG.APPEND | FDFLAG.NONBLOCK)) !== 0 ? Errno.INVAL : undefined
}

/** `path_open`, and how it is done for newer ones of it. */
export interface PathOpen {
  readonly fd: number
  readonly lookup: number
  readonly pointer: number
  readonly length: number
  readonly oflags: number
  readonly rights: bigint
  readonly fdflags: number
  readonly closeOnExec: boolean
  readonly out: number
}

export function openPath(call: CallContext, how: PathOpen): Errno {
  const { fdflags, out } = how
  const at = locate(call, how.fd, how.pointer, how.length)
  if (!at.ok) return at.errno
  const refused = refusedFlags(fdflags)
  if (refused !== undefined) return refused
  if (!call.memory.covers(out, 4)) return Errno.FAULT
  const openHow = openHowOf(how.oflags, how.rights, {
    follow: follows(how.lookup),
    append: (fdflags & FDFLAG.APPEND) !== 0,
    nonblock: (fdflags & FDFLAG.NONBLOCK) !== 0,
    mode: 0o666 & ~call.process.umask,
  })
  return openInto(call, at.value, openHow, how.closeOnExec, out)
}

/** Opens what is located, under the lowest free number, which is told at `out`. */
export function openInto(
  call: CallContext,
  { base, path }: Located,
  how: OpenHow,
  closeOnExec: boolean,
  out: number,
): Errno {
  const { walker, ledger, fds } = call.process
  const opened = openAt(walker, base, path, how, ledger)
  if (!opened.ok) return opened.errno
  const number = fds.add(opened.value, closeOnExec)
  if (number.ok) return call.memory.writeU32(out, number.value)
  opened.value.release()
  return number.errno
}

/**
 * Opens or creates a file. The mode comes from FD_READ and FD_WRITE in `rights` alone; CREAT and
 * TRUNC imply writing. The number is the lowest free one.
 *
 * @source witx `path_open`; openat(2); the WASI reference, 1.3 and 1.7
 */
export const pathOpen = (
  call: CallContext,
  fd: number,
  lookup: number,
  pointer: number,
  length: number,
  oflags: number,
  rights: bigint,
  _inheriting: bigint,
  fdflags: number,
  out: number,
): Errno =>
  openPath(call, {
    fd,
    lookup,
    pointer,
    length,
    oflags,
    rights,
    fdflags,
    closeOnExec: false,
    out,
  })

/** What the numbers of `path_open` ask for. */
export function openHowOf(
  oflags: number,
  rights: bigint,
  more: { follow: boolean; append: boolean; nonblock: boolean; mode: number },
) {
  const create = (oflags & OFLAG.CREAT) !== 0
  const truncate = (oflags & OFLAG.TRUNC) !== 0
  const { read, write } = accessOf(rights)
  const { follow, append, nonblock, mode } = more
  return {
    follow,
    append,
    nonblock,
    mode,
    access: { read, write: write || create || truncate },
    create,
    truncate,
    exclusive: (oflags & OFLAG.EXCL) !== 0,
    directory: (oflags & OFLAG.DIRECTORY) !== 0,
  }
}

/** Copies what fits, without a NUL; being cut is no error. @source witx `path_readlink` */
export function pathReadlink(
  call: CallContext,
  fd: number,
  pointer: number,
  length: number,
  buffer: number,
  size: number,
  out: number,
): Errno {
  const at = locate(call, fd, pointer, length)
  if (!at.ok) return at.errno
  const text = readlinkAt(call.process.walker, at.value.base, at.value.path)
  if (!text.ok) return text.errno
  if (!call.memory.covers(out, 4)) return Errno.FAULT
  const bytes = encodeText(text.value).subarray(0, size >>> 0)
  const view = call.memory.view(buffer, bytes.length)
  if (!view.ok) return view.errno
  view.value.set(bytes)
  return call.memory.writeU32(out, bytes.length)
}

/** @source witx `path_remove_directory`; rmdir(2) */
export function pathRemoveDirectory(
  call: CallContext,
  fd: number,
  pointer: number,
  length: number,
): Errno {
  const at = locate(call, fd, pointer, length)
  if (!at.ok) return at.errno
  return errnoOf(removeDirectoryAt(call.process.walker, at.value.base, at.value.path))
}

/** @source witx `path_rename`; renameat(2) */
export function pathRename(
  call: CallContext,
  fd: number,
  pointer: number,
  length: number,
  newFd: number,
  newPointer: number,
  newLength: number,
): Errno {
  const from = locate(call, fd, pointer, length)
  if (!from.ok) return from.errno
  const to = locate(call, newFd, newPointer, newLength)
  if (!to.ok) return to.errno
  const { walker } = call.process
  return errnoOf(renameAt(walker, from.value.base, from.value.path, to.value.base, to.value.path))
}

/** @source witx `path_symlink`; symlinkat(2) */
export function pathSymlink(
  call: CallContext,
  textPointer: number,
  textLength: number,
  fd: number,
  pointer: number,
  length: number,
): Errno {
  const at = locate(call, fd, pointer, length)
  if (!at.ok) return at.errno
  const text = pathOf(call, textPointer, textLength)
  if (!text.ok) return text.errno
  return errnoOf(symlinkAt(call.process.walker, text.value, at.value.base, at.value.path))
}

/** @source witx `path_unlink_file`; unlinkat(2) */
export function pathUnlinkFile(
  call: CallContext,
  fd: number,
  pointer: number,
  length: number,
): Errno {
  const at = locate(call, fd, pointer, length)
  if (!at.ok) return at.errno
  return errnoOf(unlinkAt(call.process.walker, at.value.base, at.value.path))
}
