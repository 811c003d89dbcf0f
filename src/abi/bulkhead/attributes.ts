import { Errno } from '../../contract/errno.ts'
import { fail, ok, type Result } from '../../contract/result.ts'
import { checkAccess, setModeOf, setOwnerOf } from '../../kernel/mount/attributes.ts'
import { walkTo } from '../../kernel/mount/path-walk.ts'
import type { Place } from '../../kernel/mount/place.ts'
import { type CallContext, errnoOf } from '../preview1/call.ts'
import { follows, locate } from '../preview1/locate.ts'

/** What a descriptor has open. BADF: closed; INVAL: a pipe or a stream, which nothing can be said of. */
function openPlace({ process }: CallContext, fd: number): Result<Place> {
  const file = process.fds.get(fd >>> 0)
  if (!file.ok) return file
  return file.value.place === undefined ? fail(Errno.INVAL) : ok(file.value.place)
}

function placeAt(
  call: CallContext,
  fd: number,
  flags: number,
  pointer: number,
  length: number,
): Result<Place> {
  const at = locate(call, fd, pointer, length)
  return at.ok ? walkTo(call.process.walker, at.value.base, at.value.path, follows(flags)) : at
}

const chmod = ({ process }: CallContext, place: Result<Place>, mode: number): Errno =>
  place.ok ? errnoOf(setModeOf(process.walker, place.value, mode)) : place.errno

/** @source fchmod(2) */
export const fdChmod = (call: CallContext, fd: number, mode: number): Errno =>
  chmod(call, openPlace(call, fd), mode)

/** NOTSUP: of a link itself. @source fchmodat(2) */
export function pathChmod(
  call: CallContext,
  fd: number,
  flags: number,
  pointer: number,
  length: number,
  mode: number,
): Errno {
  const place = placeAt(call, fd, flags, pointer, length)
  if (place.ok && place.value.vnode.type === 'symlink') return Errno.NOTSUP
  return chmod(call, place, mode)
}

/** -1 leaves an id alone. */
const idOf = (id: number): number | undefined => (id === -1 ? undefined : id >>> 0)

const chown = ({ process }: CallContext, place: Result<Place>, uid: number, gid: number): Errno =>
  place.ok ? errnoOf(setOwnerOf(process.walker, place.value, idOf(uid), idOf(gid))) : place.errno

/** @source fchown(2) */
export const fdChown = (call: CallContext, fd: number, uid: number, gid: number): Errno =>
  chown(call, openPlace(call, fd), uid, gid)

/** @source fchownat(2) */
export const pathChown = (
  call: CallContext,
  fd: number,
  flags: number,
  pointer: number,
  length: number,
  uid: number,
  gid: number,
): Errno => chown(call, placeAt(call, fd, flags, pointer, length), uid, gid)

/** `mode` 0 asks whether it is there. INVAL: bits beyond the three. @source faccessat(2) */
export function pathAccess(
  call: CallContext,
  fd: number,
  flags: number,
  pointer: number,
  length: number,
  mode: number,
): Errno {
  if ((mode & ~7) !== 0) return Errno.INVAL
  const place = placeAt(call, fd, flags, pointer, length)
  return place.ok ? errnoOf(checkAccess(call.process.walker, place.value, mode)) : place.errno
}
