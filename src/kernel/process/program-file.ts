import { Errno } from '../../contract/errno.ts'
import { fail, ok, type Result } from '../../contract/result.ts'
import { mayAccess, PERMISSION } from '../identity/permissions.ts'
import { walkPath } from '../mount/path-walk.ts'
import type { Place, Walker } from '../mount/place.ts'
import type { FileHandle, FileStat, Vnode } from '../mount/vnode.ts'
import { pathOf } from './directory.ts'
import type { Program } from './launcher.ts'
import { pathRefusal } from './path-text.ts'

const READ = { read: true, write: false } as const
const ANY_EXECUTE = 0o111
/** Units of fuel for a path that is tried, and for each character of it. */
const UNITS_PER_PATH = 1_024
const UNITS_PER_CHARACTER = 8
/** No module that a container takes is larger. */
const MAX_PROGRAM_BYTES = 2 ** 28

/** As many of its bytes as `into` holds. */
function readInto(handle: FileHandle, into: Uint8Array): Result<Uint8Array> {
  let size = 0
  while (size < into.length) {
    const count = handle.read(into.subarray(size), size)
    if (count.ok === 'blocked') return fail(Errno.IO)
    if (!count.ok) return count
    if (count.value === 0) break
    size += count.value
  }
  return ok(into.subarray(0, size))
}

/** Its first `most` bytes. */
export function headOf(vnode: Vnode, most: number): Result<Uint8Array> {
  const handle = vnode.open(READ)
  if (!handle.ok) return handle
  const head = readInto(handle.value, new Uint8Array(most))
  handle.value.close()
  return head
}

function bytesOf(vnode: Vnode): Result<Uint8Array> {
  const stat = vnode.stat()
  if (!stat.ok) return stat
  return stat.value.size > MAX_PROGRAM_BYTES ? fail(Errno.NOMEM) : headOf(vnode, stat.value.size)
}

/** Root may run what anybody may. */
function mayRun(walker: Walker, stat: FileStat): boolean {
  if ((stat.mode & ANY_EXECUTE) === 0) return false
  return mayAccess(walker.credentials, stat, PERMISSION.execute)
}

/**
 * The file at `path`, if its caller may run it.
 *
 * @returns ACCES: no regular file, or not executable. Those of the walk.
 * @source execve(2)
 */
export function programFile(walker: Walker, directory: Place, path: string): Result<Program> {
  const refused = pathRefusal(path)
  if (refused !== undefined) return fail(refused)
  walker.charge?.(UNITS_PER_PATH + path.length * UNITS_PER_CHARACTER)
  const ending = walkPath(walker, directory, path, true)
  if (!ending.ok) return ending
  const { place: file, slash, name } = ending.value
  if (file === undefined) return fail(Errno.NOENT)
  if (file.vnode.type !== 'regular') return fail(Errno.ACCES)
  if (slash) return fail(Errno.NOTDIR)
  const stat = file.vnode.stat()
  if (!stat.ok) return stat
  if (!mayRun(walker, stat.value)) return fail(Errno.ACCES)
  const above = pathOf(walker, ending.value.directory)
  const named = above.ok ? `${above.value === '/' ? '' : above.value}/${name}` : ''
  return ok({ path: named, file, stat: stat.value, bytes: () => bytesOf(file.vnode) })
}
