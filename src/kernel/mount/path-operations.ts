import { Errno, type Failure } from '../../contract/errno.ts'
import { fail, ok, type Result } from '../../contract/result.ts'
import { mayAccess, mayRemove, PERMISSION } from '../identity/permissions.ts'
import {
  accessRefusal,
  type Ending,
  escapeOf,
  readOnlyErrno,
  sameNode,
  walkPath,
  walkTo,
} from './path-walk.ts'
import type { Place, Walker } from './place.ts'
import type { FileStat, NewTimes, Vnode } from './vnode.ts'

export { type OpenHow, openAt } from './open-at.ts'

/** Whether names in this directory may change: its mount, then its permission bits. */
function mayChange(walker: Walker, directory: Place): Failure | undefined {
  if (directory.mount.readOnly) return readOnlyErrno(walker)
  return accessRefusal(walker, directory.vnode, PERMISSION.write | PERMISSION.execute)
}

/** Whether `victim` may lose its name in `directory`: also the sticky bit. */
function mayUnname(walker: Walker, directory: Place, victim: Vnode): Failure | undefined {
  const refused = mayChange(walker, directory)
  if (refused !== undefined) return refused
  const above = directory.vnode.stat()
  const own = victim.stat()
  if (!above.ok) return above.errno
  if (!own.ok) return own.errno
  return mayRemove(walker.credentials, above.value, own.value) ? undefined : Errno.PERM
}

/** A mount point cannot be removed or moved: its root is another file system's. */
const isMountPoint = (ending: Ending): boolean =>
  ending.place !== undefined && ending.place.mount !== ending.directory.mount

/** @source stat(2), lstat(2) */
export function statAt(
  walker: Walker,
  base: Place,
  path: string,
  follow: boolean,
): Result<FileStat> {
  const place = walkTo(walker, base, path, follow)
  return place.ok ? place.value.vnode.stat() : place
}

/** New times, and who may set them: `chosen` only the owner, the present also whoever may write. */
export interface TimesHow extends NewTimes {
  readonly chosen: boolean
}

/** ROFS or PERM; PERM: chosen times on another's file; ACCES: no permission to write. */
export function setTimesOf(walker: Walker, { mount, vnode }: Place, how: TimesHow) {
  if (mount.readOnly) return fail(readOnlyErrno(walker))
  const stat = vnode.stat()
  if (!stat.ok) return stat
  const { credentials } = walker
  if (credentials.uid !== 0 && credentials.uid !== stat.value.uid) {
    if (how.chosen) return fail(Errno.PERM)
    if (!mayAccess(credentials, stat.value, PERMISSION.write)) return fail(Errno.ACCES)
  }
  return vnode.setTimes(how)
}

/** @source utimensat(2) */
export function setTimesAt(
  walker: Walker,
  base: Place,
  path: string,
  follow: boolean,
  how: TimesHow,
): Result<undefined> {
  const place = walkTo(walker, base, path, follow)
  return place.ok ? setTimesOf(walker, place.value, how) : place
}

/** @source mkdir(2) */
export function createDirectoryAt(
  walker: Walker,
  base: Place,
  path: string,
  mode: number,
): Result<undefined> {
  // A slash behind the name does not follow a link that is already there.
  const ending = walkPath(walker, base, path.replace(/\/+$/, '') || path, false)
  if (!ending.ok) return ending
  const { directory, name, place } = ending.value
  if (place !== undefined) return fail(Errno.EXIST)
  const refused = mayChange(walker, directory)
  if (refused !== undefined) return fail(refused)
  const made = directory.vnode.createDirectory(name, mode, walker.credentials)
  return made.ok ? ok(undefined) : made
}

/** NOTEMPTY for a path that ends in `..`, INVAL in `.`. @source rmdir(2) */
export function removeDirectoryAt(walker: Walker, base: Place, path: string): Result<undefined> {
  const bare = path.replace(/\/+$/, '') || path
  const ending = walkPath(walker, base, bare, false)
  if (!ending.ok) return ending
  const { directory, name, place } = ending.value
  if (place === undefined) return fail(Errno.NOENT)
  if (bare.endsWith('.') && (bare === '.' || bare.endsWith('/.'))) return fail(Errno.INVAL)
  if (name === '..') return fail(Errno.NOTEMPTY)
  if (name === '.') return fail(Errno.BUSY)
  if (place.vnode.type !== 'directory') return fail(Errno.NOTDIR)
  if (isMountPoint(ending.value)) return fail(Errno.BUSY)
  const refused = mayUnname(walker, directory, place.vnode)
  return refused === undefined ? directory.vnode.removeDirectory(name) : fail(refused)
}

/** ISDIR for a directory, NOTDIR for anything else behind which a slash stands. @source unlink(2) */
export function unlinkAt(walker: Walker, base: Place, path: string): Result<undefined> {
  const slash = path.endsWith('/')
  const ending = walkPath(walker, base, path.replace(/\/+$/, '') || path, false)
  if (!ending.ok) return ending
  const { directory, name, place } = ending.value
  if (place === undefined) return fail(Errno.NOENT)
  if (place.vnode.type === 'directory') return fail(Errno.ISDIR)
  if (slash) return fail(Errno.NOTDIR)
  if (isMountPoint(ending.value)) return fail(Errno.BUSY)
  const refused = mayUnname(walker, directory, place.vnode)
  return refused === undefined ? directory.vnode.unlink(name) : fail(refused)
}

