import type { LayerFile } from '../../contract/layer.ts'
import {
  HEADER,
  HEADER_WORDS,
  hashName,
  type LayerParts,
  LayerView,
  MAGIC,
  NODE,
  NODE_WORDS,
  S_IFDIR,
  S_IFLNK,
  S_IFREG,
} from './layer-view.ts'

export type { LayerParts } from './layer-view.ts'

/** A file of a layer with its bytes at hand. */
export interface LayerEntry extends Omit<LayerFile, 'source'> {
  readonly data: Uint8Array | undefined
}

/** Whiteouts of a layer. @source OCI image specification, "Whiteouts" */
const WHITEOUT = '.wh.'
const OPAQUE = '.wh..wh..opq'
const FORMAT = { regular: S_IFREG, directory: S_IFDIR, symlink: S_IFLNK } as const
const NS_PER_S = 1_000_000_000n

interface TreeNode {
  entry: LayerEntry
  readonly children: Map<string, TreeNode>
}

const directoryAt = (path: string): LayerEntry => ({
  path,
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  modified: 0n,
  size: 0,
  data: undefined,
})

const newNode = (entry: LayerEntry): TreeNode => ({ entry, children: new Map() })

/** Names of a path; none may climb or be empty. Undefined for a path that is refused. */
function namesOf(path: string): readonly string[] | undefined {
  const names = path.split('/').filter((name) => name !== '' && name !== '.')
  return names.includes('..') ? undefined : names
}

/** The directory that holds `names`' last name; what stood in its way is replaced. */
function parentOf(root: TreeNode, names: readonly string[]): TreeNode {
  let at = root
  for (const [depth, name] of names.slice(0, -1).entries()) {
    let next = at.children.get(name)
    if (next === undefined || next.entry.type !== 'directory') {
      next = newNode(directoryAt(`/${names.slice(0, depth + 1).join('/')}`))
      at.children.set(name, next)
    }
    at = next
  }
  return at
}

function place(root: TreeNode, entry: LayerEntry): void {
  const names = namesOf(entry.path)
  const name = names?.at(-1)
  if (names === undefined) return
  if (name === undefined) {
    if (entry.type === 'directory') root.entry = entry
    return
  }
  const parent = parentOf(root, names)
  if (name === OPAQUE) parent.children.clear()
  else if (name.startsWith(WHITEOUT)) parent.children.delete(name.slice(WHITEOUT.length))
  else {
    const known = parent.children.get(name)
    if (known !== undefined && known.entry.type === 'directory' && entry.type === 'directory') {
      known.entry = entry
    } else parent.children.set(name, newNode(entry))
  }
}

interface Flat {
  readonly entry: LayerEntry
  readonly name: Uint8Array
  readonly text: Uint8Array
  readonly parent: number
  firstChild: number
  nextSibling: number
  children: number
}

/** Hangs node `index` behind the last child of its parent so far. */
function chain(
  flat: readonly Flat[],
  last: Map<number, number>,
  parent: number,
  index: number,
): void {
  const before = last.get(parent)
  const directory = flat[parent]
  const sibling = before === undefined ? undefined : flat[before]
  if (sibling !== undefined) sibling.nextSibling = index
  else if (directory !== undefined) directory.firstChild = index
  last.set(parent, index)
}

/** Nodes in an order where a parent comes before its children. */
function flatten(root: TreeNode): readonly Flat[] {
  const encoder = new TextEncoder()
  const flat: Flat[] = []
  const queue: { node: TreeNode; name: string; parent: number }[] = [
    { node: root, name: '', parent: 0 },
  ]
  const last = new Map<number, number>()
  for (const { node, name, parent } of queue) {
    const index = flat.length
    const { entry } = node
    flat.push({
      entry,
      name: encoder.encode(name),
      text: encoder.encode(entry.linkTarget ?? ''),
      parent,
      firstChild: -1,
      nextSibling: -1,
      children: node.children.size,
    })
    if (index > 0) chain(flat, last, parent, index)
    for (const [child, below] of node.children)
      queue.push({ node: below, name: child, parent: index })
  }
  return flat
}

