import { describe, expect, it } from 'vitest'
import type { Step } from '../../../src/abi/preview1/call.ts'
import type { Row } from '../../../src/abi/preview1/row.ts'
import { PREVIEW1 } from '../../../src/abi/preview1/table.ts'
import { Errno } from '../../../src/contract/errno.ts'
import { directoryEntry, fileEntry, linkEntry, processOf } from '../../support/process.ts'

const ENTRIES = [
  directoryEntry('/dir'),
  fileEntry('/dir/file', 'hello'),
  linkEntry('/link', 'dir/file'),
  linkEntry('/loop', 'loop'),
]
type Name = keyof typeof PREVIEW1
const READ = 2n
const WRITE = 64n
const ROOT_FD = 3

function setup() {
  const process = processOf(ENTRIES)
  const run = (name: Name, ...args: (number | bigint)[]): Step => {
    const row: Row = PREVIEW1[name]
    return row.handler(process.call, ...(args as never[]))
  }
  /** Opens a path and answers its descriptor, or the errno as a negative number. */
  const open = (path: string, oflags = 0, rights = READ, fdflags = 0, lookup = 1): number => {
    const length = process.put(0, path)
    const errno = run('path_open', ROOT_FD, lookup, 0, length, oflags, rights, 0n, fdflags, 1_000)
    return errno === 0 ? process.view.getUint32(1_000, true) : -Number(errno)
  }
  /** One buffer at 2,000 of `length` bytes, listed at 1,900. */
  const iovec = (length: number): readonly [number, number] => {
    process.view.setUint32(1_900, 2_000, true)
    process.view.setUint32(1_904, length, true)
    return [1_900, 1]
  }
  return { ...process, run, open, iovec }
}

describe('arguments and environment', () => {
  it('are sized in UTF-8 bytes with a NUL each', () => {
    const { run, view } = setup()
    expect(run('args_sizes_get', 100, 104)).toBe(0)
    expect([view.getUint32(100, true), view.getUint32(104, true)]).toEqual([3, 5 + 7 + 1])
    expect(run('environ_sizes_get', 100, 104)).toBe(0)
    expect([view.getUint32(100, true), view.getUint32(104, true)]).toEqual([2, 7])
  })
  it('are written as pointers and bytes', () => {
    const { run, view, bytes } = setup()
    expect(run('environ_get', 100, 200)).toBe(0)
    expect([view.getUint32(100, true), view.getUint32(104, true)]).toEqual([200, 204])
    expect(Buffer.from(bytes.subarray(200, 207)).toString()).toBe('A=1\0B=\0')
    expect(bytes[207]).toBe(0x3f)
  })
})

describe('clock_time_get', () => {
  it('writes a little-endian u64 of nanoseconds and nothing else', () => {
    const { run, view, bytes } = setup()
    expect(run('clock_time_get', 0, 0n, 101)).toBe(0)
    expect(view.getBigUint64(101, true)).toBe(1_000_000_000n)
    expect([bytes[100], bytes[109]]).toEqual([0x3f, 0x3f])
  })
  it.each([
    ['an unknown clock', 9, 100, Errno.INVAL],
    ['an address one byte too far', 0, 4_089, Errno.FAULT],
    ['an address that arrived negative', 0, -8, Errno.FAULT],
  ])('fails for %s', (_, clock, out, errno) => {
    expect(setup().run('clock_time_get', clock, 0n, out)).toBe(errno)
  })
})

