import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import type { ArchiveEntry } from '../content/archive.ts'
import type { Blobs } from '../content/blobs.ts'
import { appletNames } from './applet-names.ts'
import type { ImagePart } from './catalogue-part.ts'
import type { ImageFile } from './image-file.ts'
import { secondsOf, unpackArchive } from './unpack.ts'

/** The file a part is made of; empty, and never read, for a part that is made of none. */
export type ContentOfPart = Pick<ArchiveEntry, 'content'> & {
  readonly header: { readonly mtime?: Date | undefined }
}

const EXECUTABLE = 0o755
/** What an image has of itself is of no date, so that it is the same image wherever it is made. */
const NO_DATE = 0

const linkTo = (target: string, path: string): ImageFile => ({
  type: 'symlink',
  path,
  modified: NO_DATE,
  target,
})

/** A link in `directory` for each name that the program at `to` goes by. */
function appletLinks(module: Uint8Array, to: string, directory: string): readonly ImageFile[] {
  const target = posix.relative(directory, to)
  return appletNames(module)
    .map((name) => posix.join(directory, name))
    .filter((path) => path !== to)
    .map((path) => linkTo(target, path))
}

/**
 * What a part of an entry puts into the image.
 *
 * @throws EngineError `INVALID_IMAGE`.
 */
export async function filesOfPart(
  part: ImagePart,
  { header, content }: ContentOfPart,
  blobs: Blobs,
): Promise<readonly ImageFile[]> {
  const { to } = part
  if ('directory' in part) {
    return [{ type: 'directory', path: to, mode: part.directory, modified: NO_DATE }]
  }
  if ('link' in part) return [linkTo(part.link, to)]
  if ('unpack' in part) {
    const archive = { name: part.unpack, to, strip: part.strip }
    return await unpackArchive(archive, content, (bytes) => blobs.put(bytes))
  }
  const mode = 'own' in part ? part.mode : EXECUTABLE
  const stored = await blobs.put(content)
  const modified = secondsOf(header.mtime)
  const file: ImageFile = { type: 'regular', path: to, mode, modified, ...stored }
  const applets = 'applets' in part ? part.applets : undefined
  if (applets === undefined) return [file]
  return [file, ...appletLinks(readFileSync(blobs.path(stored.digest)), to, applets)]
}
