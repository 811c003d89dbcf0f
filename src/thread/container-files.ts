import { Errno } from '../contract/errno.ts'
import { DONE, fail, ok, type Result } from '../contract/result.ts'
import type { Ledger } from '../kernel/cgroup/ledger.ts'
import type { OpenFile } from '../kernel/mount/open-file.ts'
import { createDirectoryAt, type OpenHow, openAt } from '../kernel/mount/path-operations.ts'
import { walkTo } from '../kernel/mount/path-walk.ts'
import type { Place, Walker } from '../kernel/mount/place.ts'
import { joinBytes } from '../std/join-bytes.ts'

const READ: OpenHow = {
  access: { read: true, write: false },
  create: false,
  exclusive: false,
  truncate: false,
  directory: false,
  follow: true,
  append: false,
  nonblock: true,
  mode: 0,
}
const WRITE: OpenHow = {
  ...READ,
  access: { read: false, write: true },
  create: true,
  truncate: true,
}
const PIECE = 65_536

/** All bytes of a file in a container. INVAL: not a regular file. FBIG: it has more than `most` bytes. */
export function readWhole(
  walker: Walker,
  path: string,
  ledger: Ledger,
  most = Number.POSITIVE_INFINITY,
): Result<Uint8Array> {
  const opened = openAt(walker, walker.root, path, READ, ledger)
  if (!opened.ok) return opened
  const file = opened.value
  const whole = file.type === 'regular' ? readPieces(file, most) : fail(Errno.INVAL)
  file.release()
  return whole
}

function sizeOf({ place }: OpenFile): number {
  const stat = place?.vnode.stat()
  return stat?.ok === true ? stat.value.size : 0
}

function readPieces(file: OpenFile, most: number): Result<Uint8Array> {
  const size = sizeOf(file)
  // Before any of it is read: a sparse file has more bytes than anybody paid for.
  if (size > most) return fail(Errno.FBIG)
  const pieces: Uint8Array[] = []
  let length = 0
  // One byte more than it should have: then its end is seen without a second array.
  let next = size > 0 ? size + 1 : PIECE
  for (;;) {
    const piece = new Uint8Array(Math.min(next, PIECE, most - length + 1))
    const count = file.read([piece])
    if (count.ok !== true) return count.ok === false ? count : fail(Errno.IO)
    if (count.value === 0) break
    length += count.value
    if (length > most) return fail(Errno.FBIG)
    pieces.push(piece.subarray(0, count.value))
    if (count.value < piece.length) break
    next = PIECE
  }
  return ok(joinBytes(pieces, length))
}

/** Makes what is missing of the absolute `path`. What cannot be made, the next step will not find. */
function makeDirectories(walker: Walker, path: string): void {
  const names = path.split('/').filter((name) => name !== '')
  for (let depth = 1; depth <= names.length; depth += 1) {
    createDirectoryAt(walker, walker.root, `/${names.slice(0, depth).join('/')}`, 0o755)
  }
}

/** Writes a file into a container, with the directories above it where they are missing. */
export function writeWhole(
  walker: Walker,
  path: string,
  bytes: Uint8Array,
  mode: number,
  ledger: Ledger,
): Result<undefined> {
  const how: OpenHow = { ...WRITE, mode }
  let file = openAt(walker, walker.root, path, how, ledger)
  if (!file.ok && file.errno === Errno.NOENT) {
    makeDirectories(walker, path.slice(0, path.lastIndexOf('/')))
    file = openAt(walker, walker.root, path, how, ledger)
  }
  if (!file.ok) return file
  let at = 0
  while (at < bytes.length) {
    const count = file.value.write([bytes.subarray(at)])
    if (count.ok !== true || count.value === 0) {
      file.value.release()
      return count.ok === false ? count : fail(Errno.IO)
    }
    at += count.value
  }
  file.value.release()
  return DONE
}

/** The directory at `path`; undefined when there is none. */
export function directoryAt(walker: Walker, path: string): Place | undefined {
  const place = walkTo(walker, walker.root, path, true)
  return place.ok && place.value.vnode.type === 'directory' ? place.value : undefined
}

/** The directory at `path`, made when it is missing; undefined when that is impossible. */
export function makeDirectory(walker: Walker, path: string): Place | undefined {
  makeDirectories(walker, path)
  return directoryAt(walker, path)
}
