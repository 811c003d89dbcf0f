import { Errno } from '../../contract/errno.ts'
import type { OpenFile } from '../../kernel/mount/open-file.ts'
import { above, sameNode } from '../../kernel/mount/path-walk.ts'
import type { DirectoryEntry } from '../../kernel/mount/vnode.ts'
import { encodeText } from '../guest-memory.ts'
import { type CallContext, chargeBytes } from './call.ts'
import { FILETYPE } from './stat.ts'

const DIRENT_BYTES = 24
/** Host work per entry of a fresh listing, in units. */
const UNITS_PER_ENTRY = 16

/** `.` and `..` first, then what is there; `..` of a sandbox's top is itself. */
function snapshot(call: CallContext, file: OpenFile): readonly DirectoryEntry[] | undefined {
  const { place } = file
  if (place === undefined) return undefined
  const entries = place.vnode.list()
  if (!entries.ok) return undefined
  const { walker } = call.process
  const top = sameNode(place, walker.root) || file.preopen !== undefined
  const parent = top ? place.vnode : above(place).vnode
  call.process.charge(entries.value.length * UNITS_PER_ENTRY)
  return [
    { name: '.', inode: place.vnode.inode, type: 'directory' },
    { name: '..', inode: parent.inode, type: 'directory' },
    ...entries.value,
  ]
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
  if (!file.value.isDirectory) return Errno.NOTDIR
  const target = call.memory.view(buffer, length)
  if (!target.ok) return target.errno
  if (!call.memory.view(out, 4).ok) return Errno.FAULT
  const from = BigInt.asUintN(64, cookie)
  if (from === 0n || file.value.listing === undefined) {
    file.value.listing = snapshot(call, file.value)
  }
  const entries = file.value.listing
  if (entries === undefined) return Errno.NOENT
  const used = from >= BigInt(entries.length) ? 0 : fill(target.value, entries, Number(from))
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
