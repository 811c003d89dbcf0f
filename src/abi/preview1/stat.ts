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

/** How a table of calls writes a `filestat`. */
export interface FilestatLayout {
  readonly bytes: number
  /** Into zeroed bytes. */
  write(out: DataView, stat: FileStat, filetype: number): void
}

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

/** dev@0 ino@8 filetype@16, the same in both; then size and three times from `at`. */
function writeCommon(out: DataView, stat: FileStat, filetype: number, at: number): void {
  setWhole(out, 0, stat.device)
  setWhole(out, 8, stat.inode)
  out.setUint8(16, filetype)
  setWhole(out, at, stat.size)
  out.setBigUint64(at + 8, stat.accessed, true)
  out.setBigUint64(at + 16, stat.modified, true)
  out.setBigUint64(at + 24, stat.changed, true)
}

const WORD = 2 ** 32

/** A whole number as 64 bits: without the bigint, which would be an object. */
function setWhole(out: DataView, at: number, value: number): void {
  out.setUint32(at, value % WORD, true)
  out.setUint32(at + 4, value / WORD, true)
}

/** nlink@24 size@32 atim@40 mtim@48 ctim@56. @source witx `filestat` */
export const PREVIEW1_FILESTAT: FilestatLayout = {
  bytes: 64,
  write: (out, stat, filetype) => {
    writeCommon(out, stat, filetype, 32)
    setWhole(out, 24, stat.links)
  },
}

/** nlink is 32 bits, at 20; size@24 atim@32 mtim@40 ctim@48. @source the WASI reference, 2.1 */
export const SNAPSHOT0_FILESTAT: FilestatLayout = {
  bytes: 56,
  write: (out, stat, filetype) => {
    writeCommon(out, stat, filetype, 24)
    out.setUint32(20, stat.links, true)
  },
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
