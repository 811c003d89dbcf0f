import { Errno } from '../../contract/errno.ts'
import { statAt } from '../../kernel/mount/path-operations.ts'
import type { FileStat, FileType } from '../../kernel/mount/vnode.ts'
import type { CallContext } from '../preview1/call.ts'
import { follows, locate } from '../preview1/locate.ts'
import { NO_STAT } from '../preview1/stat.ts'

export const STAT_BYTES = 88
const BLOCK = 512
/** What one read or write is best made of. */
const PREFERRED_BYTES = 4_096

/** Linux's numbers of S_IFMT. @source inode(7) */
const TYPE_BITS: Readonly<Record<FileType, number>> = {
  fifo: 0o010000,
  'character-device': 0o020000,
  directory: 0o040000,
  'block-device': 0o060000,
  regular: 0o100000,
  symlink: 0o120000,
  socket: 0o140000,
}

/**
 * device@0 inode@8 rdev@16 size@24 accessed@32 modified@40 changed@48 blocks@56, of 64 bits each;
 * mode@64 links@68 uid@72 gid@76 block size@80.
 */
function writeStat({ memory }: CallContext, pointer: number, stat: FileStat): Errno {
  const view = memory.zeroed(pointer, STAT_BYTES)
  if (!view.ok) return view.errno
  const wide = [
    BigInt(stat.device),
    BigInt(stat.inode),
    BigInt(stat.rdev ?? 0),
    BigInt(stat.size),
    stat.accessed,
    stat.modified,
    stat.changed,
    BigInt(Math.ceil(stat.size / BLOCK)),
  ]
  for (const [index, word] of wide.entries()) view.value.setBigUint64(index * 8, word, true)
  const mode = TYPE_BITS[stat.type] | stat.mode
  const words = [mode, stat.links, stat.uid, stat.gid, PREFERRED_BYTES]
  for (const [index, word] of words.entries()) view.value.setUint32(64 + index * 4, word, true)
  return Errno.SUCCESS
}

/** A terminal without a name is a character device all the same. */
const TERMINAL_STAT: FileStat = { ...NO_STAT, type: 'character-device', mode: 0o620 }

/** @source fstat(2) */
export function fdStat(call: CallContext, fd: number, out: number): Errno {
  const file = call.process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  const { place, handle } = file.value
  const nameless = handle?.terminal === undefined ? NO_STAT : TERMINAL_STAT
  const stat = place?.vnode.stat() ?? { ok: true, value: nameless }
  return stat.ok ? writeStat(call, out, stat.value) : stat.errno
}

/** @source fstatat(2) */
export function pathStat(
  call: CallContext,
  fd: number,
  flags: number,
  pointer: number,
  length: number,
  out: number,
): Errno {
  const at = locate(call, fd, pointer, length)
  if (!at.ok) return at.errno
  const stat = statAt(call.process.walker, at.value.base, at.value.path, follows(flags))
  return stat.ok ? writeStat(call, out, stat.value) : stat.errno
}
