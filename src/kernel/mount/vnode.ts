import type { Credentials } from '../../contract/identity.ts'
import type { Blocked, Result } from '../../contract/result.ts'
import type { TerminalDevice } from '../../contract/terminal.ts'
import type { PipeBuffer, PipeEnd } from '../process/pipe-buffer.ts'

/** Kinds of file, by the names of stat(2). */
export type FileType =
  | 'regular'
  | 'directory'
  | 'symlink'
  | 'character-device'
  | 'block-device'
  | 'fifo'
  | 'socket'

/** What stat(2) tells. Times are ns since 1970; `mode` holds the twelve permission bits only. */
export interface FileStat {
  readonly device: number
  readonly inode: number
  readonly type: FileType
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly links: number
  /** What a device is, major and minor as stat(2) packs them; absent for all else. */
  readonly rdev?: number
  /** Bytes; of a symlink the length of its text in UTF-8. */
  readonly size: number
  readonly accessed: bigint
  readonly modified: bigint
  readonly changed: bigint
}

export interface DirectoryEntry {
  readonly name: string
  readonly inode: number
  readonly type: FileType
}

/** Nanoseconds since 1970; an absent time is left alone. `changed` always moves. */
export interface NewTimes {
  readonly accessed?: bigint
  readonly modified?: bigint
}

/** `executable` is not among them: preview1 has no such right. */
export interface Access {
  readonly read: boolean
  readonly write: boolean
}

/** What poll sees: `bytes` ready, and whether the other side has gone. */
export interface Readiness {
  readonly bytes: number
  readonly hangup: boolean
}

/** Devices that are the same for everybody, and keep nothing: what is done to them can be done anywhere. */
export type PlainDevice = 'null' | 'zero'

/**
 * The bytes behind one open description. Regular files have positions; streams (pipes, terminals,
 * most devices) have none and ignore `at`.
 */
export interface FileHandle {
  readonly seekable: boolean
  /** `isatty` of the guest. */
  readonly terminal?: TerminalDevice
  /** Up to so many bytes of one call go in together or not at all, in however many buffers they come. */
  readonly atomic?: number
  /** Of a pipe alone: its bytes, and which of its ends this is. */
  readonly pipe?: { readonly buffer: PipeBuffer; readonly end: PipeEnd }
  /** What moves its bytes, the same for all that read or write one stream. Of a stream alone. */
  readonly stream?: object
  /** Of such a device alone. */
  readonly plain?: PlainDevice
  /** Bytes copied, at most `into.length`; 0 is the end. */
  read(into: Uint8Array, at: number): Result<number> | Blocked
  /** Bytes taken, at most `from.length`; fewer when a quota ends there (NOSPC when nothing fits). */
  write(from: Uint8Array, at: number): Result<number> | Blocked
  /** Ready to read (or at its end); undefined when a read would block. */
  readable(): Readiness | undefined
  writable(): Readiness | undefined
  /** Makes what was written durable; absent where nothing outlives the container. */
  sync?(): Result<undefined>
  /** The file that is open, where its name may by now be another's. Lives as long as the handle. */
  readonly vnode?: Vnode
  /** Called once, when the last descriptor has gone. */
  close(): void
}

/**
 * One inode of one file system: the operations of a VFS node. Names are single components, checked
 * at the ABI (valid UTF-8, no NUL, no slash, at most 255 bytes, never `.` or `..`). Permissions,
 * read-only mounts, sticky bits and mount crossings are checked above, in the path operations; a
 * file system only keeps its own structure sound and its quota.
 *
 * Two vnodes are the same file exactly when `fs` and `inode` are equal; a file system may make a new
 * object for each look-up.
 */
export interface Vnode {
  readonly fs: FileSystem
  readonly inode: number
  readonly type: FileType
  stat(): Result<FileStat>

  /** Directories only; all answer NOTDIR elsewhere. The root's parent is the root itself. */
  parent(): Vnode
  lookup(name: string): Result<Vnode>
  /** Without `.` and `..`, in a stable order. */
  list(): Result<readonly DirectoryEntry[]>
  /** EXIST when the name is taken; NOENT when this directory was removed; NOSPC | DQUOT. */
  createFile(name: string, mode: number, owner: Credentials): Result<Vnode>
  createDirectory(name: string, mode: number, owner: Credentials): Result<Vnode>
  createSymlink(name: string, text: string, owner: Credentials): Result<Vnode>
  /** A new name for `node` of the same file system; directories are refused with PERM. */
  link(name: string, node: Vnode): Result<undefined>
  /** Removes a name that is not a directory (ISDIR). */
  unlink(name: string): Result<undefined>
  /** NOTEMPTY; NOTDIR. */
  removeDirectory(name: string): Result<undefined>
  /**
   * Moves `name` to `newName` in `to` (same file system), replacing what rename(2) allows: the table
   * of source and target types, same-inode no-op, INVAL for a directory into its own descendant.
   */
  rename(name: string, to: Vnode, newName: string): Result<undefined>

  /** Symlinks only (INVAL elsewhere). */
  readlink(): Result<string>
  /** Where a link leads that is more than its text: /proc/<pid>/fd. Absent for all others. */
  leadsTo?(): Place | undefined

  /** Regular files and devices; a directory answers ISDIR. Pins the inode until the handle closes. */
  open(access: Access): Result<FileHandle>
  /** Regular files only. Grows with zeros; NOSPC | FBIG leave the size as it was. */
  truncate(size: number): Result<undefined>
  setTimes(times: NewTimes): Result<undefined>
  setMode(mode: number): Result<undefined>
  setOwner(uid: number, gid: number): Result<undefined>
}

/** A mounted tree. */
export interface FileSystem {
  /** The word of /proc/mounts: overlay, tmpfs, proc, devtmpfs, cgroup2, bind. */
  readonly name: string
  /** `st_dev` of every node. */
  readonly device: number
  readonly root: Vnode
  /** Made up by the kernel, not stored: its files cost no I/O. */
  readonly synthetic?: boolean
  /** Bytes and inodes for statfs and `/proc`; undefined where there is no limit of its own. */
  usage?(): { readonly bytes: number; readonly limit: number | undefined }
}

/** A file system at a directory of the tree above it. The root mount has no `on`. */
export interface Mount {
  readonly fs: FileSystem
  readonly readOnly: boolean
  /** Where it hangs: the covered directory; undefined for the root. */
  readonly on: Place | undefined
  /** Absolute path of the mount point, for /proc/mounts. */
  readonly path: string
}

/** Where a path walk stands: a node, and the mount through which it was reached. */
export interface Place {
  readonly mount: Mount
  readonly vnode: Vnode
  /** Of what is open and no directory: where its name stood when it was opened. */
  readonly entry?: { readonly directory: Place; readonly name: string } | undefined
}
