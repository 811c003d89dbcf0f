import { lstatSync, readdirSync, readlinkSync, realpathSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from '../../contract/errors.ts'
import type { LayerFile } from '../../contract/layer.ts'

/** Bounds of a directory used as root: it is copied whole. */
const MOST_FILES = 200_000
const MOST_BYTES = 2 ** 31

const NS_PER_MS = 1_000_000

function entryOf(path: string, source: string, stats: Stats): LayerFile | undefined {
  const plain = {
    path,
    mode: stats.mode & 0o777,
    uid: 0,
    gid: 0,
    modified: BigInt(Math.trunc(stats.mtimeMs * NS_PER_MS)),
  }
  if (stats.isDirectory()) return { ...plain, type: 'directory', size: 0 }
  if (stats.isSymbolicLink()) {
    return { ...plain, type: 'symlink', size: 0, linkTarget: readlinkSync(source) }
  }
  if (!stats.isFile()) return undefined
  return {
    ...plain,
    type: 'regular',
    size: stats.size,
    source: { kind: 'host-file', path: source },
  }
}

function readableDirectory(directory: string): string | undefined {
  try {
    const root = realpathSync(directory)
    readdirSync(root)
    return root
  } catch {
    return undefined
  }
}

/**
 * Every file, directory and link below a host directory. Links are taken as they are, never
 * followed; devices, pipes and sockets are left out.
 *
 * @throws EngineError `INVALID_IMAGE`: not a directory, or too large.
 */
export function hostTree(directory: string): readonly LayerFile[] {
  const invalid = (reason: string): EngineError =>
    new EngineError('INVALID_IMAGE', `root ${directory}: ${reason}`)
  const root = readableDirectory(directory)
  if (root === undefined) throw invalid('no such directory')
  const files: LayerFile[] = []
  let bytes = 0
  const add = (entry: LayerFile): void => {
    files.push(entry)
    bytes += entry.size
    if (files.length > MOST_FILES) throw invalid(`more than ${MOST_FILES} files`)
    if (bytes > MOST_BYTES) throw invalid(`more than ${MOST_BYTES} bytes`)
  }
  const queue = ['']
  for (const below of queue) {
    for (const name of readdirSync(join(root, below)).sort()) {
      const path = `${below}/${name}`
      const source = join(root, path)
      const entry = entryOf(path, source, lstatSync(source))
      if (entry === undefined) continue
      add(entry)
      if (entry.type === 'directory') queue.push(path)
    }
  }
  return files
}