describe('path_open', () => {
  it.each<[string, string, number, bigint, number, number, number]>([
    ['a file', 'dir/file', 0, READ, 0, 1, 4],
    ['a file with no rights at all', 'dir/file', 0, 0n, 0, 1, 4],
    ['a directory', 'dir', 2, READ, 0, 1, 4],
    ['through a link', 'link', 0, READ, 0, 1, 4],
    ['a new file', 'new', 1, WRITE, 0, 1, 4],
    ['above the root, which is the root', '../dir/file', 0, READ, 0, 1, 4],
    ['nothing there', 'none', 0, READ, 0, 1, -Errno.NOENT],
    ['an empty path', '', 0, READ, 0, 1, -Errno.NOENT],
    ['a directory for writing', 'dir', 0, WRITE, 0, 1, -Errno.ISDIR],
    ['a file as a directory', 'dir/file', 2, READ, 0, 1, -Errno.NOTDIR],
    ['a file with a slash', 'dir/file/', 0, READ, 0, 1, -Errno.NOTDIR],
    ['below a file', 'dir/file/x', 0, READ, 0, 1, -Errno.NOTDIR],
    ['a new file with a slash', 'new/', 1, WRITE, 0, 1, -Errno.ISDIR],
    ['what must be new and is not', 'dir/file', 5, WRITE, 0, 1, -Errno.EXIST],
    ['a new file where a link stands', 'link', 5, WRITE, 0, 1, -Errno.EXIST],
    ['a link that is not followed', 'link', 0, READ, 0, 0, -Errno.LOOP],
    ['a link to itself', 'loop', 0, READ, 0, 1, -Errno.LOOP],
    ['a directory that is to be created', 'x', 3, READ, 0, 1, -Errno.INVAL],
    ['synchronous writes', 'dir/file', 0, READ, 16, 1, -Errno.NOTSUP],
    ['a NUL in the path', 'dir\0', 0, READ, 0, 1, -Errno.INVAL],
    ['a name of 256 bytes', 'n'.repeat(256), 0, READ, 0, 1, -Errno.NAMETOOLONG],
  ])('%s', (_, path, oflags, rights, fdflags, lookup, answer) => {
    expect(setup().open(path, oflags, rights, fdflags, lookup)).toBe(answer)
  })
  it('takes the lowest free number', () => {
    const { open, run } = setup()
    expect([open('dir'), open('dir')]).toEqual([4, 5])
    expect(run('fd_close', 4)).toBe(0)
    expect(open('dir')).toBe(4)
  })
})

describe('reading and writing', () => {
  it('reads bytes and their number', () => {
    const { open, run, iovec, bytes, view } = setup()
    const fd = open('dir/file')
    expect(run('fd_read', fd, ...iovec(9), 100)).toBe(0)
    expect(view.getUint32(100, true)).toBe(5)
    expect(Buffer.from(bytes.subarray(2_000, 2_006)).toString()).toBe('hello?')
    expect(run('fd_read', fd, ...iovec(9), 100)).toBe(0)
    expect(view.getUint32(100, true)).toBe(0)
  })
  it('copies a file of the image up when it is written, for those too that have it open', () => {
    const { open, run, iovec, bytes, put } = setup()
    const before = open('dir/file')
    const fd = open('dir/file', 0, WRITE)
    put(2_000, 'J')
    expect(run('fd_pwrite', fd, ...iovec(1), 0n, 100)).toBe(0)
    expect(run('fd_pread', before, ...iovec(5), 0n, 100)).toBe(0)
    expect(Buffer.from(bytes.subarray(2_000, 2_005)).toString()).toBe('Jello')
  })
  it('appends, whatever the offset, with APPEND', () => {
    const { open, run, iovec, put, view } = setup()
    const fd = open('dir/file', 0, READ | WRITE, 1)
    put(2_000, '!')
    expect(run('fd_pwrite', fd, ...iovec(1), 0n, 100)).toBe(0)
    expect(run('fd_filestat_get', fd, 200)).toBe(0)
    expect(view.getBigUint64(232, true)).toBe(6n)
  })
  it.each<[string, Name, (fd: number) => (number | bigint)[], number]>([
    ['a directory', 'fd_read', () => [ROOT_FD, 1_900, 0, 100], Errno.BADF],
    ['what is closed', 'fd_read', () => [99, 1_900, 0, 100], Errno.BADF],
    ['a list out of range', 'fd_read', (fd) => [fd, 4_095, 1, 100], Errno.FAULT],
    ['a count out of range', 'fd_read', (fd) => [fd, 1_900, 0, 4_095], Errno.FAULT],
    [
      'a file that is only read, to write no bytes',
      'fd_write',
      (fd) => [fd, 1_900, 0, 100],
      Errno.BADF,
    ],
    ['an offset of 2^63', 'fd_pread', (fd) => [fd, 1_900, 0, -1n, 100], Errno.INVAL],
    ['a seek before the start', 'fd_seek', (fd) => [fd, -1n, 0, 100], Errno.INVAL],
    ['a seek from nowhere', 'fd_seek', (fd) => [fd, 0n, 7, 100], Errno.INVAL],
    ['a seek in a directory', 'fd_seek', () => [ROOT_FD, 0n, 0, 100], Errno.BADF],
    ['unknown advice', 'fd_advise', (fd) => [fd, 0n, 0n, 6], Errno.INVAL],
    ['an allocation', 'fd_allocate', (fd) => [fd, 0n, 9n], Errno.NOTSUP],
    ['a size for a file that is only read', 'fd_filestat_set_size', (fd) => [fd, 1n], Errno.INVAL],
    ['a sync of a directory', 'fd_sync', () => [ROOT_FD], Errno.BADF],
    ['both times twice', 'fd_filestat_set_times', (fd) => [fd, 0n, 0n, 3], Errno.INVAL],
    ['synchronous flags', 'fd_fdstat_set_flags', (fd) => [fd, 16], Errno.INVAL],
    ['rights', 'fd_fdstat_set_rights', (fd) => [fd, 0n, 0n], Errno.NOTSUP],
    ['a renumber to what is closed', 'fd_renumber', (fd) => [fd, 50], Errno.BADF],
    ['a poll of nothing', 'poll_oneoff', () => [0, 0, 0, 100], Errno.INVAL],
    ['a file as a socket', 'sock_recv', (fd) => [fd, 0, 0, 0, 0, 0], Errno.NOTSOCK],
    ['a closed socket', 'sock_shutdown', () => [99, 1], Errno.BADF],
    ['a signal that WASI has not', 'proc_raise', () => [31], Errno.INVAL],
  ])('refuses %s (%s)', (_, name, args, errno) => {
    const { open, run } = setup()
    expect(run(name, ...args(open('dir/file')))).toBe(errno)
  })
})

