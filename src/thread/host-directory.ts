import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join, sep } from 'node:path'
import { Errno, type Failure } from '../contract/errno.ts'
import type { HostDirectory, HostFile, HostStat } from '../contract/host-directory.ts'
import { fail, ok, type Result } from '../contract/result.ts'

/** What of the host's errors a guest is told; the rest is IO. */
const ERRNO_OF: Readonly<Record<string, Failure>> = {
  EACCES: Errno.ACCES,
  EPERM: Errno.PERM,
  ENOENT: Errno.NOENT,
  EEXIST: Errno.EXIST,
  ENOTDIR: Errno.NOTDIR,
  EISDIR: Errno.ISDIR,
  ENOTEMPTY: Errno.NOTEMPTY,
  ENOSPC: Errno.NOSPC,
  EDQUOT: Errno.DQUOT,
  EFBIG: Errno.FBIG,
  EROFS: Errno.ROFS,
  ELOOP: Errno.LOOP,
  EMLINK: Errno.MLINK,
  ENAMETOOLONG: Errno.NAMETOOLONG,
  EXDEV: Errno.XDEV,
  EBUSY: Errno.BUSY,
  EINVAL: Errno.INVAL,
  EMFILE: Errno.NFILE,
  ENFILE: Errno.NFILE,
}
/** Bytes one call moves at most: host calls cannot be interrupted. */
const MOST_BYTES = 2 ** 20
const NS_PER_S = 1e9
const WINDOWS = process.platform === 'win32'
/** Names Windows gives a meaning of their own: devices, streams, drives. */
const WINDOWS_REFUSED = /[\\:*?"<>|]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

function attempt<T>(work: () => T): Result<T extends void ? undefined : T> {
  try {
    // A call that returns nothing returns undefined.
    return ok(work() as T extends void ? undefined : T)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return fail(ERRNO_OF[code] ?? Errno.IO)
  }
}

const isPlain = (name: string): boolean =>
  name !== '' &&
  name !== '.' &&
  name !== '..' &&
  !name.includes('/') &&
  !name.includes('\0') &&
  !(WINDOWS && WINDOWS_REFUSED.test(name))

function typeOf(stats: BigIntStats): HostStat['type'] {
  if (stats.isFile()) return 'regular'
  if (stats.isDirectory()) return 'directory'
  return stats.isSymbolicLink() ? 'symlink' : 'other'
}

function hostStat(stats: BigIntStats): HostStat {
  return {
    type: typeOf(stats),
    identity: `${stats.dev}:${stats.ino}`,
    mode: Number(stats.mode) & 0o777,
    links: Number(stats.nlink),
    size: Number(stats.size),
    accessed: stats.atimeNs,
    modified: stats.mtimeNs,
    changed: stats.ctimeNs,
  }
}

/** Node takes times as seconds in a double: the host keeps them to the microsecond. */
const seconds = (time: bigint): number => Number(time) / NS_PER_S

class OpenHostFile implements HostFile {
  readonly #fd: number

  constructor(fd: number) {
    this.#fd = fd
  }

  read(into: Uint8Array, at: number): Result<number> {
    const count = Math.min(into.length, MOST_BYTES)
    return attempt(() => readSync(this.#fd, into, 0, count, at))
  }

  write(from: Uint8Array, at: number): Result<number> {
    const count = Math.min(from.length, MOST_BYTES)
    return attempt(() => writeSync(this.#fd, from, 0, count, at))
  }

  stat(): Result<HostStat> {
    return attempt(() => hostStat(fstatSync(this.#fd, { bigint: true })))
  }

  setTimes(accessed: bigint, modified: bigint): Result<undefined> {
    return attempt(() => void futimesSync(this.#fd, seconds(accessed), seconds(modified)))
  }

  truncate(size: number): Result<undefined> {
    return attempt(() => void ftruncateSync(this.#fd, size))
  }

  sync(): Result<undefined> {
    return attempt(() => void fsyncSync(this.#fd))
  }

  close(): void {
    attempt(() => closeSync(this.#fd))
  }
}

/**
 * A bind's view of the host. Every directory on the way is looked at and must be a real directory of
 * the host; the last name is never followed; and what was opened is checked again by where the
 * system says it is. Guests cannot make symlinks here, so that the only links are those the host's
 * user put in.
 *
 * What remains: two containers that share a writable bind which already holds a symlink that leads
 * out could move that link into the way between the look and a mkdir, unlink or rename of the other, or
 * have an empty file made where it leads.
 */
export class NodeHostDirectory implements HostDirectory {
  readonly #root: string

  constructor(root: string) {
    this.#root = realpathSync(root)
  }

  /** The host's path of a place whose directories are all real. */
  #path(names: readonly string[]): Result<string> {
    if (!names.every(isPlain)) return fail(Errno.INVAL)
    let path = this.#root
    for (const [depth, name] of names.entries()) {
      if (depth > 0) {
        const stats = attempt(() => lstatSync(path))
        if (!stats.ok) return stats
        if (!stats.value.isDirectory()) return fail(Errno.NOTDIR)
      }
      path = join(path, name)
    }
    return ok(path)
  }

  #at<T>(
    names: readonly string[],
    work: (path: string) => T,
  ): Result<T extends void ? undefined : T> {
    const path = this.#path(names)
    return path.ok ? attempt(() => work(path.value)) : path
  }

  stat(names: readonly string[]): Result<HostStat> {
    return this.#at(names, (path) => hostStat(lstatSync(path, { bigint: true })))
  }

  list(names: readonly string[]): Result<readonly string[]> {
    // The system would follow a link that stands where a guest once opened a directory.
    const stats = this.stat(names)
    if (!stats.ok) return stats
    if (stats.value.type !== 'directory') return fail(Errno.NOTDIR)
    return this.#at(names, (path) => readdirSync(path))
  }

  readlink(names: readonly string[]): Result<string> {
    return this.#at(names, (path) => readlinkSync(path))
  }

  open(names: readonly string[], how: { write: boolean; create: boolean }): Result<HostFile> {
    const path = this.#path(names)
    if (!path.ok) return path
    if (!how.create) {
      // A fifo or device would hold the thread, or do more than reading.
      const stats = attempt(() => lstatSync(path.value))
      if (!stats.ok) return stats
      if (!stats.value.isFile()) return fail(stats.value.isDirectory() ? Errno.ISDIR : Errno.PERM)
    }
    const flags =
      (how.write ? constants.O_RDWR : constants.O_RDONLY) |
      (how.create ? constants.O_CREAT | constants.O_EXCL : 0) |
      (constants.O_NOFOLLOW ?? 0) |
      (constants.O_NONBLOCK ?? 0)
    const fd = attempt(() => openSync(path.value, flags, 0o644))
    if (!fd.ok) return fd
    if (this.#isInside(fd.value, path.value)) return ok(new OpenHostFile(fd.value))
    closeSync(fd.value)
    return fail(Errno.ACCES)
  }

  /** Whether what was opened is the file that now stands at `path`, really below the root. */
  #isInside(fd: number, path: string): boolean {
    const checked = attempt(() => {
      const real = realpathSync(path)
      const inside = real === this.#root || real.startsWith(this.#root + sep)
      const [opened, named] = [fstatSync(fd), lstatSync(real)]
      return inside && opened.ino === named.ino && opened.dev === named.dev
    })
    return checked.ok && checked.value
  }

  createDirectory(names: readonly string[]): Result<undefined> {
    return this.#at(names, (path) => void mkdirSync(path, { mode: 0o755 }))
  }

  removeDirectory(names: readonly string[]): Result<undefined> {
    return this.#at(names, (path) => rmdirSync(path))
  }

  unlink(names: readonly string[]): Result<undefined> {
    return this.#at(names, (path) => unlinkSync(path))
  }

  link(from: readonly string[], to: readonly string[]): Result<undefined> {
    const source = this.#path(from)
    return source.ok ? this.#at(to, (path) => linkSync(source.value, path)) : source
  }

  rename(from: readonly string[], to: readonly string[]): Result<undefined> {
    const source = this.#path(from)
    return source.ok ? this.#at(to, (path) => renameSync(source.value, path)) : source
  }

  setTimes(names: readonly string[], accessed: bigint, modified: bigint): Result<undefined> {
    return this.#at(names, (path) => void lutimesSync(path, seconds(accessed), seconds(modified)))
  }
}
