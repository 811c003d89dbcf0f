import type { TimesHow } from '../../kernel/mount/path-operations.ts'
import type { FileStat, FileType } from '../../kernel/mount/vnode.ts'

/** `filetype` of the witx file. */
export const FILETYPE: Readonly<Record<FileType | 'unknown', number>> = {
  unknown: 0,
  'block-device': 1,
  'character-device': 2,
  directory: 3,
  regular: 4,
  socket: 6,
  symlink: 7,
  fifo: 0,
}

export const FILESTAT_BYTES = 64

/** `fstflags` of the witx file. */
const SET = { ACCESSED: 1, ACCESSED_NOW: 2, MODIFIED: 4, MODIFIED_NOW: 8 } as const
const ALL_FLAGS = 15

/** What a descriptor without a file tells of itself: a pipe, a standard stream. */
export const NO_STAT: FileStat = {
  device: 0,
  inode: 0,
  type: 'fifo',
  mode: 0o600,
  uid: 0,
  gid: 0,
  links: 1,
  size: 0,
  accessed: 0n,
  modified: 0n,
  changed: 0n,
}

/** @source witx `filestat`: dev@0 ino@8 filetype@16 nlink@24 size@32 atim@40 mtim@48 ctim@56 */
export function writeFilestat(out: DataView, stat: FileStat, filetype: number): void {
  out.setBigUint64(0, BigInt(stat.device), true)
  out.setBigUint64(8, BigInt(stat.inode), true)
  out.setUint8(16, filetype)
  out.setBigUint64(24, BigInt(stat.links), true)
  out.setBigUint64(32, BigInt(stat.size), true)
  out.setBigUint64(40, stat.accessed, true)
  out.setBigUint64(48, stat.modified, true)
  out.setBigUint64(56, stat.changed, true)
}

/** New times as the flags ask for them; undefined for flags that contradict each other. */
export function newTimes(
  accessed: bigint,
  modified: bigint,
  flags: number,
  now: bigint,
): TimesHow | undefined {
  if ((flags & ~ALL_FLAGS) !== 0) return undefined
  const both = (a: number, b: number): boolean => (flags & a) !== 0 && (flags & b) !== 0
  if (both(SET.ACCESSED, SET.ACCESSED_NOW) || both(SET.MODIFIED, SET.MODIFIED_NOW)) {
    return undefined
  }
  const chosen = (flags & (SET.ACCESSED | SET.MODIFIED)) !== 0
  const times: { accessed?: bigint; modified?: bigint; chosen: boolean } = { chosen }
  if ((flags & SET.ACCESSED) !== 0) times.accessed = BigInt.asUintN(64, accessed)
  if ((flags & SET.ACCESSED_NOW) !== 0) times.accessed = now
  if ((flags & SET.MODIFIED) !== 0) times.modified = BigInt.asUintN(64, modified)
  if ((flags & SET.MODIFIED_NOW) !== 0) times.modified = now
  return times
}
