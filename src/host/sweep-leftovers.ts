import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { lives } from '../engine/content/lives.ts'

interface Leftovers {
  /** Below the data directory; a last `*` is every directory there. */
  readonly where: readonly string[]
  /** Its group, where there is one, is the process that wrote it. */
  readonly name: RegExp
  /** Only the daemon that holds the data directory's lock writes there, so that none is in use. */
  readonly daemons: boolean
}

/** Every file that is made under one name and then renamed, or read and removed. */
const LEFTOVERS: readonly Leftovers[] = [
  // A writable layer on its way to disk; src/thread/upper-file.ts.
  { where: ['containers', '*'], name: /^upper\.[0-9a-f]{16}\.tmp$/, daemons: true },
  // A copy of a running container's layer, while it is read; src/cell/trees.ts.
  { where: ['tmp'], name: /^[0-9a-f]{32}$/, daemons: true },
  // src/engine/volume/volume-directory.ts
  { where: ['volumes', '*'], name: /^volume\.json\.new$/, daemons: true },
  // src/engine/content/blobs.ts; names without a process are of earlier versions.
  { where: ['blobs', 'sha256'], name: /^\.tmp-(?:(\d+)-)?[0-9a-f]{16}$/, daemons: false },
  // src/engine/image/image-store.ts
  { where: ['images'], name: /^\.(?:(\d+)-)?[0-9a-f]{16}$/, daemons: false },
  // src/thread/module-cache.ts
  { where: ['modules'], name: /^\.[0-9a-f]{16}\.tmp$/, daemons: false },
]

/** A file that nobody has written to for a day is not on its way any more. */
const OLD_MS = 24 * 60 * 60 * 1_000

const namesIn = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function directoriesOf(root: string, where: readonly string[]): readonly string[] {
  if (where.at(-1) !== '*') return [join(root, ...where)]
  const above = join(root, ...where.slice(0, -1))
  return namesIn(above)
    .map((name) => join(above, name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
}

/** Links are not followed, and what is no file is not ours. */
function isLeft(path: string, owner: string | undefined, daemons: boolean, now: number): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined || !stats.isFile()) return false
  if (daemons) return true
  return owner === undefined ? now - stats.mtimeMs > OLD_MS : !lives(Number(owner))
}

/** False: it is held by somebody, as Windows lets one. It is looked at again at the next start. */
function removed(path: string): boolean {
  try {
    rmSync(path)
    return true
  } catch {
    return false
  }
}

/**
 * Removes what an earlier daemon, or another process that shares the images, left half-written when
 * it died. Whatever has another name is left alone.
 *
 * @param dataDirectory - whose lock this process holds.
 * @param now - ms since 1970.
 * @returns how many files are gone.
 */
export function sweepLeftovers(dataDirectory: string, now: number): number {
  const paths = LEFTOVERS.flatMap(({ where, name, daemons }) =>
    directoriesOf(dataDirectory, where).flatMap((directory) =>
      namesIn(directory).flatMap((one) => {
        const match = name.exec(one)
        const path = join(directory, one)
        return match !== null && isLeft(path, match[1], daemons, now) ? [path] : []
      }),
    ),
  )
  return paths.filter(removed).length
}
