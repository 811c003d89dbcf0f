import { readFileSync } from 'node:fs'
import { EngineError } from '../../contract/errors.ts'
import type { ImageConfig } from '../container/root-source.ts'
import { type Integrity, isIntegrity } from '../content/integrity.ts'

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

/** One thing an image takes from its source. */
export type ImagePart =
  /** A file, executable for all. */
  | { readonly from: string; readonly to: string }
  /** A gzipped tar, unpacked below `to`; `strip` leading names are taken off each entry's. */
  | { readonly unpack: string; readonly to: string; readonly strip: number }

export interface CatalogueEntry {
  readonly name: string
  readonly description: string
  readonly licence: string
  readonly source: ImageSource
  readonly files: readonly ImagePart[]
  readonly config: ImageConfig
}

type Fields = ReadonlyMap<string, unknown>

const invalid = (name: string, what: string): EngineError =>
  new EngineError('INVALID_IMAGE', `catalogue entry ${name}: ${what}`)

function fieldsOf(name: string, value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(name, `${what} must be an object`)
  }
  return new Map(Object.entries(value))
}

function text(name: string, fields: Fields, key: string, fallback?: string): string {
  const value = fields.get(key) ?? fallback
  if (typeof value !== 'string') throw invalid(name, `${key} must be a string`)
  return value
}

function texts(name: string, fields: Fields, key: string): readonly string[] {
  const value = fields.get(key) ?? []
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw invalid(name, `${key} must be a list of strings`)
  }
  return value
}

function sourceOf(name: string, value: unknown): ImageSource {
  const fields = fieldsOf(name, value, 'source')
  if (fields.has('guest')) return { guest: text(name, fields, 'guest') }
  const bytes = fields.get('bytes')
  if (typeof bytes !== 'number') throw invalid(name, 'source.bytes must be a number')
  const integrity = text(name, fields, 'integrity')
  if (!isIntegrity(integrity))
    throw invalid(name, 'source.integrity must be sha512- and its base64')
  return {
    npm: text(name, fields, 'npm'),
    version: text(name, fields, 'version'),
    integrity,
    bytes,
  }
}

/** An absolute path in the image, without `.` and `..`. */
function targetOf(name: string, fields: Fields): string {
  const to = text(name, fields, 'to')
  if (/^(?:\/[^/\0]+)+$/.test(to) && !/\/\.{1,2}(?:\/|$)/.test(to)) return to
  throw invalid(name, 'to must be an absolute path')
}

function partOf(name: string, value: unknown): ImagePart {
  const fields = fieldsOf(name, value, 'a file')
  const to = targetOf(name, fields)
  if (!fields.has('unpack')) return { from: text(name, fields, 'from'), to }
  const strip = fields.get('strip') ?? 0
  if (typeof strip !== 'number' || !Number.isSafeInteger(strip) || strip < 0) {
    throw invalid(name, 'strip must be a number of names')
  }
  return { unpack: text(name, fields, 'unpack'), to, strip }
}

function entryOf(name: string, value: unknown): CatalogueEntry {
  const fields = fieldsOf(name, value, 'it')
  const files = fields.get('files')
  if (!Array.isArray(files)) throw invalid(name, 'files must be a list')
  const parts = files.map((file) => partOf(name, file))
  // A source's bytes pass once.
  const sources = parts.map((part) => ('unpack' in part ? part.unpack : part.from))
  if (new Set(sources).size < sources.length) throw invalid(name, 'takes a file twice')
  const config = fieldsOf(name, fields.get('config') ?? {}, 'config')
  return {
    name,
    description: text(name, fields, 'description'),
    licence: text(name, fields, 'licence'),
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
  const entries = fieldsOf('*', JSON.parse(json), 'the catalogue')
  return new Map([...entries].map(([name, value]) => [name, entryOf(name, value)]))
}

export const readCatalogue = (path: string): ReadonlyMap<string, CatalogueEntry> =>
  parseCatalogue(readFileSync(path, 'utf8'))
