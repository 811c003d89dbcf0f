import { Errno } from '../../contract/errno.ts'
import { fail, ok, type Result } from '../../contract/result.ts'
import type { Ledger } from '../cgroup/ledger.ts'
import { PERMISSION } from '../identity/permissions.ts'
import { OpenFile } from './open-file.ts'
import { accessRefusal, type Ending, readOnlyErrno, walkPath } from './path-walk.ts'
import type { Place, Walker } from './place.ts'
import type { Access, FileHandle } from './vnode.ts'

/** How a file is to be opened: open(2)'s flags, as words. */
export interface OpenHow {
  readonly access: Access
  readonly create: boolean
  readonly exclusive: boolean
  readonly truncate: boolean
  /** It must be a directory. */
  readonly directory: boolean
  /** The last component is followed when it is a symlink. */
  readonly follow: boolean
  readonly append: boolean
  readonly nonblock: boolean
  /** Permission bits of a new file, the umask already taken off. */
  readonly mode: number
}

function openDirectory(place: Place, how: OpenHow, ledger: Ledger): Result<OpenFile> {
  const { nonblock } = how
  const type = 'directory'
  const access = { read: true, write: false }
  return ok(new OpenFile({ type, access, handle: undefined, place, nonblock, ledger }))
}

function wantedOf({ read, write }: Access): number {
  return (read ? PERMISSION.read : 0) | (write ? PERMISSION.write : 0)
}

/** Opens what is there: permissions, then read-only mounts, then the file, then the truncation. */
function openExisting(
  walker: Walker,
  place: Place,
  ending: Ending,
  how: OpenHow,
  ledger: Ledger,
): Result<OpenFile> {
  const { vnode } = place
  const changesDirectory = how.access.write || how.create || how.truncate
  if (vnode.type === 'directory' && changesDirectory) return fail(Errno.ISDIR)
  const refused = accessRefusal(walker, vnode, wantedOf(how.access))
  if (refused !== undefined) return fail(refused)
  if (vnode.type === 'directory') return openDirectory(place, how, ledger)
  const changes = how.access.write || how.truncate
  if (changes && place.mount.readOnly && vnode.type === 'regular') {
    return fail(readOnlyErrno(walker))
  }
  const handle = vnode.open(how.access)
  if (!handle.ok) return handle
  if (how.truncate && vnode.type === 'regular') {
    const cut = vnode.truncate(0)
    if (!cut.ok) {
      handle.value.close()
      return cut
    }
  }
  const { mount, entry = entryOf(ending) } = place
  return ok(opened({ mount, vnode, entry }, handle.value, how, ledger))
}

const entryOf = ({ directory, name }: Ending): Place['entry'] =>
  name === '.' ? undefined : { directory, name }

/** A description of what is open, not of what has its name. */
function opened(
  { mount, vnode, entry }: Place,
  handle: FileHandle,
  { access, append, nonblock }: OpenHow,
  ledger: Ledger,
): OpenFile {
  const place = { mount, vnode: handle.vnode ?? vnode, entry }
  return new OpenFile({ type: vnode.type, access, handle, place, append, nonblock, ledger })
}

function createAt(walker: Walker, ending: Ending, how: OpenHow, ledger: Ledger): Result<OpenFile> {
  const { directory, name } = ending
  if (ending.slash) return fail(Errno.ISDIR)
  if (directory.mount.readOnly) return fail(readOnlyErrno(walker))
  const refused = accessRefusal(walker, directory.vnode, PERMISSION.write | PERMISSION.execute)
  if (refused !== undefined) return fail(refused)
  const made = directory.vnode.createFile(name, how.mode, walker.credentials)
  if (!made.ok) return made
  const handle = made.value.open(how.access)
  if (!handle.ok) return handle
  const place = { mount: directory.mount, vnode: made.value, entry: entryOf(ending) }
  return ok(opened(place, handle.value, how, ledger))
}

/** What the flags forbid about something that is there; undefined when nothing. */
function refusal(place: Place, ending: Ending, how: OpenHow) {
  const { type } = place.vnode
  if (how.create && how.exclusive) return Errno.EXIST
  if (type === 'symlink') return how.directory ? Errno.NOTDIR : Errno.LOOP
  if (ending.slash && how.create) return Errno.ISDIR
  if (type !== 'directory' && (how.directory || ending.slash)) return Errno.NOTDIR
  return undefined
}

/**
 * Opens, or creates, the file at `path`.
 *
 * @returns an open description with one reference. INVAL: `directory` with `create`, `exclusive` or
 *   `truncate`. EXIST, ISDIR, NOTDIR, LOOP, ACCES, ROFS or PERM, NOSPC, DQUOT; all those of the walk.
 * @source open(2); the WASI reference, 1.7
 */
export function openAt(
  walker: Walker,
  base: Place,
  path: string,
  how: OpenHow,
  ledger: Ledger,
): Result<OpenFile> {
  if (how.directory && (how.create || how.exclusive || how.truncate)) return fail(Errno.INVAL)
  const follow = how.follow && !(how.create && how.exclusive)
  const ending = walkPath(walker, base, path, follow)
  if (!ending.ok) return ending
  const { place } = ending.value
  if (place === undefined) {
    if (how.create) return createAt(walker, ending.value, how, ledger)
    return fail(Errno.NOENT)
  }
  const refused = refusal(place, ending.value, how)
  return refused === undefined
    ? openExisting(walker, place, ending.value, how, ledger)
    : fail(refused)
}
