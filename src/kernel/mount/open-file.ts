import { Errno } from '../../contract/errno.ts'
import { type Blocked, blocked, DONE, fail, ok, type Result } from '../../contract/result.ts'
import { joinBytes } from '../../std/join-bytes.ts'
import type { Ledger } from '../cgroup/ledger.ts'
import type { Place } from './place.ts'
import type { Access, DirectoryEntry, FileHandle, FileType } from './vnode.ts'

/** Largest file offset: 2^53-1, the largest exact number; a request beyond it is FBIG or INVAL. */
const MAX_OFFSET = BigInt(Number.MAX_SAFE_INTEGER)

/** What one entry of a listing takes of the heap, without its name. */
const ENTRY_BYTES = 64

export type Whence = 'set' | 'current' | 'end'

interface OpenFileParts {
  readonly type: FileType | 'unknown'
  readonly access: Access
  /** Undefined for a directory. */
  readonly handle: FileHandle | undefined
  /** Undefined for what has no name: standard streams and pipes. */
  readonly place: Place | undefined
  readonly append?: boolean
  readonly nonblock?: boolean
  /** The guest's name of a preopened directory. */
  readonly preopen?: string
  readonly ledger: Ledger
}

/** As one buffer what must go in together, or is more than that: what follows may go in by itself. */
function together(buffers: readonly Uint8Array[], atomic = 0): readonly Uint8Array[] {
  if (atomic === 0 || buffers.length < 2) return buffers
  let size = 0
  let count = 0
  while (count < buffers.length && size <= atomic) {
    size += buffers[count]?.length ?? 0
    count += 1
  }
  return [joinBytes(buffers.slice(0, count), size), ...buffers.slice(count)]
}

/**
 * An open file description (open(2)): position, mode and flags, shared by every descriptor that was
 * made from it. It is released with the last of them.
 */
export class OpenFile {
  readonly type: FileType | 'unknown'
  readonly access: Access
  readonly handle: FileHandle | undefined
  readonly place: Place | undefined
  readonly preopen: string | undefined
  append: boolean
  nonblock: boolean
  position = 0
  /** The process that alone holds it reads or writes it without its kernel: nobody else can have it now. */
  lent = false
  #listing: readonly DirectoryEntry[] | undefined
  #listingBytes = 0
  readonly #ledger: Ledger
  #references = 1

  constructor(parts: OpenFileParts) {
    this.type = parts.type
    this.access = parts.access
    this.handle = parts.handle
    this.place = parts.place
    this.preopen = parts.preopen
    this.append = parts.append ?? false
    this.nonblock = parts.nonblock ?? false
    this.#ledger = parts.ledger
  }

  /** Other descriptors lead to it too, or somebody has it open by its name in /proc. */
  get shared(): boolean {
    return this.#references > 1
  }

  get isDirectory(): boolean {
    return this.type === 'directory'
  }

  retain(): this {
    this.#references += 1
    return this
  }

