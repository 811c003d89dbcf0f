import { Errno } from '../../../contract/errno.ts'
import { type Fail, fail, ok, type Result } from '../../../contract/result.ts'
import type { Place } from '../place.ts'
import type { DirectoryEntry, FileHandle, FileStat, FileSystem, FileType, Vnode } from '../vnode.ts'

/** Whose it is, where it is not root's and everybody's to read. */
export interface Ownership {
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

/** What a synthetic tree is made of. Content is made when it is opened. */
export type Synthetic =
  | {
      readonly kind: 'directory'
      readonly entries: () => ReadonlyMap<string, Synthetic>
      readonly owner?: Ownership
    }
  | { readonly kind: 'text'; readonly text: () => string; readonly owner?: Ownership }
  | {
      readonly kind: 'link'
      readonly target: () => Result<string>
      /** Where it leads when its text is only what it is called. */
      readonly place?: () => Place | undefined
      readonly owner?: Ownership
    }
  | {
      readonly kind: 'device' | 'pipe'
      readonly mode: number
      /** Root's, where nobody is named. */
      readonly owner?: Omit<Ownership, 'mode'>
      /** As `FileStat` has it. */
      readonly rdev?: number
      readonly open: () => Result<FileHandle>
    }

export const directory = (entries: Readonly<Record<string, Synthetic>>): Synthetic => {
  const fixed = new Map(Object.entries(entries))
  return { kind: 'directory', entries: () => fixed }
}
export const text = (make: () => string): Synthetic => ({ kind: 'text', text: make })
export const link = (target: () => string): Synthetic => ({
  kind: 'link',
  target: () => ok(target()),
})

const TYPE: Readonly<Record<Synthetic['kind'], FileType>> = {
  directory: 'directory',
  text: 'regular',
  link: 'symlink',
  device: 'character-device',
  pipe: 'fifo',
}
const MODE = { directory: 0o555, text: 0o444, link: 0o777 } as const

/** A tree that is computed, as procfs is. Nothing in it can be changed. */
export class SyntheticFileSystem implements FileSystem {
  readonly name: string
  readonly device: number
  readonly root: Vnode
  readonly synthetic = true
  readonly now: () => bigint
  readonly #inodes = new Map<string, number>()

  constructor(name: string, device: number, top: Synthetic, now: () => bigint) {
    this.name = name
    this.device = device
    this.now = now
    this.root = new SyntheticVnode(this, top, '/', undefined)
  }

  /** A number for each path, the same for as long as the file system lives. */
  inodeOf(path: string): number {
    const known = this.#inodes.get(path)
    if (known !== undefined) return known
    const inode = this.#inodes.size + 1
    this.#inodes.set(path, inode)
    return inode
  }
}

function ownershipOf(what: Synthetic): Ownership {
  if ('mode' in what) return { uid: 0, gid: 0, ...what.owner, mode: what.mode }
  return what.owner ?? { uid: 0, gid: 0, mode: MODE[what.kind] }
}

const readOnly = (): Fail => fail(Errno.PERM)

export class SyntheticVnode implements Vnode {
  readonly fs: SyntheticFileSystem
  readonly inode: number
  readonly type: FileType
  readonly #what: Synthetic
  readonly #path: string
  readonly #above: SyntheticVnode | undefined

  constructor(
    fs: SyntheticFileSystem,
    what: Synthetic,
    path: string,
    above: SyntheticVnode | undefined,
    inode = fs.inodeOf(path),
  ) {
    this.fs = fs
    this.#what = what
    this.#path = path
    this.#above = above
    this.inode = inode
    this.type = TYPE[what.kind]
  }

  stat(): Result<FileStat> {
    const what = this.#what
    const now = this.fs.now()
    const { uid, gid, mode } = ownershipOf(what)
    return ok({
      device: this.fs.device,
      inode: this.inode,
      type: this.type,
      mode,
      uid,
      gid,
      links: what.kind === 'directory' ? 2 : 1,
      ...('mode' in what && what.rdev !== undefined && { rdev: what.rdev }),
      size: 0,
      accessed: now,
      modified: now,
      changed: now,
    })
  }

  parent(): Vnode {
    return this.#above ?? this
  }

  lookup(name: string): Result<Vnode> {
    if (this.#what.kind !== 'directory') return fail(Errno.NOTDIR)
    const found = this.#what.entries().get(name)
    if (found === undefined) return fail(Errno.NOENT)
    return ok(new SyntheticVnode(this.fs, found, `${this.#path}${name}/`, this))
  }

  list(): Result<readonly DirectoryEntry[]> {
    if (this.#what.kind !== 'directory') return fail(Errno.NOTDIR)
    return ok(
      [...this.#what.entries()].map(([name, entry]) => ({
        name,
        inode: this.fs.inodeOf(`${this.#path}${name}/`),
        type: TYPE[entry.kind],
      })),
    )
  }

  createFile = readOnly
  createDirectory = readOnly
  createSymlink = readOnly
  link = readOnly
  unlink = readOnly
  removeDirectory = readOnly
  rename = readOnly

  readlink(): Result<string> {
    return this.#what.kind === 'link' ? this.#what.target() : fail(Errno.INVAL)
  }

  leadsTo(): Place | undefined {
    return this.#what.kind === 'link' ? this.#what.place?.() : undefined
  }

  open(access: { readonly write: boolean }): Result<FileHandle> {
    const what = this.#what
    if (what.kind === 'directory') return fail(Errno.ISDIR)
    if (what.kind === 'link') return fail(Errno.LOOP)
    if ('mode' in what) return what.open()
    return access.write ? fail(Errno.ACCES) : ok(textHandle(what.text()))
  }

  /** Opening a device with TRUNC changes nothing. */
  truncate(): Result<undefined> {
    return 'mode' in this.#what ? fail(Errno.INVAL) : readOnly()
  }

  setTimes = readOnly
  setMode = readOnly
  setOwner = readOnly
}

/** The text as it was when the file was opened. */
function textHandle(content: string): FileHandle {
  const bytes = new TextEncoder().encode(content)
  return {
    seekable: true,
    read: (into, at) => {
      const count = Math.max(0, Math.min(into.length, bytes.length - at))
      into.set(bytes.subarray(at, at + count))
      return ok(count)
    },
    write: () => fail(Errno.BADF),
    readable: () => ({ bytes: bytes.length, hangup: false }),
    writable: () => undefined,
    close: () => {},
  }
}
