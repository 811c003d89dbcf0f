import { EngineError } from '../../contract/errors.ts'

/** What an object of the catalogue says, by key. */
export type Fields = ReadonlyMap<string, unknown>

/** What is wrong with the entry `name`. */
export const invalidEntry = (name: string, what: string): EngineError =>
  new EngineError('INVALID_IMAGE', `catalogue entry ${name}: ${what}`)

export function fieldsOf(name: string, value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidEntry(name, `${what} must be an object`)
  }
  return new Map(Object.entries(value))
}

export function text(name: string, fields: Fields, key: string, fallback?: string): string {
  const value = fields.get(key) ?? fallback
  if (typeof value !== 'string') throw invalidEntry(name, `${key} must be a string`)
  return value
}

export function texts(name: string, fields: Fields, key: string): readonly string[] {
  const value = fields.get(key) ?? []
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw invalidEntry(name, `${key} must be a list of strings`)
  }
  return value
}
