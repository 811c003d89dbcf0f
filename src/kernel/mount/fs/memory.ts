import { Errno } from '../../../contract/errno.ts'
import type { Credentials } from '../../../contract/identity.ts'
import type {
  InodeStore,
  StoredLink,
  StoredNode,
  StoredType,
} from '../../../contract/inode-store.ts'
import { DONE, fail, ok, type Result } from '../../../contract/result.ts'
import { utf8Length } from '../../../std/utf8.ts'
import type { Ledger } from '../../cgroup/ledger.ts'
import { cutBytes } from '../file-bytes.ts'
import { MAX_FILE_BYTES, Quota } from '../quota.ts'
import { checkRename } from '../rename-rules.ts'
import type {
  Access,
  DirectoryEntry,
  FileHandle,
  FileStat,
  FileSystem,
  FileType,
  NewTimes,
  Vnode,
} from '../vnode.ts'
import { MemoryHandle } from './memory-handle.ts'

export interface MemoryParts {
  readonly store: InodeStore
  readonly ledger: Ledger
  /** Nanoseconds since 1970. */
  readonly now: () => bigint
  readonly device: number
  readonly name?: string
  readonly limitBytes?: number | undefined
  /** Permission bits of the root. */
  readonly mode?: number
}

const TYPE_OF: Readonly<Record<StoredType, FileType>> = {
  regular: 'regular',
  directory: 'directory',
  symlink: 'symlink',
  whiteout: 'character-device',
}
/** Twelve bits: permissions, set-id and sticky. */
const MODE_BITS = 0o7777
/** A new directory has two names: its own, and the `.` in it. Each subdirectory's `..` is one more. */
const NAMES_OF_DIRECTORY = 2
/** What one directory entry takes, as stat's size tells it. */
const ENTRY_BYTES = 32

/** A writable tree in memory: tmpfs, and the upper layer of a container's root. */
export class MemoryFileSystem implements FileSystem {
  readonly name: string
  readonly device: number
  readonly root: MemoryVnode
  readonly store: InodeStore
  readonly quota: Quota
  readonly now: () => bigint

  constructor(parts: MemoryParts) {
    this.name = parts.name ?? 'tmpfs'
    this.device = parts.device
    this.store = parts.store
    this.now = parts.now
    this.quota = new Quota(parts.ledger, parts.limitBytes)
    this.root = new MemoryVnode(this, parts.store.root)
    const node = parts.store.root.inodeOf
    node.permissions = (parts.mode ?? 0o755) & MODE_BITS
    node.names = NAMES_OF_DIRECTORY
    stamp(node, parts.now())
  }

  usage(): { readonly bytes: number; readonly limit: number | undefined } {
    const { limit } = this.quota
    return { bytes: this.quota.bytes, limit: Number.isFinite(limit) ? limit : undefined }
  }

  /** Called when a name or a pin of `node` has gone. */
  settle(node: StoredNode): void {
    if (node.names === 0 && node.pins === 0) this.quota.free(node)
  }
}

function stamp(node: StoredNode, now: bigint): void {
  node.accessed = now
  node.modified = now
  node.changed = now
}

/** A node of a memory file system. Made anew for each look-up; the stored node is the file. */
export class MemoryVnode implements Vnode {
  readonly fs: MemoryFileSystem
  /** Where it was found. */
  readonly place: StoredLink
  readonly node: StoredNode

  constructor(fs: MemoryFileSystem, link: StoredLink) {
    this.fs = fs
    this.place = link
    this.node = link.inodeOf
  }

  get inode(): number {
    return this.node.inode
  }

  get type(): FileType {
    return TYPE_OF[this.node.type]
  }

  get isWhiteout(): boolean {
    return this.node.type === 'whiteout'
  }

  stat(): Result<FileStat> {
    const { node } = this
    return ok({
      device: this.fs.device,
      inode: node.inode,
      type: this.type,
      mode: node.permissions,
      uid: node.owner,
      gid: node.group,
      links: node.names,
      size: node.type === 'directory' ? this.place.size * ENTRY_BYTES : node.length,
      accessed: node.accessed,
      modified: node.modified,
      changed: node.changed,
    })
  }

  parent(): Vnode {
    const { above } = this.place
    return above === undefined ? this : new MemoryVnode(this.fs, above)
  }

  lookup(name: string): Result<MemoryVnode> {
    if (this.node.type !== 'directory') return fail(Errno.NOTDIR)
    const link = this.place.entry(name)
    return link === undefined ? fail(Errno.NOENT) : ok(new MemoryVnode(this.fs, link))
  }

  list(): Result<readonly DirectoryEntry[]> {
    if (this.node.type !== 'directory') return fail(Errno.NOTDIR)
    const entries: DirectoryEntry[] = []
    for (const [name, { inodeOf }] of this.place.entries()) {
      entries.push({ name, inode: inodeOf.inode, type: TYPE_OF[inodeOf.type] })
    }
    return ok(entries)
  }

  createFile(name: string, mode: number, owner: Credentials): Result<MemoryVnode> {
    return this.create('regular', name, mode, owner)
  }

  createDirectory(name: string, mode: number, owner: Credentials): Result<MemoryVnode> {
    return this.create('directory', name, mode, owner)
  }

