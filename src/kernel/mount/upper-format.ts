import type { StoredType } from '../../contract/inode-store.ts'
import type { UpperEntry } from './upper-layer.ts'

/**
 * The rows of an upper layer as bytes, little-endian, one after another:
 *
 *   u32 PARENT  u32 SAME_AS (or NONE)  u8 TYPE  u8 HAS_ORIGIN  u16 PERMISSIONS  u32 OWNER  u32 GROUP
 *   u64 ACCESSED  u64 MODIFIED  u64 CHANGED  u32 SIZE  u32 name, u32 text, u32 origin: their bytes
 *   then name, text and origin in UTF-8; an origin's names are joined by slashes
 *
 * Versioned by the file around it. What is read may be damaged, or made by somebody else: a row that
 * does not fit is the end of all, and nothing here is allocated by a number that was read.
 */
const FIXED = 60
const NONE = 0xffff_ffff
/** The number of a type is its position. A new one goes to the end. */
const TYPES: readonly StoredType[] = ['regular', 'directory', 'symlink', 'whiteout']
const PERMISSIONS = 0o7777

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

interface Row {
  readonly entry: UpperEntry
  readonly texts: readonly [name: Uint8Array, text: Uint8Array, origin: Uint8Array]
}

const rowOf = (entry: UpperEntry): Row => ({
  entry,
  texts: [
    encoder.encode(entry.name),
    encoder.encode(entry.text),
    encoder.encode(entry.origin?.join('/') ?? ''),
  ],
})

const bytesOf = ({ texts }: Row): number => texts.reduce((sum, text) => sum + text.length, FIXED)

export function encodeEntries(entries: readonly UpperEntry[]): Uint8Array {
  const rows = entries.map(rowOf)
  const bytes = new Uint8Array(rows.reduce((sum, row) => sum + bytesOf(row), 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const row of rows) {
    writeFixed(view, at, row)
    at += FIXED
    for (const text of row.texts) {
      bytes.set(text, at)
      at += text.length
    }
  }
  return bytes
}

function writeFixed(view: DataView, at: number, { entry, texts }: Row): void {
  view.setUint32(at, entry.parent, true)
  view.setUint32(at + 4, entry.sameAs ?? NONE, true)
  view.setUint8(at + 8, TYPES.indexOf(entry.type))
  view.setUint8(at + 9, entry.origin === undefined ? 0 : 1)
  view.setUint16(at + 10, entry.permissions, true)
  view.setUint32(at + 12, entry.owner, true)
  view.setUint32(at + 16, entry.group, true)
  view.setBigUint64(at + 20, entry.accessed, true)
  view.setBigUint64(at + 28, entry.modified, true)
  view.setBigUint64(at + 36, entry.changed, true)
  view.setUint32(at + 44, entry.size, true)
  for (const [index, text] of texts.entries()) {
    view.setUint32(at + 48 + 4 * index, text.length, true)
  }
}

/** @returns undefined: the bytes are no rows, or not all of them. */
export function decodeEntries(bytes: Uint8Array): readonly UpperEntry[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: UpperEntry[] = []
  let at = 0
  while (at < bytes.length) {
    const texts = textsAt(view, bytes, at)
    if (texts === undefined) return undefined
    const entry = entryAt(view, at, texts.values, entries.length)
    if (entry === undefined) return undefined
    entries.push(entry)
    at = texts.end
  }
  const [root] = entries
  return root?.type === 'directory' && root.sameAs === undefined ? entries : undefined
}

type Texts = readonly [name: string, text: string, origin: string]

function textsAt(view: DataView, bytes: Uint8Array, at: number) {
  if (bytes.length - at < FIXED) return undefined
  let end = at + FIXED
  const values: string[] = []
  for (let index = 0; index < 3; index += 1) {
    const length = view.getUint32(at + 48 + 4 * index, true)
    if (bytes.length - end < length) return undefined
    try {
      values.push(decoder.decode(bytes.subarray(end, end + length)))
    } catch {
      return undefined
    }
    end += length
  }
  // Three were put in.
  return { values: values as unknown as Texts, end }
}

function entryAt(
  view: DataView,
  at: number,
  [name, text, origin]: Texts,
  row: number,
): UpperEntry | undefined {
  const parent = view.getUint32(at, true)
  const first = view.getUint32(at + 4, true)
  const sameAs = first === NONE ? undefined : first
  const type = TYPES[view.getUint8(at + 8)]
  const permissions = view.getUint16(at + 10, true)
  const size = view.getUint32(at + 44, true)
  // Only the root is its own directory; every other row refers to rows before it.
  if (type === undefined || permissions > PERMISSIONS) return undefined
  if (row > 0 && parent >= row) return undefined
  if (sameAs !== undefined && sameAs >= row) return undefined
  if (size > 0 && (type !== 'regular' || sameAs !== undefined)) return undefined
  return {
    parent,
    name,
    type,
    sameAs,
    origin: view.getUint8(at + 9) === 0 ? undefined : namesOf(origin),
    permissions,
    owner: view.getUint32(at + 12, true),
    group: view.getUint32(at + 16, true),
    accessed: view.getBigUint64(at + 20, true),
    modified: view.getBigUint64(at + 28, true),
    changed: view.getBigUint64(at + 36, true),
    size,
    text,
  }
}

const namesOf = (origin: string): readonly string[] => (origin === '' ? [] : origin.split('/'))
