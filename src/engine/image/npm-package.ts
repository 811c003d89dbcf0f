import { EngineError } from '../../contract/errors.ts'
import { type ArchiveEntry, archiveEntries } from '../content/archive.ts'

/**
 * Hands over the wanted files of a package's tarball. Nothing else of it is looked at, and no script
 * of the package runs.
 *
 * @param take - gets each wanted file; must read it to its end.
 * @throws EngineError `PULL_FAILED`: a wanted file is missing. `INVALID_IMAGE`: a bad archive.
 */
export async function readPackage(
  name: string,
  tarball: AsyncIterable<Uint8Array>,
  wanted: ReadonlySet<string>,
  take: (name: string, entry: ArchiveEntry) => Promise<void>,
): Promise<void> {
  const missing = new Set(wanted)
  for await (const entry of archiveEntries(name, tarball)) {
    // Everything in an npm tarball stands below one directory.
    const names = entry.header.name.split('/').slice(1)
    const file = names.includes('..') ? '' : names.join('/')
    if (entry.header.type === 'file' && missing.delete(file)) await take(file, entry)
  }
  if (missing.size > 0) {
    throw new EngineError('PULL_FAILED', `${name} does not contain ${[...missing].join(', ')}`)
  }
}
