import { Errno } from '../../contract/errno.ts'
import type { Credentials } from '../../contract/identity.ts'
import { DONE, fail, ok, type Result } from '../../contract/result.ts'
import { MemoryFileSystem, type MemoryParts, type MemoryVnode } from './fs/memory.ts'
import { type LayerView, NODE } from './layer-view.ts'
import { LowerHandle } from './lower-handle.ts'
import { checkRename } from './rename-rules.ts'
import type {
  Access,
  DirectoryEntry,
  FileHandle,
  FileStat,
  FileSystem,
  FileType,
  NewTimes,
  Vnode,
} from './vnode.ts'

const NONE = -1
const OWNER: Credentials = { uid: 0, gid: 0, groups: [] }

/**
 * A container's root: an image's files, which nobody changes, and a writable layer above them.
 *
 * A node is known by `lower` (its node in the image, or -1) and `upper` (its copy or own file in
 * memory). A file is copied up whole before its first change; a name of the image that is removed is
 * hidden by a whiteout in the upper directory. A directory merges with the image only if it is that
 * directory's own copy, so one that was made or moved is opaque by itself.
 */
export class OverlayFileSystem implements FileSystem {
  readonly name = 'overlay'
  readonly device: number
  readonly layer: LayerView
  readonly memory: MemoryFileSystem
  readonly root: OverlayVnode
  /** Image node to its copy. */
  readonly #copies = new Map<number, MemoryVnode>()
  /** Inode of a copy to the image node it came from: inode numbers survive the copy. */
  readonly #origins = new Map<number, number>()
  /** Open handles of files that were not copied yet: they follow when that happens. */
  readonly #open = new Map<number, Set<LowerHandle>>()

  constructor(layer: LayerView, parts: MemoryParts) {
    this.layer = layer
    this.device = parts.device
    this.memory = new MemoryFileSystem({ ...parts, mode: layer.field(0, NODE.MODE) })
    this.#copies.set(0, this.memory.root)
    this.#origins.set(this.memory.root.inode, 0)
    this.root = new OverlayVnode(this, 0, this.memory.root)
  }

  usage() {
    return this.memory.usage()
  }

  /** The node of an upper file: with its origin, when it is a copy. */
  ofUpper(upper: MemoryVnode): OverlayVnode {
    return new OverlayVnode(this, this.#origins.get(upper.inode) ?? NONE, upper)
  }

  ofLower(lower: number): OverlayVnode {
    return new OverlayVnode(this, lower, this.#copies.get(lower))
  }

  copyOf(lower: number): MemoryVnode | undefined {
    return this.#copies.get(lower)
  }

  /** Where the image's directory `lower` is in the upper layer; made on the way down. */
  upperDirectory(lower: number): Result<MemoryVnode> {
    const known = this.#copies.get(lower)
    if (known !== undefined) return ok(known)
    const parent = this.upperDirectory(this.layer.field(lower, NODE.PARENT))
    if (!parent.ok) return parent
    const made = parent.value.createDirectory(this.layer.name(lower), 0o755, OWNER)
    return made.ok ? this.#adopt(lower, made.value) : made
  }

  /** The file `lower`, copied into the upper layer if it is not there yet. */
  copyUp(lower: number): Result<MemoryVnode> {
    const known = this.#copies.get(lower)
    if (known !== undefined) return ok(known)
    const parent = this.upperDirectory(this.layer.field(lower, NODE.PARENT))
    if (!parent.ok) return parent
    const name = this.layer.name(lower)
    if (this.layer.type(lower) === 'symlink') {
      const made = parent.value.createSymlink(name, this.layer.linkText(lower), OWNER)
      return made.ok ? this.#adopt(lower, made.value) : made
    }
    const made = parent.value.createFile(name, 0o644, OWNER)
    if (!made.ok) return made
    const filled = this.#fill(made.value, this.layer.bytes(lower))
    if (!filled.ok) {
      parent.value.unlink(name)
      return filled
    }
    return this.#adopt(lower, made.value)
  }

  #fill(file: MemoryVnode, bytes: Uint8Array): Result<undefined> {
    const sized = file.truncate(bytes.length)
    if (!sized.ok) return sized
    file.node.extent.set(bytes)
    return DONE
  }

  /** Gives a copy the attributes of its origin and lets open handles follow. */
  #adopt(lower: number, copy: MemoryVnode): Result<MemoryVnode> {
    const { node } = copy
    node.permissions = this.layer.field(lower, NODE.MODE) & 0o7777
    node.owner = this.layer.field(lower, NODE.UID)
    node.group = this.layer.field(lower, NODE.GID)
    node.modified = this.layer.modified(lower)
    this.#copies.set(lower, copy)
    this.#origins.set(copy.inode, lower)
    for (const handle of this.#open.get(lower) ?? []) handle.follow(copy)
    this.#open.delete(lower)
    return ok(copy)
  }

  openLower(lower: number): FileHandle {
    const handles = this.#open.get(lower) ?? new Set()
    const handle = new LowerHandle(this.layer.bytes(lower), () => handles.delete(handle))
    handles.add(handle)
    this.#open.set(lower, handles)
    return handle
  }
}

export class OverlayVnode implements Vnode {
  readonly fs: OverlayFileSystem
  readonly lower: number
  #upper: MemoryVnode | undefined

