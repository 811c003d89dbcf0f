/**
 * Records as text: JSON, and for what JSON has no word a tag, an object with one key.
 *
 *   {"$bigint":"12"}  {"$date":1700000000000}  {"$bytes":"base64"}  {"$undefined":true}
 *
 * A key of the record's own that begins with `$` gets another one, so that no label can pass for a
 * tag. What comes back is equal to what went in, keys whose value is undefined included.
 */
const TAGS = {
  $bigint: (value: unknown) => BigInt(String(value)),
  $date: (value: unknown) => new Date(Number(value)),
  $bytes: (value: unknown) => new Uint8Array(Buffer.from(String(value), 'base64')),
  $undefined: () => undefined,
} as const satisfies Record<string, (value: unknown) => unknown>

type Tag = keyof typeof TAGS

const tagged = (tag: Tag, value: unknown): Readonly<Record<string, unknown>> => ({ [tag]: value })

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function plainOf(value: object): unknown {
  if (value instanceof Date) return tagged('$date', value.getTime())
  if (value instanceof Uint8Array) return tagged('$bytes', Buffer.from(value).toString('base64'))
  if (Array.isArray(value)) return value.map(encoded)
  if (!isPlain(value)) throw new TypeError(`a ${value.constructor.name} cannot be kept`)
  const entries = Object.entries(value)
  return Object.fromEntries(
    entries.map(([key, one]) => [key.startsWith('$') ? `$${key}` : key, encoded(one)]),
  )
}

function encoded(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (Number.isFinite(value)) return value
      throw new TypeError(`the number ${value} cannot be kept`)
    case 'bigint':
      return tagged('$bigint', String(value))
    case 'undefined':
      return tagged('$undefined', true)
    case 'object':
      return value === null ? null : plainOf(value)
    case 'function':
    case 'symbol':
      throw new TypeError(`a ${typeof value} cannot be kept`)
  }
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(decoded)
  const entries: readonly [string, unknown][] = Object.entries(value)
  const [key, inner] = entries[0] ?? ['', undefined]
  if (entries.length === 1 && Object.hasOwn(TAGS, key)) {
    // The line above asked.
    return TAGS[key as Tag](inner)
  }
  return Object.fromEntries(
    entries.map(([name, one]) => [name.startsWith('$$') ? name.slice(1) : name, decoded(one)]),
  )
}

/** @throws TypeError for what is no plain data: a function, a Map, a number without a value. */
export const recordText = (record: unknown): string => JSON.stringify(encoded(record))

/** @throws SyntaxError for text that `recordText` did not write. */
export const recordOf = (text: string): unknown => decoded(JSON.parse(text))
