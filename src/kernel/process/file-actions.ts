import { Errno } from '../../contract/errno.ts'
import { DONE, fail, type Result } from '../../contract/result.ts'
import type { Ledger } from '../cgroup/ledger.ts'
import { type OpenHow, openAt } from '../mount/open-at.ts'
import { walkTo } from '../mount/path-walk.ts'
import type { Place, Walker } from '../mount/place.ts'
import { enterable } from './directory.ts'
import type { FdTable } from './fd-table.ts'
import { pathRefusal } from './path-text.ts'

/** What a child does to its descriptors and its directory before it runs its program. */
export type FileAction =
  | { readonly do: 'close'; readonly fd: number }
  /** `to` is open in the program, whatever `from` was. */
  | { readonly do: 'dup'; readonly from: number; readonly to: number }
  | { readonly do: 'open'; readonly fd: number; readonly path: string; readonly how: OpenHow }
  | { readonly do: 'chdir'; readonly path: string }
  | { readonly do: 'fchdir'; readonly fd: number }

/** A child that has no number yet. */
export interface Unborn {
  readonly walker: Walker
  readonly fds: FdTable
  readonly ledger: Ledger
  directory: Place
}

/** In their order; the first that fails is the answer. @source posix_spawn(3), "File actions" */
export function runFileActions(child: Unborn, actions: readonly FileAction[]): Result<undefined> {
  for (const action of actions) {
    const done = run(child, action)
    if (!done.ok) return done
  }
  return DONE
}

function run(child: Unborn, action: FileAction): Result<unknown> {
  switch (action.do) {
    case 'close':
      return close(child.fds, action.fd)
    case 'dup':
      return dup(child.fds, action.from, action.to)
    case 'open':
      return open(child, action)
    case 'chdir':
      return chdir(child, action.path)
    case 'fchdir':
      return fchdir(child, action.fd)
  }
}

/** Closing what is not open is no failure, as in the libcs; BADF: no number of a descriptor. */
function close(fds: FdTable, fd: number): Result<undefined> {
  const closed = fds.close(fd)
  return closed.ok || !fds.isNumber(fd) ? closed : DONE
}

function dup(fds: FdTable, from: number, to: number): Result<unknown> {
  const done = fds.dupTo(from, to, false)
  return done.ok && from === to ? fds.setCloseOnExec(to, false) : done
}

function open(
  { walker, fds, ledger, directory }: Unborn,
  { fd, path, how }: Extract<FileAction, { do: 'open' }>,
): Result<unknown> {
  if (!fds.isNumber(fd)) return fail(Errno.BADF)
  const refused = pathRefusal(path)
  if (refused !== undefined) return fail(refused)
  const file = openAt(walker, directory, path, how, ledger)
  if (!file.ok) return file
  const put = fds.put(fd, file.value)
  if (!put.ok) file.value.release()
  return put
}

function chdir(child: Unborn, path: string): Result<undefined> {
  const refused = pathRefusal(path)
  if (refused !== undefined) return fail(refused)
  const place = walkTo(child.walker, child.directory, path, true)
  return place.ok ? enter(child, place.value) : place
}

function fchdir(child: Unborn, fd: number): Result<undefined> {
  const file = child.fds.get(fd)
  if (!file.ok) return file
  const { place } = file.value
  return place === undefined ? fail(Errno.NOTDIR) : enter(child, place)
}

function enter(child: Unborn, place: Place): Result<undefined> {
  const refused = enterable(child.walker, place)
  if (refused !== undefined) return fail(refused)
  child.directory = place
  return DONE
}