  constructor(fs: OverlayFileSystem, lower: number, upper: MemoryVnode | undefined) {
    this.fs = fs
    this.lower = lower
    this.#upper = upper
  }

  /** Somebody else may have copied it since this object was made. */
  get upper(): MemoryVnode | undefined {
    if (this.#upper === undefined) this.#upper = this.fs.copyOf(this.lower)
    return this.#upper
  }

  get inode(): number {
    if (this.lower !== NONE) return this.lower + 1
    return this.fs.layer.nodes + 1 + (this.upper?.inode ?? 0)
  }

  get type(): FileType {
    return this.upper?.type ?? this.fs.layer.type(this.lower)
  }

  stat(): Result<FileStat> {
    const { inode } = this
    if (this.upper !== undefined) {
      const stat = this.upper.stat()
      return stat.ok ? ok({ ...stat.value, inode, device: this.fs.device }) : stat
    }
    const { layer, device } = this.fs
    const field = (word: number): number => layer.field(this.lower, word)
    const modified = layer.modified(this.lower)
    const { type } = this
    return ok({
      device,
      inode,
      type,
      mode: field(NODE.MODE) & 0o7777,
      uid: field(NODE.UID),
      gid: field(NODE.GID),
      links: type === 'directory' ? 2 : 1,
      size: field(NODE.SIZE),
      accessed: modified,
      modified,
      changed: modified,
    })
  }

  parent(): Vnode {
    const upper = this.upper
    if (upper !== undefined) {
      const above = upper.parent()
      // Parents of upper nodes are upper nodes.
      return this.fs.ofUpper(above as MemoryVnode)
    }
    return this.fs.ofLower(this.fs.layer.field(this.lower, NODE.PARENT))
  }

  /** The node of the image called `name`, unless this is no directory of the image. */
  #lowerChild(name: string): number {
    const merges = this.lower !== NONE && this.fs.layer.type(this.lower) === 'directory'
    return merges ? this.fs.layer.lookup(this.lower, name) : NONE
  }

  lookup(name: string): Result<OverlayVnode> {
    if (this.type !== 'directory') return fail(Errno.NOTDIR)
    const above = this.upper?.lookup(name)
    if (above?.ok === true) {
      return above.value.isWhiteout ? fail(Errno.NOENT) : ok(this.fs.ofUpper(above.value))
    }
    const lower = this.#lowerChild(name)
    return lower === NONE ? fail(Errno.NOENT) : ok(this.fs.ofLower(lower))
  }

  list(): Result<readonly DirectoryEntry[]> {
    if (this.type !== 'directory') return fail(Errno.NOTDIR)
    const entries = new Map<string, DirectoryEntry>()
    if (this.lower !== NONE) {
      for (const { name, type, node } of this.fs.layer.children(this.lower)) {
        entries.set(name, { name, type, inode: node + 1 })
      }
    }
    const above = this.upper?.list()
    for (const { name } of above?.ok === true ? above.value : []) {
      const found = this.upper?.lookup(name)
      if (found?.ok !== true || found.value.isWhiteout) entries.delete(name)
      else
        entries.set(name, {
          name,
          type: found.value.type,
          inode: this.fs.ofUpper(found.value).inode,
        })
    }
    return ok([...entries.values()])
  }

  /** This directory in the upper layer. NOENT: it was removed. */
  #writable(): Result<MemoryVnode> {
    const upper = this.upper
    return upper === undefined ? this.fs.upperDirectory(this.lower) : ok(upper)
  }

