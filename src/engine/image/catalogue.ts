import { readFileSync } from 'node:fs'
import { EngineError } from '../../contract/errors.ts'
import type { ImageConfig } from '../container/root-source.ts'

/** Where an image's files come from. */
export type ImageSource =
  /** A guest of our own, shipped in the package. */
  | { readonly guest: string }
  /** A package of the npm registry: its tarball must have this integrity and about these bytes. */
  | {
      readonly npm: string
      readonly version: string
      readonly integrity: string
      readonly bytes: number
    }

export interface CatalogueEntry {
  readonly name: string
  readonly description: string
  readonly licence: string
  readonly source: ImageSource
  readonly files: readonly { readonly from: string; readonly to: string }[]
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
  return {
    npm: text(name, fields, 'npm'),
    version: text(name, fields, 'version'),
    integrity: text(name, fields, 'integrity'),
    bytes,
  }
}

function entryOf(name: string, value: unknown): CatalogueEntry {
  const fields = fieldsOf(name, value, 'it')
  const files = fields.get('files')
  if (!Array.isArray(files)) throw invalid(name, 'files must be a list')
  const config = fieldsOf(name, fields.get('config') ?? {}, 'config')
  return {
    name,
    description: text(name, fields, 'description'),
    licence: text(name, fields, 'licence'),
    source: sourceOf(name, fields.get('source')),
    files: files.map((file) => {
      const parts = fieldsOf(name, file, 'a file')
      return { from: text(name, parts, 'from'), to: text(name, parts, 'to') }
    }),
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