describe('preopens', () => {
  it('are told by name, and end with BADF', () => {
    const { run, view, bytes } = setup()
    expect(run('fd_prestat_get', 3, 100)).toBe(0)
    expect([bytes[100], view.getUint32(104, true)]).toEqual([0, 1])
    expect(run('fd_prestat_dir_name', 3, 200, 1)).toBe(0)
    expect([bytes[200], bytes[201]]).toEqual([0x2f, 0x3f])
    expect(run('fd_prestat_dir_name', 3, 200, 0)).toBe(Errno.NAMETOOLONG)
    expect(run('fd_prestat_get', 4, 100)).toBe(Errno.BADF)
  })
  it('announce rights with which they can be opened again', () => {
    const { run, view, open } = setup()
    expect(run('fd_fdstat_get', 3, 100)).toBe(0)
    const rights = view.getBigUint64(108, true)
    expect(rights & (READ | WRITE)).toBe(0n)
    expect(open('.', 2, rights)).toBe(4)
    expect(view.getBigUint64(116, true)).toBe(2n ** 30n - 1n)
  })
})

describe('fd_readdir', () => {
  const names = (size: number) => {
    const { run, view, bytes } = setup()
    const found: string[] = []
    let cookie = 0n
    for (;;) {
      expect(run('fd_readdir', ROOT_FD, 2_000, size, cookie, 100)).toBe(0)
      const used = view.getUint32(100, true)
      let at = 2_000
      while (at + 24 <= 2_000 + used) {
        const length = view.getUint32(at + 16, true)
        if (at + 24 + length > 2_000 + used) break
        found.push(Buffer.from(bytes.subarray(at + 24, at + 24 + length)).toString())
        cookie = view.getBigUint64(at, true)
        at += 24 + length
      }
      if (used < size) return found
    }
  }
  it.each([1_000, 64, 40])('lists everything once through a buffer of %i bytes', (size) => {
    expect(names(size)).toEqual(['.', '..', 'dir', 'link', 'loop'])
  })
  it('has nothing behind its end, and is only for directories', () => {
    const { run, view, open } = setup()
    expect(run('fd_readdir', ROOT_FD, 2_000, 100, 99n, 100)).toBe(0)
    expect(view.getUint32(100, true)).toBe(0)
    expect(run('fd_readdir', open('dir/file'), 2_000, 100, 0n, 100)).toBe(Errno.NOTDIR)
  })
})
