import { EngineError } from '../../contract/errors.ts'
import { patternOf } from '../../std/pattern.ts'

/** Values by key: the values of one key are alternatives, keys must all hold. */
export type Filters = ReadonlyMap<string, readonly string[]>

const invalid = (what: string): EngineError => new EngineError('INVALID_ARGUMENT', what)

function valuesOf(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('invalid filter')
  }
  return Object.entries(value).flatMap(([key, wanted]) => (wanted === true ? [key] : []))
}

/**
 * The `filters` of a query: a JSON map of maps (`{"label":{"a=b":true}}`), or of lists.
 *
 * @throws EngineError `INVALID_ARGUMENT`: unreadable, or a key that is not among `known`.
 * @source engine API reference, 11
 */
export function parseFilters(text: string | undefined, known: readonly string[]): Filters {
  const filters = new Map<string, readonly string[]>()
  if (text === undefined || text === '') return filters
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw invalid('invalid filter')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalid('invalid filter')
  }
  for (const [key, value] of Object.entries(parsed)) {
    if (!known.includes(key)) throw invalid(`invalid filter '${key}'`)
    filters.set(key, valuesOf(value))
  }
  return filters
}

/** Whether one of the wanted values fits; true where nothing is wanted. */
export function anyOf(filters: Filters, key: string, fits: (value: string) => boolean): boolean {
  const wanted = filters.get(key)
  return wanted === undefined || wanted.length === 0 || wanted.some(fits)
}

/** What a filter that says yes or no may be. @source strconv.ParseBool */
export const YES_OR_NO = /^(1|0|true|false|t|f)$/i
export const isYes = (value: string): boolean => /^(1|true|t)$/i.test(value)

/** Throws EngineError `INVALID_ARGUMENT` for the first value of `key` that does not fit. */
export function checkEach(filters: Filters, key: string, fits: (value: string) => boolean): void {
  const wrong = filters.get(key)?.find((value) => !fits(value))
  if (wrong !== undefined) throw invalid(`invalid filter '${key}=${wrong}'`)
}

/** A name fits an expression that is found in it; what is none fits nothing. @source moby api/types/filters */
export const nameFits = (name: string, wanted: string): boolean =>
  name === wanted || (patternOf(wanted)?.(name) ?? false)

/** Whether the label is there: `name`, or `name=value`. */
export function labelFits(wanted: string, labels: Readonly<Record<string, string>>): boolean {
  const at = wanted.indexOf('=')
  if (at === -1) return Object.hasOwn(labels, wanted)
  const name = wanted.slice(0, at)
  return Object.hasOwn(labels, name) && labels[name] === wanted.slice(at + 1)
}

/** Labels must all be there. */
export const labelsFit = (filters: Filters, labels: Readonly<Record<string, string>>): boolean =>
  (filters.get('label') ?? []).every((wanted) => labelFits(wanted, labels))
