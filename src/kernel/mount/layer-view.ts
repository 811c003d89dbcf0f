import type { DirectoryEntry, FileType } from './vnode.ts'

/**
 * The flat index of an image's files: one SharedArrayBuffer, read in place by every worker.
 *
 *   header i32[16]: MAGIC NODES HASH_SIZE NODE_AT HASH_AT NAME_AT SEED -
 *   node   i32[16]: PARENT NAME_AT NAME_LEN FORMAT+MODE DATA_PAGE DATA_AT SIZE FIRST_CHILD
 *                   NEXT_SIBLING UID GID MTIME_S MTIME_NS TEXT_AT TEXT_LEN -
 *   hash   i32[2^k]: open addressing, at most half full, key (parent, name bytes), seeded; node or -1
 *   names  UTF-8 bytes: names, and the texts of symlinks
 *
 * File bytes stand in a second buffer, each file 8-aligned. Nobody writes either after it is built.
 */
export const HEADER = {
  MAGIC: 0,
  NODES: 1,
  HASH_SIZE: 2,
  NODE_AT: 3,
  HASH_AT: 4,
  NAME_AT: 5,
  SEED: 6,
}
export const NODE = {
  PARENT: 0,
  NAME_AT: 1,
  NAME_LEN: 2,
  MODE: 3,
  /** Byte offset of the file's bytes, divided by 8. */
  DATA: 4,
  SIZE: 5,
  FIRST_CHILD: 6,
  NEXT_SIBLING: 7,
  UID: 8,
  GID: 9,
  MTIME_S: 10,
  MTIME_NS: 11,
  TEXT_AT: 12,
  TEXT_LEN: 13,
  CHILDREN: 14,
}
export const NODE_WORDS = 16
export const HEADER_WORDS = 16
export const MAGIC = 0x4b4c5542
const S_IFMT = 0o170000
export const S_IFDIR = 0o040000
export const S_IFLNK = 0o120000
export const S_IFREG = 0o100000

/** The buffers of a view: what is posted to a worker. */
export interface LayerParts {
  readonly index: SharedArrayBuffer
  readonly data: SharedArrayBuffer
}

/** FNV-1a over parent and name, from a seed: names are hostile, collisions must not be choosable. */
export function hashName(seed: number, parent: number, name: Uint8Array, length: number): number {
  let hash = (0x811c9dc5 ^ seed) | 0
  hash = Math.imul(hash ^ parent, 0x01000193)
  hash = Math.imul(hash ^ (parent >>> 16), 0x01000193)
  for (let at = 0; at < length; at += 1) hash = Math.imul(hash ^ (name[at] ?? 0), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const MAX_NAME_BYTES = 3 * 255
const scratch = new Uint8Array(MAX_NAME_BYTES)
const ASCII_END = 0x80

/** Puts the UTF-8 bytes of `name` into `scratch`. Answers how many; -1: no file has so long a name. */
function encodeName(name: string): number {
  if (name.length > MAX_NAME_BYTES) return -1
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at)
    if (code >= ASCII_END) return encodeAnyName(name)
    scratch[at] = code
  }
  return name.length
}

function encodeAnyName(name: string): number {
  const { read, written } = encoder.encodeInto(name, scratch)
  return read === name.length ? written : -1
}

/** An image's files as one worker sees them. Node 0 is the root directory. */
export class LayerView {
  readonly parts: LayerParts
  readonly #words: Int32Array
  readonly #bytes: Uint8Array
  readonly #data: Uint8Array
  readonly nodes: number
  readonly #hashMask: number
  readonly #nodeAt: number
  readonly #hashAt: number
  readonly #nameAt: number
  readonly #seed: number

  constructor(parts: LayerParts) {
    this.parts = parts
    this.#words = new Int32Array(parts.index)
    this.#bytes = new Uint8Array(parts.index)
    this.#data = new Uint8Array(parts.data)
    const header = (word: number): number => this.#words[word] ?? 0
    if (header(HEADER.MAGIC) !== MAGIC) throw new TypeError('not a layer index')
    this.nodes = header(HEADER.NODES)
    this.#hashMask = header(HEADER.HASH_SIZE) - 1
    this.#nodeAt = header(HEADER.NODE_AT)
    this.#hashAt = header(HEADER.HASH_AT)
    this.#nameAt = header(HEADER.NAME_AT)
    this.#seed = header(HEADER.SEED)
  }

  field(node: number, word: number): number {
    return this.#words[this.#nodeAt + node * NODE_WORDS + word] ?? 0
  }

  /** The node called `name` in the directory `parent`; -1 for none. */
  lookup(parent: number, name: string): number {
    const written = encodeName(name)
    if (written === -1) return -1
    let place = hashName(this.#seed, parent, scratch, written) & this.#hashMask
    for (;;) {
      const node = this.#words[this.#hashAt + place] ?? -1
      if (node === -1) return -1
      if (this.field(node, NODE.PARENT) === parent && this.#isNamed(node, written)) return node
      place = (place + 1) & this.#hashMask
    }
  }

  /** The node at an absolute path, through directories alone: links are not followed. -1 for none. */
  find(path: string): number {
    let node = 0
    for (const name of path.split('/')) {
      if (name === '' || node === -1) continue
      node = this.type(node) === 'directory' ? this.lookup(node, name) : -1
    }
    return node
  }

  #isNamed(node: number, length: number): boolean {
    if (this.field(node, NODE.NAME_LEN) !== length) return false
    const from = this.#nameAt + this.field(node, NODE.NAME_AT)
    for (let at = 0; at < length; at += 1) {
      if (this.#bytes[from + at] !== scratch[at]) return false
    }
    return true
  }

  #textOf(at: number, length: number): string {
    const from = this.#nameAt + at
    // A decoder refuses shared memory: the bytes are copied first.
    return decoder.decode(this.#bytes.slice(from, from + length))
  }

  name(node: number): string {
    return this.#textOf(this.field(node, NODE.NAME_AT), this.field(node, NODE.NAME_LEN))
  }

  /** The text of a symlink. */
  linkText(node: number): string {
    return this.#textOf(this.field(node, NODE.TEXT_AT), this.field(node, NODE.TEXT_LEN))
  }

  type(node: number): FileType {
    const format = this.field(node, NODE.MODE) & S_IFMT
    if (format === S_IFDIR) return 'directory'
    return format === S_IFLNK ? 'symlink' : 'regular'
  }

  modified(node: number): bigint {
    const seconds = this.field(node, NODE.MTIME_S)
    return BigInt(seconds) * 1_000_000_000n + BigInt(this.field(node, NODE.MTIME_NS))
  }

  /** The bytes of a file, in place. Never written to. */
  bytes(node: number): Uint8Array {
    const from = this.field(node, NODE.DATA) * 8
    return this.#data.subarray(from, from + this.field(node, NODE.SIZE))
  }

  /** Fills `into` with bytes of a file from `at` on. Answers how many there are. */
  read(node: number, into: Uint8Array, at: number): number {
    const count = Math.min(into.length, this.field(node, NODE.SIZE) - at)
    if (count <= 0) return 0
    const from = this.field(node, NODE.DATA) * 8 + at
    into.set(this.#data.subarray(from, from + count))
    return count
  }

  *children(node: number): Generator<DirectoryEntry & { readonly node: number }> {
    for (let child = this.field(node, NODE.FIRST_CHILD); child > 0; ) {
      yield { name: this.name(child), inode: child, type: this.type(child), node: child }
      child = this.field(child, NODE.NEXT_SIBLING)
    }
  }
}
