import { Errno } from '../../contract/errno.ts'
import { fail, ok, type Result } from '../../contract/result.ts'
import { MAX_NAME_BYTES, MAX_PATH_BYTES } from '../../kernel/mount/path-walk.ts'
import type { Place } from '../../kernel/mount/place.ts'
import { utf8Length } from '../../std/utf8.ts'
import { type CallContext, chargeText } from './call.ts'

const SYMLINK_FOLLOW = 1
/** The working directory, as the directory of a path: no number of the table is ever as great. */
export const CWD_FD = 0x3fff_fffe

/** The directory a call starts from. BADF: closed or a stream; NOTDIR: a file. */
function baseOf({ process }: CallContext, fd: number): Result<Place> {
  if (fd === CWD_FD) return ok(process.directory)
  const file = process.fds.get(fd >>> 0)
  if (!file.ok) return file
  const { place, isDirectory } = file.value
  if (place === undefined) return fail(Errno.BADF)
  return isDirectory ? ok(place) : fail(Errno.NOTDIR)
}

/** A path as the kernel takes it. ILSEQ, INVAL (a NUL), NAMETOOLONG, FAULT. */
export function pathOf({ memory }: CallContext, pointer: number, length: number): Result<string> {
  if (length >>> 0 > MAX_PATH_BYTES) return fail(Errno.NAMETOOLONG)
  const path = memory.text(pointer, length)
  if (!path.ok) return path
  if (path.value.includes('\0')) return fail(Errno.INVAL)
  return tooLong(path.value) ? fail(Errno.NAMETOOLONG) : path
}

function tooLong(path: string): boolean {
  if (path.length <= MAX_NAME_BYTES / 3) return false
  return path.split('/').some((name) => utf8Length(name) > MAX_NAME_BYTES)
}

export type Located = { readonly base: Place; readonly path: string }

export function locate(
  call: CallContext,
  fd: number,
  pointer: number,
  length: number,
): Result<Located> {
  const base = baseOf(call, fd)
  if (!base.ok) return base
  const path = pathOf(call, pointer, length)
  if (!path.ok) return path
  chargeText(call, path.value.length)
  return ok({ base: base.value, path: path.value })
}

export const follows = (flags: number): boolean => (flags & SYMLINK_FOLLOW) !== 0
