import { Errno } from '../../contract/errno.ts'
import { createDirectoryAt, type OpenHow } from '../../kernel/mount/path-operations.ts'
import { type CallContext, errnoOf } from '../preview1/call.ts'
import { locate } from '../preview1/locate.ts'
import { openInto } from '../preview1/path.ts'

/** Bits of `how`. */
const OPEN = {
  READ: 0x001,
  WRITE: 0x002,
  APPEND: 0x004,
  NONBLOCK: 0x008,
  CREATE: 0x010,
  EXCLUSIVE: 0x020,
  TRUNCATE: 0x040,
  DIRECTORY: 0x080,
  NOFOLLOW: 0x100,
  CLOEXEC: 0x200,
} as const
const ALL_BITS = 0x3ff
const PERMISSION_BITS = 0o7777

/** Undefined for bits that mean nothing, and for a file that is neither read nor written. */
export function openHowOf(how: number, mode: number): OpenHow | undefined {
  const has = (bit: number): boolean => (how & bit) !== 0
  if ((how & ~ALL_BITS) !== 0 || !(has(OPEN.READ) || has(OPEN.WRITE))) return undefined
  return {
    access: { read: has(OPEN.READ), write: has(OPEN.WRITE) },
    create: has(OPEN.CREATE),
    exclusive: has(OPEN.EXCLUSIVE),
    truncate: has(OPEN.TRUNCATE),
    directory: has(OPEN.DIRECTORY),
    follow: !has(OPEN.NOFOLLOW),
    append: has(OPEN.APPEND),
    nonblock: has(OPEN.NONBLOCK),
    mode: mode & PERMISSION_BITS,
  }
}

/** As `path_open` of preview 1, with a mode and close-on-exec. @source openat(2) */
export function pathOpen(
  call: CallContext,
  fd: number,
  pointer: number,
  length: number,
  bits: number,
  mode: number,
  out: number,
): Errno {
  const how = openHowOf(bits, mode & ~call.process.umask)
  if (how === undefined) return Errno.INVAL
  const at = locate(call, fd, pointer, length)
  if (!at.ok) return at.errno
  if (!call.memory.covers(out, 4)) return Errno.FAULT
  return openInto(call, at.value, how, (bits & OPEN.CLOEXEC) !== 0, out)
}

/** @source mkdirat(2) */
export function pathMkdir(
  call: CallContext,
  fd: number,
  pointer: number,
  length: number,
  mode: number,
): Errno {
  const at = locate(call, fd, pointer, length)
  if (!at.ok) return at.errno
  const { walker, umask } = call.process
  const bits = mode & PERMISSION_BITS & ~umask
  return errnoOf(createDirectoryAt(walker, at.value.base, at.value.path, bits))
}
