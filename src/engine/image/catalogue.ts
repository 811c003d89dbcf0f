import { readFileSync } from 'node:fs'
import type { ImageConfig } from '../container/root-source.ts'
import { type Integrity, isIntegrity } from '../content/integrity.ts'
import { fieldsOf, invalidEntry, text, texts } from './catalogue-fields.ts'
import { type ImagePart, partOf, sourceNameOf } from './catalogue-part.ts'

/** A package of the npm registry. */
export interface NpmPackage {
  readonly npm: string
  readonly version: string
  /** What its tarball must hash to. */
  readonly integrity: Integrity
  /** Length of its tarball, exactly. */
  readonly bytes: number
}

/** Where an image's files come from: a guest of our own, shipped in the package, or npm. */
export type ImageSource = { readonly guest: string } | NpmPackage

export interface CatalogueEntry {
  readonly name: string
  readonly description: string
  readonly licence: string
  /** The entry whose files and variables lie below its own. */
  readonly base: string | undefined
  readonly source: ImageSource
  readonly files: readonly ImagePart[]
  readonly config: ImageConfig
}

function sourceOf(name: string, value: unknown): ImageSource {
  const fields = fieldsOf(name, value, 'source')
  if (fields.has('guest')) return { guest: text(name, fields, 'guest') }
  const bytes = fields.get('bytes')
  if (typeof bytes !== 'number') throw invalidEntry(name, 'source.bytes must be a number')
  const integrity = text(name, fields, 'integrity')
  if (!isIntegrity(integrity))
    throw invalidEntry(name, 'source.integrity must be sha512- and its base64')
  return {
    npm: text(name, fields, 'npm'),
    version: text(name, fields, 'version'),
    integrity,
    bytes,
  }
}

function entryOf(name: string, value: unknown): CatalogueEntry {
  const fields = fieldsOf(name, value, 'it')
  const files = fields.get('files')
  if (!Array.isArray(files)) throw invalidEntry(name, 'files must be a list')
  const parts = files.map((file) => partOf(name, file))
  // A source's bytes pass once.
  const sources = parts.flatMap((part) => sourceNameOf(part) ?? [])
  if (new Set(sources).size < sources.length) throw invalidEntry(name, 'takes a file twice')
  const config = fieldsOf(name, fields.get('config') ?? {}, 'config')
  return {
    name,
    description: text(name, fields, 'description'),
    licence: text(name, fields, 'licence'),
    base: fields.has('from') ? text(name, fields, 'from') : undefined,
    source: sourceOf(name, fields.get('source')),
    files: parts,
    config: {
      Entrypoint: texts(name, config, 'Entrypoint'),
      Cmd: texts(name, config, 'Cmd'),
      Env: texts(name, config, 'Env'),
      WorkingDir: text(name, config, 'WorkingDir', '/'),
      User: text(name, config, 'User', ''),
    },
  }
}

/**
 * The images that can be pulled by name.
 *
 * @throws EngineError `INVALID_IMAGE`, naming the entry and the field.
 */
function parseCatalogue(json: string): ReadonlyMap<string, CatalogueEntry> {
  const values = fieldsOf('*', JSON.parse(json), 'the catalogue')
  const entries = new Map([...values].map(([name, value]) => [name, entryOf(name, value)]))
  for (const { name, base } of entries.values()) {
    const below = base === undefined ? undefined : entries.get(base)
    if (base !== undefined && (below === undefined || below.base !== undefined)) {
      throw invalidEntry(name, `from names no image that stands by itself: ${base}`)
    }
  }
  return entries
}

export const readCatalogue = (path: string): ReadonlyMap<string, CatalogueEntry> =>
  parseCatalogue(readFileSync(path, 'utf8'))
