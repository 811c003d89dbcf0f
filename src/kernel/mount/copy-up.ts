import { Errno } from '../../contract/errno.ts'
import { ROOT } from '../../contract/identity.ts'
import { DONE, fail, ok, type Result } from '../../contract/result.ts'
import { writeBytes } from './file-bytes.ts'
import type { MemoryVnode } from './fs/memory.ts'
import { type LayerView, NODE } from './layer-view.ts'
import { LowerHandle } from './lower-handle.ts'
import type { FileHandle } from './vnode.ts'

/**
 * Which nodes of an image have a copy in the upper layer, and how a copy is made: whole, before the
 * first change, with every directory above it. Nodes of the image are numbers; the root is 0.
 */
export class CopyUp {
  readonly #layer: LayerView
  /** Image node to its copy. */
  readonly #copies = new Map<number, MemoryVnode>()
  /** Inode of a copy to the image node it came from: inode numbers survive the copy. */
  readonly #origins = new Map<number, number>()
  /** Nodes of the image whose last name has gone. What still holds one finds it empty. */
  readonly #removed = new Set<number>()
  /** Open handles of files that were not copied yet: they follow when that happens. */
  readonly #open = new Map<number, Set<LowerHandle>>()

  constructor(layer: LayerView, root: MemoryVnode) {
    this.#layer = layer
    this.#copies.set(0, root)
    this.#origins.set(root.inode, 0)
  }

  /** The image node that this file of the upper layer was copied from. */
  originOf(upper: { readonly inode: number }): number | undefined {
    return this.#origins.get(upper.inode)
  }

  /** A copy that another kernel made. False: the image's node has one already. */
  restore(lower: number, copy: MemoryVnode): boolean {
    if (this.#copies.has(lower)) return false
    this.#copies.set(lower, copy)
    this.#origins.set(copy.inode, lower)
    return true
  }

  copyOf(lower: number): MemoryVnode | undefined {
    return this.#copies.get(lower)
  }

  isRemoved(lower: number): boolean {
    return this.#removed.has(lower)
  }

  remove(lower: number): void {
    this.#removed.add(lower)
  }

  /** Where the image's directory `lower` is in the upper layer; made on the way down. */
  upperDirectory(lower: number): Result<MemoryVnode> {
    const known = this.#copies.get(lower)
    if (known !== undefined) return ok(known)
    if (this.isRemoved(lower)) return fail(Errno.NOENT)
    const parent = this.upperDirectory(this.#layer.field(lower, NODE.PARENT))
    if (!parent.ok) return parent
    const made = parent.value.createDirectory(this.#layer.name(lower), 0o755, ROOT)
    return made.ok ? this.#adopt(lower, made.value) : made
  }

  /** The file `lower`, copied into the upper layer if it is not there yet. */
  copyUp(lower: number): Result<MemoryVnode> {
    const known = this.#copies.get(lower)
    if (known !== undefined) return ok(known)
    if (this.isRemoved(lower)) return fail(Errno.NOENT)
    const parent = this.upperDirectory(this.#layer.field(lower, NODE.PARENT))
    if (!parent.ok) return parent
    const name = this.#layer.name(lower)
    if (this.#layer.type(lower) === 'symlink') {
      const made = parent.value.createSymlink(name, this.#layer.linkText(lower), ROOT)
      return made.ok ? this.#adopt(lower, made.value) : made
    }
    const made = parent.value.createFile(name, 0o644, ROOT)
    if (!made.ok) return made
    const filled = this.#fill(made.value, this.#layer.bytes(lower))
    if (!filled.ok) {
      parent.value.unlink(name)
      return filled
    }
    return this.#adopt(lower, made.value)
  }

  #fill(file: MemoryVnode, bytes: Uint8Array): Result<undefined> {
    const sized = file.truncate(bytes.length)
    if (!sized.ok) return sized
    writeBytes(file.node, bytes, 0)
    return DONE
  }

  /** Gives a copy the attributes of its origin and lets open handles follow. */
  #adopt(lower: number, copy: MemoryVnode): Result<MemoryVnode> {
    const { node } = copy
    node.permissions = this.#layer.field(lower, NODE.MODE) & 0o7777
    node.owner = this.#layer.field(lower, NODE.UID)
    node.group = this.#layer.field(lower, NODE.GID)
    node.accessed = this.#layer.modified(lower)
    node.modified = node.accessed
    this.#copies.set(lower, copy)
    this.#origins.set(copy.inode, lower)
    for (const handle of this.#open.get(lower) ?? []) handle.follow(copy)
    this.#open.delete(lower)
    return ok(copy)
  }

  openLower(lower: number): FileHandle {
    const handles = this.#open.get(lower) ?? new Set()
    const handle = new LowerHandle(this.#layer, lower, () => handles.delete(handle))
    handles.add(handle)
    this.#open.set(lower, handles)
    return handle
  }
}
