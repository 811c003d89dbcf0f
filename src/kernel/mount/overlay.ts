import { Errno } from '../../contract/errno.ts'
import { type Credentials, ROOT } from '../../contract/identity.ts'
import { DONE, fail, ok, type Result } from '../../contract/result.ts'
import { CopyUp } from './copy-up.ts'
import { MemoryFileSystem, type MemoryParts, type MemoryVnode } from './fs/memory.ts'
import { type LayerView, NODE } from './layer-view.ts'
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
/** Subdirectories of a merged directory are not counted: tools know that 1 says nothing of them. */
const LINKS_OF_MERGED = 1

/**
 * A container's root: an image's files, which nobody changes, and a writable layer above them.
 *
 * A node is known by `lower` (its node in the image, or -1) and `upper` (its copy or own file in
 * memory). A file is copied up whole before its first change; a name of the image that is removed is
 * hidden by a whiteout in the upper directory. A directory merges with the image only if it is that
 * directory's own copy, so one that was made is opaque by itself.
 */
export class OverlayFileSystem implements FileSystem {
  readonly name = 'overlay'
  readonly device: number
  readonly layer: LayerView
  readonly memory: MemoryFileSystem
  readonly root: OverlayVnode
  readonly copies: CopyUp
  #furnish: (() => void) | undefined

  constructor(layer: LayerView, parts: MemoryParts) {
    this.layer = layer
    this.device = parts.device
    this.memory = new MemoryFileSystem({ ...parts, mode: layer.field(0, NODE.MODE) })
    this.copies = new CopyUp(layer, this.memory.root)
    this.root = new OverlayVnode(this, 0, this.memory.root)
  }

  usage() {
    return this.memory.usage()
  }

  /** `furnish` puts in what must be there, once somebody looks. */
  furnishLater(furnish: () => void): void {
    this.#furnish = furnish
  }

  /** Somebody looks at the root, or at what is below it. */
  looked(): void {
    const furnish = this.#furnish
    if (furnish === undefined) return
    this.#furnish = undefined
    furnish()
  }

  /** The node of an upper file: with its origin, when it is a copy. */
  ofUpper(upper: MemoryVnode): OverlayVnode {
    return new OverlayVnode(this, this.copies.originOf(upper) ?? NONE, upper)
  }

  ofLower(lower: number): OverlayVnode {
    return new OverlayVnode(this, lower, this.copies.copyOf(lower))
  }
}

export class OverlayVnode implements Vnode {
  readonly fs: OverlayFileSystem
  readonly lower: number
  /** A copy is of the same type. */
  readonly type: FileType
  #upper: MemoryVnode | undefined

  constructor(fs: OverlayFileSystem, lower: number, upper: MemoryVnode | undefined) {
    this.fs = fs
    this.lower = lower
    this.type = upper?.type ?? fs.layer.type(lower)
    this.#upper = upper
  }

  /** Somebody else may have copied it since this object was made. */
  get upper(): MemoryVnode | undefined {
    if (this.#upper === undefined) this.#upper = this.fs.copies.copyOf(this.lower)
    return this.#upper
  }

  get inode(): number {
    if (this.lower !== NONE) return this.lower + 1
    return this.fs.layer.nodes + 1 + (this.upper?.inode ?? 0)
  }

  stat(): Result<FileStat> {
    this.fs.looked()
    const { inode } = this
    if (this.upper !== undefined) {
      const stat = this.upper.stat()
      if (!stat.ok) return stat
      const links = this.#merges ? LINKS_OF_MERGED : stat.value.links
      return ok({ ...stat.value, inode, links, device: this.fs.device })
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
      links: this.fs.copies.isRemoved(this.lower) ? 0 : 1,
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

  /** Whether names of the image are seen in this directory. */
  get #merges(): boolean {
    if (this.lower === NONE || this.fs.copies.isRemoved(this.lower)) return false
    return this.fs.layer.type(this.lower) === 'directory'
  }

  /** The node of the image called `name`, unless this is no directory of the image. */
  #lowerChild(name: string): number {
    return this.#merges ? this.fs.layer.lookup(this.lower, name) : NONE
  }

  lookup(name: string): Result<OverlayVnode> {
    this.fs.looked()
    if (this.type !== 'directory') return fail(Errno.NOTDIR)
    const above = this.upper?.lookup(name)
    if (above?.ok === true) {
      return above.value.isWhiteout ? fail(Errno.NOENT) : ok(this.fs.ofUpper(above.value))
    }
    const lower = this.#lowerChild(name)
    return lower === NONE ? fail(Errno.NOENT) : ok(this.fs.ofLower(lower))
  }

  list(): Result<readonly DirectoryEntry[]> {
    this.fs.looked()
    if (this.type !== 'directory') return fail(Errno.NOTDIR)
    const entries = new Map<string, DirectoryEntry>()
    if (this.#merges) {
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
    this.fs.looked()
    const upper = this.upper
    return upper === undefined ? this.fs.copies.upperDirectory(this.lower) : ok(upper)
  }

  /** Puts something where nothing is seen; a whiteout gives way, and comes back if that fails. */
  #place<T>(name: string, put: (directory: MemoryVnode) => Result<T>): Result<T> {
    if (this.type !== 'directory') return fail(Errno.NOTDIR)
    if (this.lookup(name).ok) return fail(Errno.EXIST)
    const directory = this.#writable()
    if (!directory.ok) return directory
    const hidden = directory.value.lookup(name).ok
    if (hidden) directory.value.unlink(name)
    const done = put(directory.value)
    if (!done.ok && hidden) directory.value.create('whiteout', name, 0, ROOT)
    return done
  }

  #create(
    name: string,
    make: (directory: MemoryVnode) => Result<MemoryVnode>,
  ): Result<OverlayVnode> {
    const made = this.#place(name, make)
    return made.ok ? ok(this.fs.ofUpper(made.value)) : made
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
    if (this.lookup(name).ok) return fail(Errno.EXIST)
    const copy = node.#copied()
    return copy.ok ? this.#place(name, (directory) => directory.link(name, copy.value)) : copy
  }

