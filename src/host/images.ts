import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { EngineError } from '../contract/errors.ts'
import type { LayerFile } from '../contract/layer.ts'
import { BARE_CONFIG, type RootSource } from '../engine/container/root-source.ts'
import { Blobs } from '../engine/content/blobs.ts'
import { BASE_FILES } from '../engine/image/base-files.ts'
import { type CatalogueEntry, readCatalogue } from '../engine/image/catalogue.ts'
import { hostTree } from '../engine/image/host-tree.ts'
import { type ImageRecord, ImageStore } from '../engine/image/image-store.ts'
import { type InspectedImage, inspectImage } from '../engine/image/inspect.ts'
import { type PullProgress, pullImage } from '../engine/image/pull.ts'
import { parseReference } from '../engine/image/reference.ts'
import { KeyedCache } from '../std/keyed-cache.ts'

export interface PullOptions {
  readonly onProgress?: ((progress: PullProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** The images of a host. */
export interface Images {
  /** Those that are here. */
  list(): Promise<readonly ImageRecord[]>
  /** Names that can be pulled. */
  known(): readonly string[]
  /** @throws EngineError `NO_SUCH_IMAGE` | `PULL_FAILED`. */
  pull(reference: string, options?: PullOptions): Promise<ImageRecord>
  /** @throws EngineError `NO_SUCH_IMAGE`. */
  remove(reference: string): Promise<ImageRecord>
  /** What `docker image inspect` shows. @throws EngineError `NO_SUCH_IMAGE`. */
  inspect(reference: string): Promise<InspectedImage>
}

interface Opened {
  readonly surface: Images
  root(reference: string, options: PullOptions): Promise<RootSource>
  directoryRoot(directory: string | undefined): Promise<RootSource>
}

/** Pulls that may be under way at once and be shared. */
const PULLS = 64

/** The files of an image: the base every container has, then its own. */
function filesOf(image: ImageRecord, blobs: Blobs): readonly LayerFile[] {
  const own = image.files.map(
    ({ path, digest, size }): LayerFile => ({
      path,
      type: 'regular',
      mode: 0o755,
      uid: 0,
      gid: 0,
      modified: BigInt(Date.parse(image.created)) * 1_000_000n,
      size,
      source: { kind: 'host-file', path: blobs.path(digest), digest },
    }),
  )
  return [...BASE_FILES, ...own]
}

/** A host directory as root. Its content may change between runs, so each run reads it anew. */
function directorySource(directory: string | undefined): RootSource {
  if (directory === undefined) {
    return { key: 'bare', config: BARE_CONFIG, files: async () => BASE_FILES }
  }
  const files = [...BASE_FILES, ...hostTree(directory)]
  const identity = files.map(({ path, size, modified, mode }) => [path, size, `${modified}`, mode])
  const hash = createHash('sha256').update(JSON.stringify([directory, identity]))
  return {
    key: `directory:${hash.digest('hex')}`,
    config: BARE_CONFIG,
    files: async () => files,
  }
}

export function openImages(options: {
  readonly dataDirectory: string
  readonly packageRoot: string
}): Opened {
  const catalogue = readCatalogue(join(options.packageRoot, 'catalogue.json'))
  const blobs = new Blobs(join(options.dataDirectory, 'blobs', 'sha256'))
  const store = new ImageStore(join(options.dataDirectory, 'images'))
  const pulls = new KeyedCache<ImageRecord>(PULLS)
  /** What references led to, so that a run reads no record; forgotten with every change here. */
  const resolved = new Map<string, { readonly image: ImageRecord; readonly root: RootSource }>()

  const entryOf = (reference: string): CatalogueEntry => {
    const { name, tag } = parseReference(reference)
    const entry = tag === 'latest' ? catalogue.get(name) : undefined
    if (entry !== undefined) return entry
    const known = [...catalogue.keys()].join(', ')
    throw new EngineError(
      'NO_SUCH_IMAGE',
      `No such image: ${name}:${tag}; these are known: ${known}`,
    )
  }
  const pull = async (reference: string, how: PullOptions = {}): Promise<ImageRecord> => {
    const entry = entryOf(reference)
    // Several who ask at once share one download.
    const image = await pulls.get(entry.name, async () => {
      const guests = join(options.packageRoot, 'guests', 'build')
      const pulled = await pullImage(entry, { blobs, guests, ...how })
      store.put(pulled)
      resolved.clear()
      return pulled
    })
    pulls.delete(entry.name)
    return image
  }
  const isWhole = (image: ImageRecord): boolean =>
    image.files.every(({ digest }) => blobs.has(digest))
  const remove = async (reference: string): Promise<ImageRecord> => {
    const image = store.get(reference)
    store.remove(image)
    resolved.clear()
    const used = new Set(store.list().flatMap(({ files }) => files.map((file) => file.digest)))
    for (const { digest } of image.files) if (!used.has(digest)) blobs.remove(digest)
    return image
  }
  return {
    surface: {
      list: async () => store.list(),
      known: () => [...catalogue.keys()],
      pull,
      remove,
      inspect: async (reference) => inspectImage(store.get(reference)),
    },
    root: async (reference, how) => {
      const known = resolved.get(reference)
      if (known !== undefined && isWhole(known.image)) return known.root
      const here = store.find(reference)
      const image = here !== undefined && isWhole(here) ? here : await pull(reference, how)
      const files = filesOf(image, blobs)
      const root = { key: image.id, config: image.config, files: async () => files }
      resolved.set(reference, { image, root })
      return root
    },
    directoryRoot: async (directory) => directorySource(directory),
  }
}
