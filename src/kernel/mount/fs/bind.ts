import { Errno } from '../../../contract/errno.ts'
import type { HostDirectory, HostFile, HostStat } from '../../../contract/host-directory.ts'
import { DONE, type Fail, fail, ok, type Result } from '../../../contract/result.ts'
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

const TYPE: Readonly<Record<HostStat['type'], FileType>> = {
  regular: 'regular',
  directory: 'directory',
  symlink: 'symlink',
  // Devices, pipes and sockets of the host: seen, never opened.
  other: 'fifo',
}

/** A directory or file of the host, mounted into a container. */
export class BindFileSystem implements FileSystem {
  readonly name = 'bind'
  readonly device: number
  readonly host: HostDirectory
  readonly root: Vnode
  readonly #inodes = new Map<string, number>()
  #lastInode = 0

  constructor(host: HostDirectory, device: number) {
    this.host = host
    this.device = device
    const stat = host.stat([])
    if (!stat.ok) throw new TypeError('the source of a bind cannot be read')
    this.root = new BindVnode(this, [], stat.value)
  }

  /** Small numbers of our own: the host's inodes say something about the host. */
  inodeOf(identity: string): number {
    const known = this.#inodes.get(identity)
    if (known !== undefined) return known
    this.#lastInode += 1
    this.#inodes.set(identity, this.#lastInode)
    return this.#lastInode
  }

  /** The last name of a file has gone: the host may give its identity to another. */
  forget({ identity, links }: HostStat): void {
    if (links <= 1) this.#inodes.delete(identity)
  }
}

class BindVnode implements Vnode {
  readonly fs: BindFileSystem
  readonly inode: number
  readonly type: FileType
  readonly names: readonly string[]

  constructor(fs: BindFileSystem, names: readonly string[], stat: HostStat) {
    this.fs = fs
    this.names = names
    this.inode = fs.inodeOf(stat.identity)
    this.type = TYPE[stat.type]
  }

  /** What the host tells of it now. */
  hostStat(): Result<HostStat> {
    return this.fs.host.stat(this.names)
  }

  stat(): Result<FileStat> {
    const stat = this.hostStat()
    if (!stat.ok) return stat
    const { mode, links, size, accessed, modified, changed } = stat.value
    const { device } = this.fs
    const { inode, type } = this
    // Everything in a bind belongs to the container's root, as Docker's user mapping has it.
    return ok({
      device,
      inode,
      type,
      mode,
      uid: 0,
      gid: 0,
      links,
      size,
      accessed,
      modified,
      changed,
    })
  }