  release(): void {
    this.#references -= 1
    if (this.#references > 0) return
    this.#forgetListing()
    this.handle?.close()
  }

  /** What readdir saw when it last started at cookie 0. */
  get listing(): readonly DirectoryEntry[] | undefined {
    return this.#listing
  }

  /** Keeps what readdir saw, in place of what it saw before. NOMEM: it cannot be paid for. */
  keepListing(entries: readonly DirectoryEntry[]): Result<undefined> {
    this.#forgetListing()
    const bytes = entries.reduce((sum, { name }) => sum + ENTRY_BYTES + name.length, 0)
    if (!this.#ledger.charge('memory', bytes)) return fail(Errno.NOMEM)
    this.#listing = entries
    this.#listingBytes = bytes
    return DONE
  }

  #forgetListing(): void {
    this.#ledger.release('memory', this.#listingBytes)
    this.#listing = undefined
    this.#listingBytes = 0
  }

  /**
   * Fills `buffers` in order and stops at a short one. Moves the position of a seekable file.
   * BADF: a directory, or not open for reading. AGAIN: nothing yet, with NONBLOCK.
   */
  read(buffers: readonly Uint8Array[]): Result<number> | Blocked {
    if (this.handle === undefined || !this.access.read) return fail(Errno.BADF)
    const done = this.#transfer('read', this.handle, buffers, this.position)
    if (done.ok === true && this.handle.seekable) this.position += done.value
    return done
  }

  /** As `read` at `at`, leaving the position alone. SPIPE: no positions here. */
  readAt(buffers: readonly Uint8Array[], at: number): Result<number> | Blocked {
    if (this.handle === undefined || !this.access.read) return fail(Errno.BADF)
    if (!this.handle.seekable) return fail(Errno.SPIPE)
    return this.#transfer('read', this.handle, buffers, at)
  }

  /**
   * Takes `buffers` in order; with APPEND at the end of the file. Moves the position.
   *
   * @param most - bytes of the largest file the caller may write (its own RLIMIT_FSIZE).
   */
  write(buffers: readonly Uint8Array[], most?: number): Result<number> | Blocked {
    if (this.handle === undefined || !this.access.write) return fail(Errno.BADF)
    const start = this.append ? this.#end() : ok(this.position)
    if (!start.ok) return start
    const whole = together(buffers, this.handle.atomic)
    const done = this.#transfer('write', this.handle, whole, start.value, most)
    if (done.ok === true && this.handle.seekable) this.position = start.value + done.value
    return done
  }

  /** As `write` at `at`, leaving the position alone; with APPEND at the end, as Linux does. */
  writeAt(buffers: readonly Uint8Array[], at: number, most?: number): Result<number> | Blocked {
    if (this.handle === undefined || !this.access.write) return fail(Errno.BADF)
    if (!this.handle.seekable) return fail(Errno.SPIPE)
    const start = this.append ? this.#end() : ok(at)
    return start.ok ? this.#transfer('write', this.handle, buffers, start.value, most) : start
  }

  /** The new position. BADF: a directory; SPIPE: a stream; INVAL: before 0 or past 2^53. */
  seek(offset: bigint, whence: Whence): Result<bigint> {
    if (this.handle === undefined) return fail(Errno.BADF)
    if (!this.handle.seekable) return fail(Errno.SPIPE)
    const end = whence === 'end' ? this.#end() : ok(whence === 'set' ? 0 : this.position)
    if (!end.ok) return end
    const position = BigInt(end.value) + offset
    if (position < 0n || position > MAX_OFFSET) return fail(Errno.INVAL)
    this.position = Number(position)
    return ok(position)
  }

  /** INVAL: not open for writing (ftruncate); BADF: a directory; FBIG: beyond `most`, as `write` has it. */
  truncate(size: number, most = Number.POSITIVE_INFINITY): Result<undefined> {
    if (this.isDirectory) return fail(Errno.BADF)
    if (!this.access.write || this.place === undefined) return fail(Errno.INVAL)
    if (size > Math.min(most, this.#ledger.io.fileSize)) return fail(Errno.FBIG)
    return this.place.vnode.truncate(size)
  }

  #end(): Result<number> {
    if (this.place === undefined || this.handle?.seekable !== true) return ok(0)
    const stat = this.place.vnode.stat()
    return stat.ok ? ok(stat.value.size) : stat
  }

  #transfer(
    direction: 'read' | 'write',
    handle: FileHandle,
    buffers: readonly Uint8Array[],
    start: number,
    most = Number.POSITIVE_INFINITY,
  ): Result<number> | Blocked {
    // Whatever NONBLOCK says: a stored file is always ready, only slow.
    const until = this.#stored ? this.#ledger.io.heldUntil(direction) : undefined
    if (until !== undefined) return { ...blocked(() => false, until), firm: true }
    let total = 0
    for (const whole of buffers) {
      if (whole.length === 0) continue
      const at = start + total
      const buffer = direction === 'write' ? this.#allowed(whole, at, most) : whole
      if (buffer.length === 0) return this.#settle(direction, total, fail(Errno.FBIG))
      const done = direction === 'write' ? handle.write(buffer, at) : handle.read(buffer, at)
      if (done.ok !== true) return this.#settle(direction, total, done)
      total += done.value
      if (done.value < whole.length) break
    }
    return this.#settle(direction, total, DONE)
  }

  /** A regular file that lies somewhere. */
  get #stored(): boolean {
    return this.type === 'regular' && this.place !== undefined && !this.place.vnode.fs.synthetic
  }

  /** As much of `buffer` as a file may hold from `at` on (RLIMIT_FSIZE). */
  #allowed(buffer: Uint8Array, at: number, most: number): Uint8Array {
    const fileSize = Math.min(most, this.#ledger.io.fileSize)
    if (at + buffer.length <= fileSize || !this.#stored) return buffer
    return buffer.subarray(0, Math.max(0, fileSize - at))
  }

  /** Bytes already moved beat the failure that stopped them: the guest meets it on its next call. */
  #settle(
    direction: 'read' | 'write',
    total: number,
    end: Result<unknown> | Blocked,
  ): Result<number> | Blocked {
    if (total > 0 || end.ok === true) {
      if (this.#stored) this.#ledger.io.count(direction, total)
      return ok(total)
    }
    if (end.ok === 'blocked') return this.nonblock ? fail(Errno.AGAIN) : end
    return end
  }
}
