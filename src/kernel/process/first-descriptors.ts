import { Errno } from '../../contract/errno.ts'
import { DONE, fail, type Result } from '../../contract/result.ts'
import { OpenFile } from '../mount/open-file.ts'
import { sameNode } from '../mount/path-walk.ts'
import type { Place } from '../mount/place.ts'
import { plainWalker } from './directory.ts'
import type { Process } from './process.ts'

/** Where the libcs of programs that are not native look for directories. */
const FIRST_PREOPEN = 3

const directoryFile = ({ ledger }: Process, place: Place, preopen?: string): OpenFile =>
  new OpenFile({
    type: 'directory',
    access: { read: true, write: false },
    handle: undefined,
    place,
    ...(preopen !== undefined && { preopen }),
    ledger,
  })

/** What was put there for the program before is nothing to the next one. */
function dropPreopens({ fds }: Process): void {
  for (const [fd, { preopen }] of [...fds.entries()]) if (preopen !== undefined) fds.close(fd)
  fds.setRoot(undefined)
}

/** Relative names mean the root to such a libc, unless the walker looks in both. */
function putPreopens(process: Process): Result<undefined> {
  const { fds, walker, directory } = process
  const isRoot = sameNode(directory, walker.root)
  process.walker = { ...plainWalker(process), ...(!isRoot && { workingDirectory: directory }) }
  // Some libcs send relative names only to a preopen of this name, others know no difference.
  for (const [index, name] of ['/', '.'].entries()) {
    const place = name === '/' ? walker.root : directory
    const file = directoryFile(process, place, name)
    const put = fds.put(FIRST_PREOPEN + index, file)
    if (!put.ok) {
      file.release()
      return put.errno === Errno.BADF ? fail(Errno.MFILE) : put
    }
  }
  return DONE
}

/**
 * Puts in a process what its program expects to find open, before its first call. What it has
 * inherited at those numbers gives way.
 *
 * @param native - as `LaunchAnswer` has it.
 * @returns MFILE, NFILE.
 */
export function openForProgram(process: Process, native: boolean): Result<undefined> {
  process.native = native
  dropPreopens(process)
  if (!native) return putPreopens(process)
  process.walker = plainWalker(process)
  process.fds.setRoot(directoryFile(process, process.walker.root))
  return DONE
}
