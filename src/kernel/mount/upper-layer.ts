import { Errno } from '../../contract/errno.ts'
import { ROOT } from '../../contract/identity.ts'
import type { StoredLink, StoredNode, StoredType } from '../../contract/inode-store.ts'
import { DONE, fail, ok, type Result } from '../../contract/result.ts'
import { extentOf, piecesOf } from './file-bytes.ts'
import type { MemoryVnode } from './fs/memory.ts'
import { type LayerView, NODE } from './layer-view.ts'
import type { OverlayFileSystem } from './overlay.ts'

/**
 * What an upper layer is made of, so that it can be kept and taken up by another kernel: a row per
 * name, a directory before what is in it. The first row is the root.
 *
 * Which node of the image a copy came from is told by its path there, never by its number: the
 * numbers are those of one index, and the image may be indexed anew. A directory without an origin is
 * opaque by itself, so there is no mark for that.
 */
export interface UpperEntry {
  /** Row of the directory; of the root, its own. */
  readonly parent: number
  readonly name: string
  readonly type: StoredType
  /** Row of the first name of the same file; undefined: this is the first. */
  readonly sameAs: number | undefined
  /** Names on the way from the image's root to what this is a copy of; undefined for none. */
  readonly origin: readonly string[] | undefined
  readonly permissions: number
  readonly owner: number
  readonly group: number
  /** Nanoseconds since 1970. */
  readonly accessed: bigint
  readonly modified: bigint
  readonly changed: bigint
  /** Bytes of a regular file; 0 for all others. */
  readonly size: number
  /** Of a symlink. */
  readonly text: string
}

/** A row, and the bytes of a regular file in pieces: valid until the tree changes. */
export interface UpperRow {
  readonly entry: UpperEntry
  readonly pieces: Iterable<Uint8Array>
}

function originPath(layer: LayerView, lower: number): readonly string[] {
  const names: string[] = []
  for (let at = lower; at > 0; at = layer.field(at, NODE.PARENT)) names.push(layer.name(at))
  return names.reverse()
}

/** Every name of an overlay's upper layer. */
export function upperRows(overlay: OverlayFileSystem): readonly UpperRow[] {
  const rows: UpperRow[] = []
  const firstRow = new Map<StoredNode, number>()
  const queue: { readonly link: StoredLink; readonly name: string; readonly parent: number }[] = [
    { link: overlay.memory.root.place, name: '', parent: 0 },
  ]
  for (const { link, name, parent } of queue) {
    const node = link.inodeOf
    const row = rows.length
    const sameAs = firstRow.get(node)
    rows.push(rowOf(overlay, node, { parent, name, sameAs }))
    if (sameAs !== undefined) continue
    firstRow.set(node, row)
    if (node.type !== 'directory') continue
    for (const [child, below] of link.entries())
      queue.push({ link: below, name: child, parent: row })
  }
  return rows
}

function rowOf(
  { layer, copies }: OverlayFileSystem,
  node: StoredNode,
  where: Pick<UpperEntry, 'parent' | 'name' | 'sameAs'>,
): UpperRow {
  const again = where.sameAs !== undefined
  const lower = again ? undefined : copies.originOf(node)
  const holds = node.type === 'regular' && !again
  return {
    pieces: holds ? piecesOf(node) : [],
    entry: {
      ...where,
      type: node.type,
      origin: lower === undefined ? undefined : originPath(layer, lower),
      permissions: node.permissions,
      owner: node.owner,
      group: node.group,
      accessed: node.accessed,
      modified: node.modified,
      changed: node.changed,
      size: holds ? node.length : 0,
      text: node.text,
    },
  }
}

/** The image's node at these names; undefined where there is none of that type. */
function originNode(layer: LayerView, { origin, type }: UpperEntry): number | undefined {
  let at = 0
  for (const name of origin ?? []) {
    at = layer.lookup(at, name)
    if (at === -1) return undefined
  }
  return origin !== undefined && layer.type(at) === type ? at : undefined
}

const isPlainName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name)

/** One name more in the upper layer, charged to the container. IO: the rows are no tree. */
function placed(
  made: readonly MemoryVnode[],
  { entry }: { readonly entry: UpperEntry },
): Result<MemoryVnode> {
  const directory = made[entry.parent]
  if (directory === undefined || !isPlainName(entry.name)) return fail(Errno.IO)
  const { sameAs } = entry
  if (sameAs === undefined) {
    if (entry.type === 'symlink') return directory.createSymlink(entry.name, entry.text, ROOT)
    return directory.create(entry.type, entry.name, 0, ROOT)
  }
  const first = made[sameAs]
  if (first === undefined || first.type === 'directory') return fail(Errno.IO)
  const linked = directory.link(entry.name, first)
  return linked.ok ? ok(first) : linked
}

/** Takes up the bytes of a file, charged before they are there: where they were, they had no less. */
function filled(
  overlay: OverlayFileSystem,
  { node }: MemoryVnode,
  size: number,
  read: (into: Uint8Array) => boolean,
): Result<undefined> {
  if (size === 0) return DONE
  if (!overlay.memory.quota.charge(node, size)) return fail(Errno.NOSPC)
  if (!read(extentOf(node, size).subarray(0, size))) return fail(Errno.IO)
  node.length = size
  return DONE
}

/** Last of all: each name that was put in has moved a time of its directory. */
function restore({ node }: MemoryVnode, entry: UpperEntry): void {
  node.permissions = entry.permissions
  node.owner = entry.owner
  node.group = entry.group
  node.accessed = entry.accessed
  node.modified = entry.modified
  node.changed = entry.changed
}

/**
 * Takes up the rows of a kept upper layer in an overlay that is still empty.
 *
 * @param read - puts the next file's bytes there; false: they cannot be read. Called for each row with
 *   a size, in order.
 * @returns NOSPC, DQUOT: the container's limits are below what it holds. IO, EXIST, NOTDIR and the
 *   like: the rows are not what `upperRows` makes.
 */
export function adoptRows(
  overlay: OverlayFileSystem,
  entries: readonly UpperEntry[],
  read: (into: Uint8Array) => boolean,
): Result<undefined> {
  const { root } = overlay.memory
  const made: MemoryVnode[] = [root]
  for (const entry of entries.slice(1)) {
    const done = placed(made, { entry })
    if (!done.ok) return done
    made.push(done.value)
    if (entry.sameAs !== undefined) continue
    const full = filled(overlay, done.value, entry.size, read)
    if (!full.ok) return full
    const lower = originNode(overlay.layer, entry)
    if (lower === undefined) continue
    if (!overlay.copies.restore(lower, done.value)) return fail(Errno.IO)
  }
  for (const [row, entry] of entries.entries()) {
    const vnode = made[row]
    if (vnode !== undefined && entry.sameAs === undefined) restore(vnode, entry)
  }
  return DONE
}
