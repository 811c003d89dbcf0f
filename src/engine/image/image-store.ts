import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from '../../contract/errors.ts'
import type { ImageConfig } from '../container/root-source.ts'
import { parseReference } from './reference.ts'

/** One image that is here. Files are blobs; directories come with the files. */
export interface ImageRecord {
  /** `sha256:` and the digest of everything below but the date. */
  readonly id: string
  readonly name: string
  readonly tag: string
  readonly created: string
  /** Bytes of all files. */
  readonly size: number
  readonly config: ImageConfig
  readonly files: readonly {
    readonly path: string
    readonly digest: string
    readonly size: number
  }[]
}

export function newImage(parts: Omit<ImageRecord, 'id' | 'created' | 'size'>): ImageRecord {
  const content = JSON.stringify([parts.config, parts.files])
  return {
    ...parts,
    id: `sha256:${createHash('sha256').update(content).digest('hex')}`,
    created: new Date().toISOString(),
    size: parts.files.reduce((sum, file) => sum + file.size, 0),
  }
}

const noSuchImage = (reference: string): EngineError =>
  new EngineError('NO_SUCH_IMAGE', `No such image: ${reference}`)

/** The images of one data directory: a JSON file each. */
export class ImageStore {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  #file({ name, tag }: { name: string; tag: string }): string {
    return join(this.#directory, `${encodeURIComponent(`${name}:${tag}`)}.json`)
  }

  list(): readonly ImageRecord[] {
    let names: readonly string[]
    try {
      names = readdirSync(this.#directory)
    } catch {
      return []
    }
    return names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => JSON.parse(readFileSync(join(this.#directory, name), 'utf8')) as ImageRecord) // written by `put`
  }

  /** By `name[:tag]` or by the beginning of its id. */
  find(reference: string): ImageRecord | undefined {
    const images = this.list()
    const id = reference.replace(/^sha256:/, '')
    const byId = /^[0-9a-f]{4,64}$/.test(id)
      ? images.filter((image) => image.id.slice('sha256:'.length).startsWith(id))
      : []
    if (byId.length === 1) return byId[0]
    const { name, tag } = parseReference(reference)
    return images.find((image) => image.name === name && image.tag === tag)
  }

  /** @throws EngineError `NO_SUCH_IMAGE`. */
  get(reference: string): ImageRecord {
    const image = this.find(reference)
    if (image === undefined) throw noSuchImage(reference)
    return image
  }

  put(image: ImageRecord): void {
    mkdirSync(this.#directory, { recursive: true })
    const temporary = join(this.#directory, `.${randomBytes(8).toString('hex')}`)
    writeFileSync(temporary, JSON.stringify(image))
    renameSync(temporary, this.#file(image))
  }

  remove(image: ImageRecord): void {
    rmSync(this.#file(image), { force: true })
  }
}
