import type { OpenFile } from '../../kernel/mount/open-file.ts'
import type { Access } from '../../kernel/mount/vnode.ts'

/** Bits of `rights` in the witx file. They are announced, never enforced. */
const bit = (number: number): bigint => 1n << BigInt(number)
const RIGHT_READ = bit(1)
const RIGHT_WRITE = bit(6)
const SEEK = bit(2)
const TELL = bit(5)
const READDIR = bit(14)
const POLL = bit(27)
const ALL = bit(30) - 1n
const SOCKETS = bit(28) | bit(29)
const SIZE_BY_FD = bit(22)
const SIZE_BY_PATH = bit(19)

/** What only directories have: everything by path, and readdir. */
const BY_PATH =
  bit(9) |
  bit(10) |
  bit(11) |
  bit(12) |
  bit(13) |
  READDIR |
  bit(15) |
  bit(16) |
  bit(17) |
  bit(18) |
  SIZE_BY_PATH |
  bit(20) |
  bit(24) |
  bit(25) |
  bit(26)
const DIRECTORY =
  ALL & ~(RIGHT_READ | RIGHT_WRITE | SEEK | TELL | SIZE_BY_FD | SIZE_BY_PATH | SOCKETS)
const FILE = ALL & ~BY_PATH & ~SOCKETS
/** A device is no terminal: libc's isatty looks for what is missing here. */
const DEVICE = SEEK | TELL
const STREAM = POLL | bit(3) | bit(21) | bit(0) | bit(4)

/**
 * What `fd_fdstat_get` announces. wasi-libc asks for `wanted & parent.inheriting` at each open, so a
 * directory hands on everything; a directory's own bits must let a guest re-open `.` with them.
 *
 * @source the WASI reference, 1.3
 */
export function rightsOf(file: OpenFile): { readonly base: bigint; readonly inheriting: bigint } {
  if (file.isDirectory) return { base: DIRECTORY, inheriting: ALL }
  const { read, write } = file.access
  const mode = (read ? RIGHT_READ : 0n) | (write ? RIGHT_WRITE : 0n)
  if (file.handle?.seekable !== true) {
    const device = file.place !== undefined && file.handle?.terminal === undefined ? DEVICE : 0n
    return { base: STREAM | mode | device, inheriting: 0n }
  }
  return { base: (FILE & ~(RIGHT_READ | RIGHT_WRITE)) | mode, inheriting: 0n }
}

const READ_BIT = 2
const WRITE_BIT = 64

/**
 * The mode that `rights` ask for: writing alone, both, or reading. As a small number, because each
 * sum of 64-bit ones makes an object, and every open comes through here.
 */
export function accessOf(rights: bigint): Access {
  const low = Number(BigInt.asUintN(32, rights))
  const write = (low & WRITE_BIT) !== 0
  return { read: !write || (low & READ_BIT) !== 0, write }
}
