import { ProtocolError } from './frame.ts'

/**
 * A call or an answer as bytes: JSON, and behind it what JSON cannot hold.
 *
 *   ┌─────────────────┬──────┬───────────────────────┐
 *   │ JSON's length 4 │ JSON │ byte arrays, in order │
 *   └─────────────────┴──────┴───────────────────────┘
 *
 * Not v8.deserialize: it is not made for bytes that somebody chose.
 */
const LENGTH_BYTES = 4
/** Objects in objects: more than any verb of ours has. */
const MAX_DEPTH = 12
/** Digits of a u64, and a sign. */
const BIGINT = /^-?\d{1,20}$/

interface Packing {
  readonly bytes: Uint8Array[]
  size: number
}

function plain(value: unknown, packing: Packing): unknown {
  if (typeof value === 'bigint') return { $bigint: String(value) }
  if (value === Number.POSITIVE_INFINITY) return { $infinity: 1 }
  // Not left out: a limit of undefined is one that is lifted.
  if (value === undefined) return { $undefined: 1 }
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) {
    const at = packing.size
    packing.bytes.push(value)
    packing.size += value.length
    return { $bytes: [at, value.length] }
  }
  if (Array.isArray(value)) return value.map((item) => plain(item, packing))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, packing)]))
}

/** The pieces of a body, to be sent one after another. */
export function packed(value: unknown): readonly Uint8Array[] {
  const packing: Packing = { bytes: [], size: 0 }
  const json = Buffer.from(JSON.stringify(plain(value, packing)))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(json.length)
  return [length, json, ...packing.bytes]
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

function bytesAt(place: unknown, tail: Uint8Array): Uint8Array {
  const [at, length] = Array.isArray(place) ? (place as readonly unknown[]) : []
  if (!isCount(at) || !isCount(length) || at + length > tail.length) {
    throw new ProtocolError('bytes that are not there')
  }
  return tail.subarray(at, at + length)
}

function revived(value: unknown, tail: Uint8Array, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) throw new ProtocolError('a body that is too deep')
  if (Array.isArray(value)) return value.map((item) => revived(item, tail, depth + 1))
  const { $bytes, $bigint, $infinity, $undefined } = value as Readonly<Record<string, unknown>>
  if ($bytes !== undefined) return bytesAt($bytes, tail)
  if ($infinity !== undefined) return Number.POSITIVE_INFINITY
  if ($undefined !== undefined) return undefined
  if (typeof $bigint === 'string' && BIGINT.test($bigint)) return BigInt($bigint)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, revived(item, tail, depth + 1)]),
  )
}

/** @throws ProtocolError for whatever `packed` does not make. */
export function unpacked(body: Uint8Array): unknown {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.length)
  const length = buffer.length < LENGTH_BYTES ? -1 : buffer.readUInt32LE(0)
  if (length < 0 || LENGTH_BYTES + length > buffer.length) {
    throw new ProtocolError('a body that is cut short')
  }
  const end = LENGTH_BYTES + length
  let value: unknown
  try {
    value = JSON.parse(buffer.toString('utf8', LENGTH_BYTES, end))
  } catch {
    throw new ProtocolError('a body that is no JSON')
  }
  return revived(value, body.subarray(end), 0)
}

/** A body that comes in parts. */
export class BodyParts {
  readonly #limit: number
  #parts: Uint8Array[] = []
  #size = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** @throws ProtocolError beyond the limit. */
  add(part: Uint8Array): void {
    this.#size += part.length
    if (this.#size > this.#limit) throw new ProtocolError('a body that is too large')
    this.#parts.push(part)
  }

  whole(): Uint8Array {
    const [first] = this.#parts
    return this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts)
  }
}