  createSymlink(name: string, text: string, owner: Credentials): Result<MemoryVnode> {
    const made = this.create('symlink', name, 0o777, owner)
    if (!made.ok) return made
    const { node } = made.value
    const length = utf8Length(text)
    if (!this.fs.quota.charge(node, length)) {
      this.unlink(name)
      return fail(Errno.NOSPC)
    }
    node.text = text
    node.length = length
    return made
  }

  /** Of any stored type: the overlay also makes whiteouts. */
  create(type: StoredType, name: string, mode: number, owner: Credentials): Result<MemoryVnode> {
    if (this.node.type !== 'directory') return fail(Errno.NOTDIR)
    if (this.node.names === 0) return fail(Errno.NOENT)
    if (this.place.entry(name) !== undefined) return fail(Errno.EXIST)
    const refused = this.fs.quota.takeInode()
    if (refused !== undefined) return fail(refused)
    const node = this.fs.store.node(type)
    node.permissions = mode & MODE_BITS
    node.owner = owner.uid
    node.group = owner.gid
    const isDirectory = type === 'directory'
    node.names = isDirectory ? NAMES_OF_DIRECTORY : 1
    if (isDirectory) this.node.names += 1
    stamp(node, this.fs.now())
    const link = this.fs.store.insert(this.place, name, node)
    this.#touch()
    return ok(new MemoryVnode(this.fs, link))
  }

  #touch(): void {
    this.node.modified = this.fs.now()
    this.node.changed = this.node.modified
  }

  link(name: string, target: Vnode): Result<undefined> {
    if (!(target instanceof MemoryVnode) || target.fs !== this.fs) return fail(Errno.XDEV)
    const { node } = target
    if (node.type === 'directory') return fail(Errno.PERM)
    if (this.node.names === 0) return fail(Errno.NOENT)
    if (this.place.entry(name) !== undefined) return fail(Errno.EXIST)
    // A name takes as much as an empty file: tmpfs counts it as one too (mm/shmem.c, shmem_link).
    const refused = this.fs.quota.takeInode()
    if (refused !== undefined) return fail(refused)
    this.fs.store.insert(this.place, name, node)
    node.names += 1
    node.changed = this.fs.now()
    this.#touch()
    return DONE
  }

  unlink(name: string): Result<undefined> {
    const found = this.lookup(name)
    if (!found.ok) return found
    const { node } = found.value
    if (node.type === 'directory') return fail(Errno.ISDIR)
    this.fs.store.remove(this.place, name)
    node.names -= 1
    node.changed = this.fs.now()
    if (node.names > 0) this.fs.quota.giveInode()
    this.fs.settle(node)
    this.#touch()
    return DONE
  }

  removeDirectory(name: string): Result<undefined> {
    const found = this.lookup(name)
    if (!found.ok) return found
    const { node, place } = found.value
    if (node.type !== 'directory') return fail(Errno.NOTDIR)
    if (place.size > 0) return fail(Errno.NOTEMPTY)
    this.fs.store.remove(this.place, name)
    node.names = 0
    this.node.names -= 1
    this.fs.settle(node)
    this.#touch()
    return DONE
  }

  rename(name: string, to: Vnode, newName: string): Result<undefined> {
    if (!(to instanceof MemoryVnode) || to.fs !== this.fs) return fail(Errno.XDEV)
    const source = this.lookup(name)
    if (!source.ok) return source
    if (to.node.names === 0) return fail(Errno.NOENT)
    const target = to.lookup(newName)
    const verdict = checkRename(source.value, to, target.ok ? target.value : undefined)
    if (verdict !== 'move') return verdict === 'nothing' ? DONE : fail(verdict)
    if (target.ok) {
      const isDirectory = target.value.node.type === 'directory'
      const gone = isDirectory ? to.removeDirectory(newName) : to.unlink(newName)
      if (!gone.ok) return gone
    }
    this.fs.store.move(this.place, name, to.place, newName)
    if (source.value.node.type === 'directory') {
      this.node.names -= 1
      to.node.names += 1
    }
    source.value.node.changed = this.fs.now()
    this.#touch()
    to.#touch()
    return DONE
  }

  readlink(): Result<string> {
    return this.node.type === 'symlink' ? ok(this.node.text) : fail(Errno.INVAL)
  }

  open(_access: Access): Result<FileHandle> {
    if (this.node.type === 'directory') return fail(Errno.ISDIR)
    if (this.node.type !== 'regular') return fail(Errno.NXIO)
    return ok(new MemoryHandle(this.fs, this.node))
  }

  truncate(size: number): Result<undefined> {
    const { node } = this
    if (node.type !== 'regular') return fail(Errno.INVAL)
    if (size > MAX_FILE_BYTES) return fail(Errno.FBIG)
    if (size < node.length) {
      cutBytes(node, size)
      this.fs.quota.shrink(node)
    } else {
      if (!this.fs.quota.reserve(node, size)) return fail(Errno.NOSPC)
      node.length = size
    }
    this.#touch()
    return DONE
  }

  setTimes(times: NewTimes): Result<undefined> {
    if (times.accessed !== undefined) this.node.accessed = times.accessed
    if (times.modified !== undefined) this.node.modified = times.modified
    this.node.changed = this.fs.now()
    return DONE
  }

  setMode(mode: number): Result<undefined> {
    this.node.permissions = mode & MODE_BITS
    this.node.changed = this.fs.now()
    return DONE
  }

  setOwner(uid: number, gid: number): Result<undefined> {
    this.node.owner = uid
    this.node.group = gid
    this.node.changed = this.fs.now()
    return DONE
  }
}
