import { pipeline } from 'node:stream/promises'
import tar, { type Header } from 'tar-stream'
import { OWN_FILES } from '../../contract/own-files.ts'
import { invalidArchive } from '../content/archive.ts'
import type { Stored } from '../content/blobs.ts'
import type { ImageFile } from './image-file.ts'
import { secondsOf } from './unpack.ts'

type Pieces = AsyncIterable<Uint8Array>

const NAME = 'commit'
const MODE_BITS = 0o7777

const spared: ReadonlySet<string> = new Set(OWN_FILES)

async function* piecesOf(entry: Pieces): AsyncGenerator<Uint8Array> {
  yield* entry
}

/** Names as a container's export has them: from the root, directories with a slash behind. */
const pathOf = (name: string): string => `/${name.replace(/\/$/, '')}`

/** Not a second name of a file: an image has none, so it becomes another file of the same bytes. */
function linkedTo(files: ReadonlyMap<string, ImageFile>, header: Header): ImageFile {
  const first = files.get(pathOf(header.linkname))
  if (first?.type === 'regular') return { ...first, path: pathOf(header.name) }
  throw invalidArchive(NAME, 'a link to what is no file before it')
}

async function fileOf(
  header: Header,
  content: Pieces,
  store: (content: Pieces) => Promise<Stored>,
): Promise<ImageFile> {
  const { uid, gid } = header
  const path = pathOf(header.name)
  const owner = { ...(uid > 0 && { uid }), ...(gid > 0 && { gid }) }
  const common = { path, modified: secondsOf(header.mtime), ...owner }
  const mode = header.mode & MODE_BITS
  if (header.type === 'directory') return { ...common, type: 'directory', mode }
  if (header.type === 'symlink') return { ...common, type: 'symlink', target: header.linkname }
  return { ...common, type: 'regular', mode, ...(await store(piecesOf(content))) }
}

/**
 * The files of an image that is a container's whole root, from the container's export.
 *
 * @param store - keeps the bytes of one file; must read them to their end.
 * @throws EngineError what breaks the export.
 */
export async function committedFiles(
  exported: Pieces,
  store: (content: Pieces) => Promise<Stored>,
): Promise<readonly ImageFile[]> {
  const archive = tar.extract()
  const files = new Map<string, ImageFile>()
  const flowing = pipeline(exported, archive)
  // Whatever breaks the flow also ends the loop below, which tells it.
  flowing.catch(() => {})
  for await (const entry of archive) {
    const { header } = entry
    const path = pathOf(header.name)
    if (spared.has(path)) {
      entry.resume()
      continue
    }
    // An entry yields buffers; its type says unknown.
    const content = entry as Pieces
    files.set(
      path,
      header.type === 'link' ? linkedTo(files, header) : await fileOf(header, content, store),
    )
    entry.resume()
  }
  await flowing
  return [...files.values()]
}
