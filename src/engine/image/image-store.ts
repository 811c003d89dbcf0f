import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { EngineError } from '../../contract/errors.ts'
import { shortId } from '../../contract/ids.ts'
import type { ImageConfig } from '../container/root-source.ts'
import type { Integrity } from '../content/integrity.ts'
import { replaceFile, syncDirectory } from '../content/sync.ts'
import { temporaryName } from '../content/temporary-name.ts'
import type { ImageFile } from './image-file.ts'
import { parseReference } from './reference.ts'

/** Of the record itself: records of another format are not images of this version. */
const FORMAT = 2

/** One image that is here. */
export interface ImageRecord {
  readonly format: typeof FORMAT
  /** `sha256:` and the digest of everything below but the date. */
  readonly id: string
  readonly name: string
  readonly tag: string
  readonly created: string
  /** Bytes of all files. */
  readonly size: number
  /** Names what it was made from: the entry of the catalogue. */
  readonly recipe: string
  /** The download its files are from. */
  readonly tarball?: Integrity
  /** Of an image that was made from a container: it has all files of its root, the base's too. */
  readonly committed?: {
    readonly parent: string
    readonly comment: string
    readonly author: string
    /** The lines of a Dockerfile that were laid over its configuration. */
    readonly changes?: readonly string[]
  }
  /** What its files came from, the lowest first; absent: they came at once. */
  readonly layers?: readonly ImageLayer[]
  readonly config: ImageConfig
  readonly files: readonly ImageFile[]
}

/** Files that an image shares with others that stand on the same base. */
export interface ImageLayer {
  /** `sha256:` and the digest of its files. */
  readonly digest: string
  /** Bytes of its files. */
  readonly size: number
  /** The entry of the catalogue that it is. */
  readonly entry: string
}

const sha256 = (value: unknown): string =>
  `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`

const sizeOf = (files: readonly ImageFile[]): number =>
  files.reduce((sum, file) => sum + (file.type === 'regular' ? file.size : 0), 0)

export const newLayer = (entry: string, files: readonly ImageFile[]): ImageLayer => ({
  digest: sha256(files),
  size: sizeOf(files),
  entry,
})

export const newImage = (
  parts: Omit<ImageRecord, 'format' | 'id' | 'created' | 'size'>,
): ImageRecord => ({
  ...parts,
  format: FORMAT,
  id: sha256([parts.config, parts.files, ...(parts.committed ? [parts.committed] : [])]),
  created: new Date().toISOString(),
  size: sizeOf(parts.files),
})

/** The name of an image that has none; its tag is the beginning of its id. */
const NO_NAME = '<none>'

/** `name:tag`; undefined for an image that has none. */
export const nameOf = ({ name, tag }: Pick<ImageRecord, 'name' | 'tag'>): string | undefined =>
  name === NO_NAME ? undefined : `${name}:${tag}`

/** The same image without a name. */
export const unnamed = (image: ImageRecord): ImageRecord => ({
  ...image,
  name: NO_NAME,
  tag: shortId(image.id),
})

/** The layers of an image, the lowest first. */
export const layersOf = (image: Omit<ImageRecord, 'name' | 'tag'>): readonly ImageLayer[] =>
  image.layers ?? [newLayer('', image.files)]

const ID_PREFIX = /^[0-9a-f]{4,64}$/
const hexOf = ({ id }: ImageRecord): string => id.slice('sha256:'.length)

function byName(images: readonly ImageRecord[], reference: string): ImageRecord | undefined {
  const { name, tag } = parseReference(reference)
  return images.find((image) => image.name === name && image.tag === tag)
}

/** A bare name is told with the tag that was looked for. */
function noSuchImage(reference: string): EngineError {
  const { name, tag } = parseReference(reference)
  return new EngineError('NO_SUCH_IMAGE', `No such image: ${name}:${tag}`)
}

/** Of another file than before, or of the same one written anew; undefined: there is none. */
function stampOfFile(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats && `${stats.ino}:${stats.size}:${stats.mtimeMs}`
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Room for the ending, within what file systems take. */
const LONGEST_FILE = 240

/** The images of one data directory: a JSON file each. */
export class ImageStore {
  readonly #directory: string
  readonly #known = new Map<string, { readonly stamp: string; readonly image: ImageRecord }>()
  #changes = 0

  constructor(directory: string) {
    this.#directory = directory
  }

  #file({ name, tag }: { name: string; tag: string }): string {
    const plain = encodeURIComponent(`${name}:${tag}`)
    // A name of Docker's may be longer than one of a file; nothing reads it back from there.
    const file = plain.length > LONGEST_FILE ? sha256([name, tag]).replace(':', '-') : plain
    return join(this.#directory, `${file}.json`)
  }

  /** Throws Node's error where the directory is there and cannot be read: it is not empty then. */
  list(): readonly ImageRecord[] {
    return namesIn(this.#directory)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .flatMap((name) => this.#read(name) ?? [])
      .filter((image) => image.format === FORMAT)
  }

  /** A record is read once, and again when its file has changed. Undefined: it went meanwhile. */
  #read(name: string): ImageRecord | undefined {
    const path = join(this.#directory, name)
    const stamp = stampOfFile(path)
    const known = this.#known.get(name)
    if (stamp !== undefined && known?.stamp === stamp) return known.image
    try {
      const image = JSON.parse(readFileSync(path, 'utf8')) as ImageRecord // written by `put`
      if (stamp !== undefined) this.#known.set(name, { stamp, image })
      return image
    } catch (error) {
      this.#known.delete(name)
      if (stampOfFile(path) === undefined) return undefined
      throw error
    }
  }

  /** By `name[:tag]` or by the beginning of its id. A name counts before an id that begins like it. */
  find(reference: string): ImageRecord | undefined {
    const images = this.list()
    const id = reference.replace(/^sha256:/, '')
    const named = id === reference ? byName(images, reference) : undefined
    if (named !== undefined) return named
    const byId = ID_PREFIX.test(id) ? images.filter((image) => hexOf(image).startsWith(id)) : []
    // An image may have several names.
    return new Set(byId.map((image) => image.id)).size === 1 ? byId[0] : undefined
  }

  /** @throws EngineError `NO_SUCH_IMAGE`. */
  get(reference: string): ImageRecord {
    const image = this.find(reference)
    if (image === undefined) throw noSuchImage(reference)
    return image
  }

  /** How often a record was put or removed here. */
  get changes(): number {
    return this.#changes
  }

  /** Changes whenever the image's record does, also at another process's hand; undefined for none. */
  stampOf(image: ImageRecord): string | undefined {
    return stampOfFile(this.#file(image))
  }

  /** Returns when the record cannot be lost any more. Its blobs come before it. */
  put(image: ImageRecord): void {
    this.#changes += 1
    mkdirSync(this.#directory, { recursive: true })
    const temporary = join(this.#directory, temporaryName('.'))
    replaceFile(this.#directory, this.#file(image), temporary, JSON.stringify(image))
  }

  /** Returns when the record cannot come back. */
  remove(image: ImageRecord): void {
    this.#changes += 1
    const file = this.#file(image)
    rmSync(file, { force: true })
    this.#known.delete(basename(file))
    syncDirectory(this.#directory)
  }
}