const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(Math.max(2, least)))

function writeNode(words: Int32Array, at: number, flat: Flat, names: number, data: number): void {
  const { entry } = flat
  words[at + NODE.PARENT] = flat.parent
  words[at + NODE.NAME_AT] = names
  words[at + NODE.NAME_LEN] = flat.name.length
  words[at + NODE.MODE] = FORMAT[entry.type] | (entry.mode & 0o7777)
  words[at + NODE.DATA] = data / 8
  words[at + NODE.SIZE] = entry.type === 'symlink' ? flat.text.length : (entry.data?.length ?? 0)
  words[at + NODE.FIRST_CHILD] = flat.firstChild
  words[at + NODE.NEXT_SIBLING] = flat.nextSibling
  words[at + NODE.UID] = entry.uid
  words[at + NODE.GID] = entry.gid
  words[at + NODE.MTIME_S] = Number(entry.modified / NS_PER_S)
  words[at + NODE.MTIME_NS] = Number(entry.modified % NS_PER_S)
  words[at + NODE.TEXT_AT] = names + flat.name.length
  words[at + NODE.TEXT_LEN] = flat.text.length
  words[at + NODE.CHILDREN] = flat.children
}

function insertHash(
  words: Int32Array,
  hashAt: number,
  mask: number,
  hash: number,
  node: number,
): void {
  let place = hash & mask
  while (words[hashAt + place] !== -1) place = (place + 1) & mask
  words[hashAt + place] = node
}

const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8

/**
 * Merges layers, lowest first, into one flat index and one block of bytes, so that depth costs
 * nothing at run time. Whiteouts and opaque directories are resolved here.
 *
 * @param seed - any number; it keeps hash collisions from being chosen by an image.
 */
export function buildLayerView(
  layers: readonly (readonly LayerEntry[])[],
  seed = 0x6d2b79f5,
): LayerView {
  const root = newNode(directoryAt('/'))
  for (const layer of layers) for (const entry of layer) place(root, entry)
  const flat = flatten(root)
  const hashSize = powerOfTwo(2 * flat.length)
  const nodeAt = HEADER_WORDS
  const hashAt = nodeAt + flat.length * NODE_WORDS
  const nameAt = (hashAt + hashSize) * 4
  const nameBytes = flat.reduce((sum, node) => sum + node.name.length + node.text.length, 0)
  const dataBytes = flat.reduce((sum, node) => sum + aligned(node.entry.data?.length ?? 0), 0)
  const parts: LayerParts = {
    index: new SharedArrayBuffer(aligned(nameAt + nameBytes)),
    data: new SharedArrayBuffer(dataBytes),
  }
  const words = new Int32Array(parts.index)
  const bytes = new Uint8Array(parts.index)
  const data = new Uint8Array(parts.data)
  words[HEADER.MAGIC] = MAGIC
  words[HEADER.NODES] = flat.length
  words[HEADER.HASH_SIZE] = hashSize
  words[HEADER.NODE_AT] = nodeAt
  words[HEADER.HASH_AT] = hashAt
  words[HEADER.NAME_AT] = nameAt
  words[HEADER.SEED] = seed | 0
  words.fill(-1, hashAt, hashAt + hashSize)
  let names = 0
  let dataAt = 0
  for (const [index, node] of flat.entries()) {
    writeNode(words, nodeAt + index * NODE_WORDS, node, names, dataAt)
    bytes.set(node.name, nameAt + names)
    bytes.set(node.text, nameAt + names + node.name.length)
    names += node.name.length + node.text.length
    if (node.entry.data !== undefined) data.set(node.entry.data, dataAt)
    dataAt += aligned(node.entry.data?.length ?? 0)
    if (index === 0) continue
    const hash = hashName(seed | 0, node.parent, node.name, node.name.length)
    insertHash(words, hashAt, hashSize - 1, hash, index)
  }
  return new LayerView(parts)
}
