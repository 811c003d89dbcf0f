import { archiveEntries, invalidArchive } from '../content/archive.ts'
import type { Stored } from '../content/blobs.ts'
import { ArchiveTree } from './archive-tree.ts'
import type { ImageFile } from './image-file.ts'

const PERMISSIONS = 0o777
const MS_PER_S = 1_000

/** Seconds of a header's date; a date that is none is the beginning of time. */
export const secondsOf = (date: Date | undefined): number => {
  const milliseconds = date?.getTime() ?? 0
  return Number.isFinite(milliseconds) ? Math.max(0, Math.trunc(milliseconds / MS_PER_S)) : 0
}

/**
 * Unpacks a gzipped tar into blobs. Nothing is ever written to the host under a name of the
 * archive's; owners and set-id bits are not taken over.
 *
 * @param to - the image's directory everything goes to.
 * @param store - keeps the bytes of one file; must read them to their end.
 * @throws EngineError `INVALID_IMAGE`: a name, a link or a kind of entry that is refused, a budget
 *   that is exceeded, an archive that is damaged.
 */
export async function unpackArchive(
  archive: { readonly name: string; readonly to: string; readonly strip: number },
  pieces: AsyncIterable<Uint8Array>,
  store: (content: AsyncIterable<Uint8Array>) => Promise<Stored>,
): Promise<readonly ImageFile[]> {
  const tree = new ArchiveTree(archive.name, archive.to, archive.strip)
  for await (const { header, content } of archiveEntries(archive.name, pieces)) {
    const { name, type, linkname } = header
    const modified = secondsOf(header.mtime)
    const mode = (header.mode ?? 0) & PERMISSIONS
    if (type === 'directory') tree.place(name, { type, mode, modified })
    else if (type === 'symlink') tree.place(name, { type, modified, target: linkname ?? '' })
    else if (type === 'link') tree.link(name, linkname ?? '')
    else if (type === 'file' || type === 'contiguous-file') {
      tree.place(name, { type: 'regular', mode, modified, ...(await store(content)) })
    } else {
      // A device or a pipe of the host's kernel is nothing a container's file can be.
      throw invalidArchive(archive.name, `holds a ${type ?? 'thing of an unknown kind'}`)
    }
  }
  return tree.list()
}
