import { Errno } from '../../contract/errno.ts'
import type { OpenFile } from '../../kernel/mount/open-file.ts'
import { setTimesOf } from '../../kernel/mount/path-operations.ts'
import { utf8Length } from '../../std/utf8.ts'
import { encodeText } from '../guest-memory.ts'
import { type CallContext, errnoOf } from './call.ts'
import { rightsOf } from './rights.ts'
import { FILETYPE, type FilestatLayout, NO_STAT, newTimes, PREVIEW1_FILESTAT } from './stat.ts'

export const FDSTAT_BYTES = 24
export const PRESTAT_BYTES = 8
/** `fdflags` of the witx file. */
export const FDFLAG = { APPEND: 1, DSYNC: 2, NONBLOCK: 4, RSYNC: 8, SYNC: 16 } as const

/** A stream is a character device only if it is a terminal: that is how libc's isatty tells. */
function filetypeOf(file: OpenFile): number {
  if (file.isDirectory) return FILETYPE.directory
  if (file.handle?.seekable === true || file.place !== undefined) return FILETYPE[file.type]
  return file.handle?.terminal === undefined ? FILETYPE.unknown : FILETYPE['character-device']
}

/** Anything may be closed, preopens and standard streams too. @source witx `fd_close` */
export const fdClose = ({ process }: CallContext, fd: number): Errno =>
  errnoOf(process.fds.close(fd >>> 0))

/** @source witx `fd_renumber` */
export const fdRenumber = ({ process }: CallContext, from: number, to: number): Errno =>
  errnoOf(process.fds.renumber(from >>> 0, to >>> 0))

/** As programs of WASIX expect it: a copy, whatever stood at `to`. @source the guests' reference, 6.3 */
export const fdRenumberCopies = ({ process }: CallContext, from: number, to: number): Errno =>
  errnoOf(process.fds.dupTo(from >>> 0, to >>> 0, false))

/** @source witx `fdstat`: filetype@0 flags@2 rights_base@8 rights_inheriting@16 */
export function fdFdstatGet({ process, memory }: CallContext, fd: number, out: number): Errno {
  const file = process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  const view = memory.zeroed(out, FDSTAT_BYTES)
  if (!view.ok) return view.errno
  const { append, nonblock } = file.value
  const { base, inheriting } = rightsOf(file.value)
  view.value.setUint8(0, filetypeOf(file.value))
  view.value.setUint16(2, (append ? FDFLAG.APPEND : 0) | (nonblock ? FDFLAG.NONBLOCK : 0), true)
  view.value.setBigUint64(8, base, true)
  view.value.setBigUint64(16, inheriting, true)
  return Errno.SUCCESS
}

/** Only APPEND and NONBLOCK can be changed. @source witx `fd_fdstat_set_flags` */
export function fdFdstatSetFlags({ process }: CallContext, fd: number, flags: number): Errno {
  const file = process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  if (file.value.isDirectory) return Errno.BADF
  if ((flags & ~(FDFLAG.APPEND | FDFLAG.NONBLOCK)) !== 0) return Errno.INVAL
  file.value.append = (flags & FDFLAG.APPEND) !== 0
  file.value.nonblock = (flags & FDFLAG.NONBLOCK) !== 0
  return Errno.SUCCESS
}

/** Rights are advisory: there is nothing to take away. @source witx `fd_fdstat_set_rights` */
export function fdFdstatSetRights({ process }: CallContext, fd: number): Errno {
  const file = process.fds.get(fd >>> 0)
  return file.ok ? Errno.NOTSUP : file.errno
}

/** @source witx `fd_filestat_get`; fstat(2) */
export const fdFilestatGet = (call: CallContext, fd: number, out: number): Errno =>
  fdFilestat(call, fd, out, PREVIEW1_FILESTAT)

/** As `fd_filestat_get`, for either layout. */
export function fdFilestat(
  { process, memory }: CallContext,
  fd: number,
  out: number,
  layout: FilestatLayout,
): Errno {
  const file = process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  const { place } = file.value
  const stat = place?.vnode.stat() ?? { ok: true, value: NO_STAT }
  if (!stat.ok) return stat.errno
  const view = memory.zeroed(out, layout.bytes)
  if (!view.ok) return view.errno
  layout.write(view.value, stat.value, filetypeOf(file.value))
  return Errno.SUCCESS
}

/** @source witx `fd_filestat_set_times`; futimens(2) */
export function fdFilestatSetTimes(
  { process }: CallContext,
  fd: number,
  accessed: bigint,
  modified: bigint,
  flags: number,
): Errno {
  const file = process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  const times = newTimes(accessed, modified, flags, process.clock.now('realtime'))
  if (times === undefined) return Errno.INVAL
  const { place } = file.value
  if (place === undefined) return Errno.BADF
  return errnoOf(setTimesOf(process.walker, place, times))
}

/** BADF ends libc's search for preopens; any other errno ends the program. @source witx `fd_prestat_get` */
export function fdPrestatGet({ process, memory }: CallContext, fd: number, out: number): Errno {
  const file = process.fds.get(fd >>> 0)
  if (!file.ok || file.value.preopen === undefined) return Errno.BADF
  const view = memory.zeroed(out, PRESTAT_BYTES)
  if (!view.ok) return view.errno
  view.value.setUint32(4, utf8Length(file.value.preopen), true)
  return Errno.SUCCESS
}

/** @source witx `fd_prestat_dir_name` */
export function fdPrestatDirName(
  { process, memory }: CallContext,
  fd: number,
  buffer: number,
  length: number,
): Errno {
  const file = process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  if (file.value.preopen === undefined) return Errno.NOTDIR
  const name = encodeText(file.value.preopen)
  if (name.length > length >>> 0) return Errno.NAMETOOLONG
  const view = memory.view(buffer, name.length)
  if (!view.ok) return view.errno
  view.value.set(name)
  return Errno.SUCCESS
}