  /** Makes a new entry where none is seen; a whiteout under that name gives way. */
  #create(
    name: string,
    make: (directory: MemoryVnode) => Result<MemoryVnode>,
  ): Result<OverlayVnode> {
    const directory = this.#free(name)
    if (!directory.ok) return directory
    const made = make(directory.value)
    return made.ok ? ok(this.fs.ofUpper(made.value)) : made
  }

  /** The upper directory, ready to take `name`. */
  #free(name: string): Result<MemoryVnode> {
    if (this.type !== 'directory') return fail(Errno.NOTDIR)
    if (this.lookup(name).ok) return fail(Errno.EXIST)
    const directory = this.#writable()
    if (!directory.ok) return directory
    const hidden = directory.value.lookup(name)
    if (hidden.ok && hidden.value.isWhiteout) directory.value.unlink(name)
    return directory
  }

  createFile(name: string, mode: number, owner: Credentials): Result<OverlayVnode> {
    return this.#create(name, (directory) => directory.createFile(name, mode, owner))
  }

  createDirectory(name: string, mode: number, owner: Credentials): Result<OverlayVnode> {
    return this.#create(name, (directory) => directory.createDirectory(name, mode, owner))
  }

  createSymlink(name: string, text: string, owner: Credentials): Result<OverlayVnode> {
    return this.#create(name, (directory) => directory.createSymlink(name, text, owner))
  }

  link(name: string, node: Vnode): Result<undefined> {
    if (!(node instanceof OverlayVnode) || node.fs !== this.fs) return fail(Errno.XDEV)
    if (node.type === 'directory') return fail(Errno.PERM)
    const directory = this.#free(name)
    if (!directory.ok) return directory
    const copy = node.#copied()
    return copy.ok ? directory.value.link(name, copy.value) : copy
  }

  unlink(name: string): Result<undefined> {
    const found = this.lookup(name)
    if (!found.ok) return found
    if (found.value.type === 'directory') return fail(Errno.ISDIR)
    return this.#hide(name, (directory) => directory.unlink(name))
  }

  removeDirectory(name: string): Result<undefined> {
    const found = this.lookup(name)
    if (!found.ok) return found
    const empty = found.value.#isEmpty()
    if (!empty.ok) return empty
    found.value.#dropWhiteouts()
    return this.#hide(name, (directory) => directory.removeDirectory(name))
  }

  #isEmpty(): Result<undefined> {
    const entries = this.list()
    if (!entries.ok) return entries
    return entries.value.length === 0 ? DONE : fail(Errno.NOTEMPTY)
  }

  #dropWhiteouts(): void {
    const entries = this.upper?.list()
    for (const { name } of entries?.ok === true ? entries.value : []) this.upper?.unlink(name)
  }

  /** Takes `name` away from the upper layer, and hides the image's own. */
  #hide(name: string, remove: (directory: MemoryVnode) => Result<undefined>): Result<undefined> {
    const directory = this.#writable()
    if (!directory.ok) return directory
    if (directory.value.lookup(name).ok) {
      const removed = remove(directory.value)
      if (!removed.ok) return removed
    }
    if (this.#lowerChild(name) === NONE) return DONE
    const hidden = directory.value.create('whiteout', name, 0, OWNER)
    return hidden.ok ? DONE : hidden
  }

  rename(name: string, to: Vnode, newName: string): Result<undefined> {
    if (!(to instanceof OverlayVnode) || to.fs !== this.fs) return fail(Errno.XDEV)
    const source = this.lookup(name)
    if (!source.ok) return source
    const target = to.lookup(newName)
    const verdict = checkRename(source.value, to, target.ok ? target.value : undefined)
    if (verdict !== 'move') return verdict === 'nothing' ? DONE : fail(verdict)
    return this.#move(source.value, name, to, newName, target.ok)
  }

  #move(
    source: OverlayVnode,
    name: string,
    to: OverlayVnode,
    newName: string,
    replaces: boolean,
  ): Result<undefined> {
    // A directory of the image cannot move: its children are found below its old place.
    if (source.type === 'directory' && source.lower !== NONE) return fail(Errno.XDEV)
    const copy = source.#copied()
    if (!copy.ok) return copy
    const from = this.#writable()
    if (!from.ok) return from
    if (replaces) {
      const gone = source.type === 'directory' ? to.removeDirectory(newName) : to.unlink(newName)
      if (!gone.ok) return gone
    }
    const into = to.#free(newName)
    if (!into.ok) return into
    const moved = from.value.rename(name, into.value, newName)
    return moved.ok ? this.#hide(name, () => DONE) : moved
  }

  #copied(): Result<MemoryVnode> {
    const upper = this.upper
    if (upper !== undefined) return ok(upper)
    if (this.type === 'directory') return this.fs.upperDirectory(this.lower)
    return this.fs.copyUp(this.lower)
  }

  readlink(): Result<string> {
    if (this.upper !== undefined) return this.upper.readlink()
    return this.type === 'symlink' ? ok(this.fs.layer.linkText(this.lower)) : fail(Errno.INVAL)
  }

  open(access: Access): Result<FileHandle> {
    if (this.type === 'directory') return fail(Errno.ISDIR)
    if (this.upper === undefined && !access.write) return ok(this.fs.openLower(this.lower))
    const copy = this.#copied()
    return copy.ok ? copy.value.open(access) : copy
  }

  #change(change: (copy: MemoryVnode) => Result<undefined>): Result<undefined> {
    const copy = this.#copied()
    return copy.ok ? change(copy.value) : copy
  }

  truncate(size: number): Result<undefined> {
    if (this.type !== 'regular') return fail(Errno.INVAL)
    return this.#change((copy) => copy.truncate(size))
  }

  setTimes(times: NewTimes): Result<undefined> {
    return this.#change((copy) => copy.setTimes(times))
  }

  setMode(mode: number): Result<undefined> {
    return this.#change((copy) => copy.setMode(mode))
  }

  setOwner(uid: number, gid: number): Result<undefined> {
    return this.#change((copy) => copy.setOwner(uid, gid))
  }

  sync(): Result<undefined> {
    return DONE
  }
}