  #node(names: readonly string[]): Result<BindVnode> {
    const stat = this.fs.host.stat(names)
    return stat.ok ? ok(new BindVnode(this.fs, names, stat.value)) : stat
  }

  #below(name: string): readonly string[] {
    return [...this.names, name]
  }

  parent(): Vnode {
    const above = this.#node(this.names.slice(0, -1))
    return above.ok ? above.value : this.fs.root
  }

  lookup(name: string): Result<Vnode> {
    return this.type === 'directory' ? this.#node(this.#below(name)) : fail(Errno.NOTDIR)
  }

  list(): Result<readonly DirectoryEntry[]> {
    if (this.type !== 'directory') return fail(Errno.NOTDIR)
    const names = this.fs.host.list(this.names)
    if (!names.ok) return names
    const entries: DirectoryEntry[] = []
    for (const name of names.value) {
      const node = this.#node(this.#below(name))
      if (node.ok) entries.push({ name, inode: node.value.inode, type: node.value.type })
    }
    return ok(entries)
  }

  createFile(name: string): Result<Vnode> {
    const made = this.fs.host.open(this.#below(name), { write: true, create: true })
    if (!made.ok) return made
    made.value.close()
    return this.lookup(name)
  }

  createDirectory(name: string): Result<Vnode> {
    const made = this.fs.host.createDirectory(this.#below(name))
    return made.ok ? this.lookup(name) : made
  }

  /** A guest's link on the host could lead anybody out of the bind. */
  createSymlink(): Fail {
    return fail(Errno.PERM)
  }

  link(name: string, node: Vnode): Result<undefined> {
    if (!(node instanceof BindVnode) || node.fs !== this.fs) return fail(Errno.XDEV)
    if (node.type !== 'regular') return fail(Errno.PERM)
    return this.fs.host.link(node.names, this.#below(name))
  }

  unlink(name: string): Result<undefined> {
    const found = this.lookup(name)
    if (!found.ok) return found
    if (found.value.type === 'directory') return fail(Errno.ISDIR)
    const last = this.fs.host.stat(this.#below(name))
    const gone = this.fs.host.unlink(this.#below(name))
    if (gone.ok && last.ok) this.fs.forget(last.value)
    return gone
  }

  removeDirectory(name: string): Result<undefined> {
    const found = this.lookup(name)
    if (!found.ok) return found
    if (found.value.type !== 'directory') return fail(Errno.NOTDIR)
    return this.fs.host.removeDirectory(this.#below(name))
  }

  rename(name: string, to: Vnode, newName: string): Result<undefined> {
    if (!(to instanceof BindVnode) || to.fs !== this.fs) return fail(Errno.XDEV)
    const source = this.lookup(name)
    if (!source.ok) return source
    const target = to.lookup(newName)
    const verdict = checkRename(source.value, to, target.ok ? target.value : undefined)
    if (verdict === 'nothing') return DONE
    if (verdict !== 'move') return fail(verdict)
    return this.fs.host.rename(this.#below(name), to.#below(newName))
  }

  readlink(): Result<string> {
    return this.type === 'symlink' ? this.fs.host.readlink(this.names) : fail(Errno.INVAL)
  }

  open(access: Access): Result<FileHandle> {
    if (this.type === 'directory') return fail(Errno.ISDIR)
    if (this.type !== 'regular') return fail(Errno.PERM)
    const file = this.fs.host.open(this.names, { write: access.write, create: false })
    if (!file.ok) return file
    const stat = file.value.stat()
    if (stat.ok) return ok(handleOf(file.value, new OpenBindVnode(this, file.value, stat.value)))
    file.value.close()
    return stat
  }

  truncate(size: number): Result<undefined> {
    if (this.type !== 'regular') return fail(Errno.INVAL)
    const file = this.fs.host.open(this.names, { write: true, create: false })
    if (!file.ok) return file
    const done = file.value.truncate(size)
    file.value.close()
    return done
  }

  setTimes(times: NewTimes): Result<undefined> {
    const stat = this.hostStat()
    if (!stat.ok) return stat
    const accessed = times.accessed ?? stat.value.accessed
    return this.putTimes(accessed, times.modified ?? stat.value.modified)
  }

  putTimes(accessed: bigint, modified: bigint): Result<undefined> {
    return this.fs.host.setTimes(this.names, accessed, modified)
  }

  /** Modes and owners of the host's files are the host's. */
  setMode(): Result<undefined> {
    return fail(Errno.PERM)
  }

  setOwner(): Result<undefined> {
    return fail(Errno.PERM)
  }
}

/** A file as its open handle has it: renaming or removing its name changes nothing here. */
class OpenBindVnode extends BindVnode {
  readonly #file: HostFile

  constructor(from: BindVnode, file: HostFile, stat: HostStat) {
    super(from.fs, from.names, stat)
    this.#file = file
  }

  override hostStat(): Result<HostStat> {
    return this.#file.stat()
  }

  override truncate(size: number): Result<undefined> {
    return this.#file.truncate(size)
  }

  override putTimes(accessed: bigint, modified: bigint): Result<undefined> {
    return this.#file.setTimes(accessed, modified)
  }
}

function handleOf(file: HostFile, vnode: Vnode): FileHandle {
  return {
    seekable: true,
    vnode,
    sync: () => file.sync(),
    read: (into, at) => file.read(into, at),
    write: (from, at) => file.write(from, at),
    readable: () => ({ bytes: 1, hangup: false }),
    writable: () => ({ bytes: 1, hangup: false }),
    close: () => file.close(),
  }
}
