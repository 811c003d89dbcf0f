import { Errno } from '../../contract/errno.ts'
import { ok, type Result } from '../../contract/result.ts'
import type { OpenFile } from '../../kernel/mount/open-file.ts'
import { above, sameNode } from '../../kernel/mount/path-walk.ts'
import type { Place } from '../../kernel/mount/place.ts'
import type { DirectoryEntry } from '../../kernel/mount/vnode.ts'
import { encodeText } from '../guest-memory.ts'
import { type CallContext, chargeBytes } from './call.ts'
import { FILETYPE } from './stat.ts'

const DIRENT_BYTES = 24
/** Host work per entry of a fresh listing, in units. */
const UNITS_PER_ENTRY = 2_000

/** `.` and `..` first, then what is there; `..` of a sandbox's top is itself. */
function snapshot(
  call: CallContext,
  file: OpenFile,
  place: Place,
): Result<readonly DirectoryEntry[]> {
  const entries = place.vnode.list()
  if (!entries.ok) return entries
  const { walker } = call.process
  const top = sameNode(place, walker.root) || file.preopen !== undefined
  const parent = top ? place.vnode : above(place).vnode
  call.process.charge(entries.value.length * UNITS_PER_ENTRY)
  const listing: readonly DirectoryEntry[] = [
    { name: '.', inode: place.vnode.inode, type: 'directory' },
    { name: '..', inode: parent.inode, type: 'directory' },
    ...entries.value,
  ]
  const kept = file.keepListing(listing)
  return kept.ok ? ok(listing) : kept
}

/** One record: d_next@0 d_ino@8 d_namlen@16 d_type@20, then the name. */
function record({ name, inode, type }: DirectoryEntry, next: number): Uint8Array {
  const text = encodeText(name)
  const bytes = new Uint8Array(DIRENT_BYTES + text.length)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(next), true)
  view.setBigUint64(8, BigInt(inode), true)
  view.setUint32(16, text.length, true)
  view.setUint8(20, FILETYPE[type])
  bytes.set(text, DIRENT_BYTES)
  return bytes
}

/**
 * Fills the buffer to its end, cutting the last record: a full buffer means that more may follow.
 * The listing is taken at cookie 0 and kept with the open description, so that changes in between
 * neither skip nor repeat an entry.
 *
 * @source witx `fd_readdir`; the WASI reference, 1.6
 */
export function fdReaddir(
  call: CallContext,
  fd: number,
  buffer: number,
  length: number,
  cookie: bigint,
  out: number,
): Errno {
  const file = call.process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  const { place, isDirectory, listing } = file.value
  if (!isDirectory || place === undefined) return Errno.NOTDIR
  const target = call.memory.view(buffer, length)
  if (!target.ok) return target.errno
  if (!call.memory.covers(out, 4)) return Errno.FAULT
  const from = BigInt.asUintN(64, cookie)
  const known = from === 0n || listing === undefined ? undefined : ok(listing)
  const entries = known ?? snapshot(call, file.value, place)
  if (!entries.ok) return entries.errno
  const behind = from >= BigInt(entries.value.length)
  const used = behind ? 0 : fill(target.value, entries.value, Number(from))
  chargeBytes(call, used)
  return call.memory.writeU32(out, used)
}

function fill(target: Uint8Array, entries: readonly DirectoryEntry[], from: number): number {
  let used = 0
  for (let index = from; index < entries.length && used < target.length; index += 1) {
    const entry = entries[index]
    if (entry === undefined) break
    const bytes = record(entry, index + 1)
    const part = bytes.subarray(0, target.length - used)
    target.set(part, used)
    used += part.length
  }
  return used
}
