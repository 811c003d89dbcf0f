import { Errno, type Failure } from '../../contract/errno.ts'
import { DONE, fail, type Result } from '../../contract/result.ts'
import { mayAccess, PERMISSION } from '../identity/permissions.ts'
import { readOnlyErrno } from './path-walk.ts'
import type { Place, Walker } from './place.ts'
import type { FileStat } from './vnode.ts'

const SET_UID = 0o4000
const SET_GID = 0o2000
const GROUP_EXECUTE = 0o010
const ANY_EXECUTE = 0o111
const PERMISSION_BITS = 0o7777

const isOwner = ({ credentials }: Walker, { uid }: FileStat): boolean =>
  credentials.uid === 0 || credentials.uid === uid

const isMember = ({ credentials }: Walker, gid: number): boolean =>
  credentials.gid === gid || credentials.groups.includes(gid)

/**
 * Who owns a file may change its permissions. The set-group-ID bit of a group he is not in is dropped.
 *
 * @returns PERM: another's file. ROFS.
 * @source chmod(2)
 */
export function setModeOf(
  walker: Walker,
  { mount, vnode }: Place,
  mode: number,
): Result<undefined> {
  if (mount.readOnly) return fail(readOnlyErrno(walker))
  const stat = vnode.stat()
  if (!stat.ok) return stat
  if (!isOwner(walker, stat.value)) return fail(Errno.PERM)
  const foreign = walker.credentials.uid !== 0 && !isMember(walker, stat.value.gid)
  return vnode.setMode(mode & PERMISSION_BITS & (foreign ? ~SET_GID : ~0))
}

/** What speaks against new owners: only root gives files away, an owner to groups he is in. */
function ownerRefusal(
  walker: Walker,
  stat: FileStat,
  uid: number,
  gid: number,
): Failure | undefined {
  if (walker.credentials.uid === 0) return undefined
  if (!isOwner(walker, stat) || uid !== stat.uid) return Errno.PERM
  return gid === stat.gid || isMember(walker, gid) ? undefined : Errno.PERM
}

/** A file that has another owner does not make who runs it that owner. */
function modeAfter({ type, mode }: FileStat): number {
  if (type === 'directory') return mode
  const group = (mode & GROUP_EXECUTE) !== 0 ? SET_GID : 0
  return mode & ~(SET_UID | group)
}

/**
 * @param uid, gid - undefined: as it is.
 * @returns PERM, ROFS.
 * @source chown(2)
 */
export function setOwnerOf(
  walker: Walker,
  { mount, vnode }: Place,
  uid: number | undefined,
  gid: number | undefined,
): Result<undefined> {
  if (mount.readOnly) return fail(readOnlyErrno(walker))
  const stat = vnode.stat()
  if (!stat.ok) return stat
  const owner = { uid: uid ?? stat.value.uid, gid: gid ?? stat.value.gid }
  const refused = ownerRefusal(walker, stat.value, owner.uid, owner.gid)
  if (refused !== undefined) return fail(refused)
  const done = vnode.setOwner(owner.uid, owner.gid)
  if (!done.ok) return done
  const mode = modeAfter(stat.value)
  return mode === stat.value.mode ? done : vnode.setMode(mode)
}

/**
 * Whether the caller has all of `wanted` (a sum of PERMISSION). Root executes what anybody may execute.
 *
 * @returns ACCES. ROFS: to write, what is stored on a read-only mount.
 * @source access(2)
 */
export function checkAccess(
  walker: Walker,
  { mount, vnode }: Place,
  wanted: number,
): Result<undefined> {
  const stat = vnode.stat()
  if (!stat.ok) return stat
  const { type, mode } = stat.value
  const isStored = type === 'regular' || type === 'directory'
  const writes = (wanted & PERMISSION.write) !== 0
  if (writes && mount.readOnly && isStored) return fail(readOnlyErrno(walker))
  const executes = (wanted & PERMISSION.execute) !== 0
  if (executes && type !== 'directory' && (mode & ANY_EXECUTE) === 0) return fail(Errno.ACCES)
  return mayAccess(walker.credentials, stat.value, wanted) ? DONE : fail(Errno.ACCES)
}