const isDots = (name: string): boolean => name === '.' || name === '..'

interface RenameSide {
  readonly ending: Ending
  readonly slash: boolean
}

function renameSide(walker: Walker, base: Place, path: string): Result<RenameSide> {
  const bare = path.replace(/\/+$/, '') || path
  const ending = walkPath(walker, base, bare, false)
  if (!ending.ok) return ending
  if (isDots(ending.value.name) || isDots(bare.slice(bare.lastIndexOf('/') + 1))) {
    return fail(Errno.BUSY)
  }
  return ok({ ending: ending.value, slash: path.endsWith('/') })
}

/** A directory under another parent gets another `..`: that writes to the directory itself. */
function mayLeave(walker: Walker, from: Ending, to: Ending): boolean {
  if (from.place === undefined || sameNode(from.directory, to.directory)) return true
  return accessRefusal(walker, from.place.vnode, PERMISSION.write) === undefined
}

/** What speaks against a rename before the file system is asked. */
function renameRefusal(walker: Walker, from: RenameSide, to: RenameSide): Failure | undefined {
  const source = from.ending.place
  if (source === undefined) return Errno.NOENT
  const isDirectory = source.vnode.type === 'directory'
  if ((from.slash || to.slash) && !isDirectory) return Errno.NOTDIR
  const refused =
    mayUnname(walker, from.ending.directory, source.vnode) ??
    (to.ending.place === undefined
      ? mayChange(walker, to.ending.directory)
      : mayUnname(walker, to.ending.directory, to.ending.place.vnode))
  if (refused !== undefined) return refused
  if (isDirectory && !mayLeave(walker, from.ending, to.ending)) return Errno.ACCES
  if (isMountPoint(from.ending) || isMountPoint(to.ending)) return Errno.BUSY
  return from.ending.directory.mount === to.ending.directory.mount ? undefined : Errno.XDEV
}

/** Neither side is followed. @source rename(2); the WASI reference, 1.8 */
export function renameAt(
  walker: Walker,
  oldBase: Place,
  oldPath: string,
  newBase: Place,
  newPath: string,
): Result<undefined> {
  const from = renameSide(walker, oldBase, oldPath)
  if (!from.ok) return from
  const to = renameSide(walker, newBase, newPath)
  if (!to.ok) return to
  const refused = renameRefusal(walker, from.value, to.value)
  if (refused !== undefined) return fail(refused)
  const source = from.value.ending
  const target = to.value.ending
  return source.directory.vnode.rename(source.name, target.directory.vnode, target.name)
}

/** The source is never followed: linking a symlink links the link. @source link(2) */
export function linkAt(
  walker: Walker,
  oldBase: Place,
  oldPath: string,
  newBase: Place,
  newPath: string,
): Result<undefined> {
  const source = walkPath(walker, oldBase, oldPath, false)
  if (!source.ok) return source
  const node = source.value.place
  if (node === undefined) return fail(Errno.NOENT)
  if (source.value.slash && node.vnode.type !== 'directory') return fail(Errno.NOTDIR)
  if (node.vnode.type === 'directory') return fail(Errno.PERM)
  const slash = newPath.endsWith('/')
  const target = walkPath(walker, newBase, newPath.replace(/\/+$/, '') || newPath, false)
  if (!target.ok) return target
  if (target.value.place !== undefined) return fail(Errno.EXIST)
  if (slash) return fail(Errno.NOENT)
  const { directory, name } = target.value
  if (node.mount.readOnly) return fail(readOnlyErrno(walker))
  const refused = mayChange(walker, directory)
  if (refused !== undefined) return fail(refused)
  if (node.mount !== directory.mount) return fail(Errno.XDEV)
  return directory.vnode.link(name, node.vnode)
}

/** NOENT for an empty text; what an escape answers for an absolute one in `strict`. */
export function symlinkAt(
  walker: Walker,
  text: string,
  base: Place,
  path: string,
): Result<undefined> {
  if (text === '') return fail(Errno.NOENT)
  if (walker.personality === 'strict' && text.startsWith('/')) return fail(escapeOf(walker))
  const slash = path.endsWith('/')
  const ending = walkPath(walker, base, path.replace(/\/+$/, '') || path, false)
  if (!ending.ok) return ending
  const { directory, name, place } = ending.value
  if (place !== undefined) {
    return fail(slash && place.vnode.type !== 'directory' ? Errno.NOTDIR : Errno.EXIST)
  }
  if (slash) return fail(Errno.NOENT)
  const refused = mayChange(walker, directory)
  if (refused !== undefined) return fail(refused)
  const made = directory.vnode.createSymlink(name, text, walker.credentials)
  return made.ok ? ok(undefined) : made
}

/** INVAL: not a symlink. @source readlink(2) */
export function readlinkAt(walker: Walker, base: Place, path: string): Result<string> {
  const place = walkTo(walker, base, path, false)
  return place.ok ? place.value.vnode.readlink() : place
}
