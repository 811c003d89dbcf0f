import { Errno, type Failure } from '../../contract/errno.ts'
import { DONE, fail, ok, type Result } from '../../contract/result.ts'
import { PERMISSION } from '../identity/permissions.ts'
import { above, accessRefusal, sameNode, walkTo } from '../mount/path-walk.ts'
import type { Place, Walker } from '../mount/place.ts'
import type { Process } from './process.ts'

/** Units of fuel for an entry of a directory that is looked through for a name. */
const UNITS_PER_ENTRY = 256
/** No path the kernel takes is deeper. */
const MAX_DEPTH = 4_096

/** The walk of a process that knows its working directory: no name is looked up in two places. */
export function plainWalker({ walker }: Process): Walker {
  const { workingDirectory: _, ...plain } = walker
  return plain
}

/** The node that the directory above knows: at the root of a mount what the mount covers. */
function covered(place: Place): Place {
  let at = place
  while (at.mount.on !== undefined && at.vnode.inode === at.mount.fs.root.inode) at = at.mount.on
  return at
}

/** Its name in the directory above. NOENT: it has been removed. */
function nameIn(walker: Walker, directory: Place, { vnode }: Place): Result<string> {
  const entries = directory.vnode.list()
  if (!entries.ok) return entries
  walker.charge?.(entries.value.length * UNITS_PER_ENTRY)
  const entry = entries.value.find(({ inode }) => inode === vnode.inode)
  return entry === undefined ? fail(Errno.NOENT) : ok(entry.name)
}

/**
 * The absolute path of a directory as it is called now, across mounts.
 *
 * @returns NOENT: it, or one above it, has been removed.
 * @source getcwd(3)
 */
export function pathOf(walker: Walker, place: Place): Result<string> {
  const names: string[] = []
  let at = place
  while (!sameNode(at, walker.root)) {
    if (names.length > MAX_DEPTH) return fail(Errno.NAMETOOLONG)
    const below = covered(at)
    const parent = above(at)
    const name = nameIn(walker, parent, below)
    if (!name.ok) return name
    names.push(name.value)
    at = parent
  }
  return ok(`/${names.reverse().join('/')}`)
}

const joined = (directory: string, name: string): string =>
  directory === '/' ? `/${name}` : `${directory}/${name}`

/**
 * What something that is open is called now. One that has been moved to another directory is said to be
 * deleted, as one that has no name any more.
 *
 * @source proc(5), "/proc/pid/fd"
 */
export function pathOfFile(walker: Walker, place: Place): Result<string> {
  const { entry, vnode } = place
  if (entry === undefined) return pathOf(walker, place)
  const above = pathOf(walker, entry.directory)
  if (!above.ok) return above.errno === Errno.NOENT ? ok(`/${entry.name} (deleted)`) : above
  const there = entry.directory.vnode.lookup(entry.name)
  if (there.ok && there.value.inode === vnode.inode) return ok(joined(above.value, entry.name))
  const name = nameIn(walker, entry.directory, place)
  return ok(
    name.ok ? joined(above.value, name.value) : `${joined(above.value, entry.name)} (deleted)`,
  )
}

/** NOTDIR; ACCES: it may not be searched. */
export function enterable(walker: Walker, place: Place): Failure | undefined {
  if (place.vnode.type !== 'directory') return Errno.NOTDIR
  return accessRefusal(walker, place.vnode, PERMISSION.execute)
}

/** NOENT: it has been removed. */
export const workingDirectoryOf = (process: Process): Result<string> =>
  pathOf(process.walker, process.directory)

function enter(process: Process, place: Place): Result<undefined> {
  const { walker } = process
  const refused = enterable(walker, place)
  if (refused !== undefined) return fail(refused)
  const path = pathOf(walker, place)
  if (!path.ok) return path
  process.directory = place
  process.workingDirectory = path.value
  if (process.native || walker.personality === 'strict') return DONE
  const isRoot = sameNode(place, walker.root)
  process.walker = { ...plainWalker(process), ...(!isRoot && { workingDirectory: place }) }
  return DONE
}

/** Those of the walk, NOTDIR, ACCES. @source chdir(2) */
export function changeDirectory(process: Process, path: string): Result<undefined> {
  const place = walkTo(plainWalker(process), process.directory, path, true)
  return place.ok ? enter(process, place.value) : place
}

/** BADF, NOTDIR, ACCES. @source fchdir(2) */
export function changeToOpen(process: Process, fd: number): Result<undefined> {
  const file = process.fds.get(fd)
  if (!file.ok) return file
  const { place, isDirectory } = file.value
  return place === undefined || !isDirectory ? fail(Errno.NOTDIR) : enter(process, place)
}