  unlink(name: string): Result<undefined> {
    const found = this.lookup(name)
    if (!found.ok) return found
    if (found.value.type === 'directory') return fail(Errno.ISDIR)
    const gone = this.#hide(name, (directory) => directory.unlink(name))
    if (gone.ok) found.value.#forget()
    return gone
  }

  removeDirectory(name: string): Result<undefined> {
    const found = this.lookup(name)
    if (!found.ok) return found
    const empty = found.value.#isEmpty()
    if (!empty.ok) return empty
    const gone = this.#hide(name, (directory) => {
      found.value.#dropWhiteouts()
      return directory.removeDirectory(name)
    })
    if (gone.ok) found.value.#forget()
    return gone
  }

  /** Its last name in the image has gone. */
  #forget(): void {
    if (this.lower !== NONE) this.fs.copies.remove(this.lower)
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

  /** Takes `name` away from the upper layer, and hides the image's own. Does all of it or nothing. */
  #hide(name: string, remove: (directory: MemoryVnode) => Result<undefined>): Result<undefined> {
    const directory = this.#writable()
    if (!directory.ok) return directory
    const hides = this.#lowerChild(name) !== NONE
    const room = hides ? this.fs.memory.quota.roomForInode() : undefined
    if (room !== undefined) return fail(room)
    if (directory.value.lookup(name).ok) {
      const removed = remove(directory.value)
      if (!removed.ok) return removed
    }
    if (!hides) return DONE
    const hidden = directory.value.create('whiteout', name, 0, ROOT)
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

  /**
   * A directory of the image moves as its copy does: what it merges with is found by its node, not by
   * its path.
   */
  #move(
    source: OverlayVnode,
    name: string,
    to: OverlayVnode,
    newName: string,
    replaces: boolean,
  ): Result<undefined> {
    const copy = source.#copied()
    if (!copy.ok) return copy
    const into = to.#writable()
    if (!into.ok) return into
    const kind = source.type === 'directory' ? 'removeDirectory' : 'unlink'
    return this.#hide(name, (from) => {
      const gone = replaces ? to[kind](newName) : DONE
      if (!gone.ok) return gone
      return to.#place(newName, () => from.rename(name, into.value, newName))
    })
  }

  #copied(): Result<MemoryVnode> {
    this.fs.looked()
    const upper = this.upper
    if (upper !== undefined) return ok(upper)
    if (this.type === 'directory') return this.fs.copies.upperDirectory(this.lower)
    return this.fs.copies.copyUp(this.lower)
  }

  readlink(): Result<string> {
    if (this.upper !== undefined) return this.upper.readlink()
    return this.type === 'symlink' ? ok(this.fs.layer.linkText(this.lower)) : fail(Errno.INVAL)
  }

  open(access: Access): Result<FileHandle> {
    if (this.type === 'directory') return fail(Errno.ISDIR)
    if (this.upper === undefined && !access.write) return ok(this.fs.copies.openLower(this.lower))
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
}
