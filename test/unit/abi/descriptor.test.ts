import { describe, expect, it } from 'vitest'
import type { Row } from '../../../src/abi/preview1/row.ts'
import { PREVIEW1 } from '../../../src/abi/preview1/table.ts'
import { OpenFile } from '../../../src/kernel/mount/open-file.ts'
import { inputHandle } from '../../../src/kernel/process/stream-handle.ts'
import { CALLS, type CallName, callable, plainOf } from '../../support/calls.ts'
import { errnoName, must } from '../../support/errno.ts'

function setup() {
  const process = callable()
  const run = (name: CallName, ...args: (number | bigint)[]): string => {
    const row: Row = PREVIEW1[name]
    const step = row.handler(process.call, ...(args as never[]))
    if (typeof step !== 'number') return 'blocked'
    return step === 0 ? 'ok' : errnoName(step)
  }
  const open = (path: string, rights: bigint, oflags = 0): number => {
    const length = process.put(3_000, path)
    const opened = run('path_open', 3, 1, 3_000, length, oflags, rights, 0n, 0, 3_200)
    if (opened !== 'ok') throw new Error(`${path}: ${opened}`)
    return process.view.getUint32(3_200, true)
  }
  return { ...process, run, open }
}

const bit = (number: number): bigint => 1n << BigInt(number)
/** The names of the bits of `rights`, in the order of the witx file. */
const RIGHTS = (
  'datasync read seek set_flags sync tell write advise allocate create_directory create_file ' +
  'link_source link_target open readdir readlink rename_source rename_target path_stat path_size ' +
  'path_times fd_stat fd_size fd_times symlink remove_directory unlink poll shutdown accept'
).split(' ')
const namesOf = (bits: bigint) => RIGHTS.filter((_, index) => (bits & bit(index)) !== 0n)

describe('the rights that are announced', () => {
  const announced = (fd: number, { run, view } = setup()) => {
    expect(run('fd_fdstat_get', fd, 1_000)).toBe('ok')
    const base = view.getBigUint64(1_008, true)
    return { type: view.getUint8(1_000), base: namesOf(base), all: view.getBigUint64(1_016, true) }
  }
  it('of a directory let it be opened again with them, and hand on everything', () => {
    const { base, all } = announced(3)
    expect(all).toBe(bit(30) - 1n)
    for (const never of ['read', 'write', 'seek', 'tell', 'fd_size', 'path_size']) {
      expect(base).not.toContain(never)
    }
    const always =
      'create_directory create_file link_source link_target open readdir readlink rename_source ' +
      'rename_target symlink remove_directory unlink path_stat path_times fd_stat fd_times'
    expect(base).toEqual(expect.arrayContaining(always.split(' ')))
  })
  it.each([
    ['reading', bit(1), true, false],
    ['nothing', 0n, true, false],
    ['writing', bit(6), false, true],
    ['both', bit(1) | bit(6), true, true],
  ])('of a file follow what it was opened for: %s', (_, rights, reads, writes) => {
    const process = setup()
    const { base, type } = announced(process.open('other', rights), process)
    expect([type, base.includes('read'), base.includes('write')]).toEqual([4, reads, writes])
    expect(base).toEqual(expect.arrayContaining(['seek', 'tell', 'fd_size', 'fd_times', 'advise']))
    expect(base.filter((name) => name.startsWith('path_') || name === 'open')).toEqual([])
  })
  it.each([
    [0, ['read'], ['write']],
    [1, ['write'], ['read']],
    [2, ['write'], ['read']],
  ])('of stream %i make it no terminal and no file', (fd, has, lacks) => {
    const { base, type } = announced(fd)
    expect(type).toBe(0)
    expect(base).toEqual(expect.arrayContaining([...has, 'poll']))
    for (const name of [...lacks, 'seek', 'tell']) expect(base).not.toContain(name)
  })
})

/** What each call on a descriptor answers for a directory and for a stream. */
const ODD: Readonly<Partial<Record<CallName, readonly [directory: string, stream: string]>>> = {
  fd_advise: ['BADF', 'SPIPE'],
  fd_allocate: ['BADF', 'NOTSUP'],
  fd_datasync: ['BADF', 'INVAL'],
  fd_fdstat_get: ['ok', 'ok'],
  fd_fdstat_set_flags: ['BADF', 'ok'],
  fd_fdstat_set_rights: ['NOTSUP', 'NOTSUP'],
  fd_filestat_get: ['ok', 'ok'],
  fd_filestat_set_size: ['BADF', 'INVAL'],
  fd_filestat_set_times: ['ok', 'BADF'],
  fd_pread: ['BADF', 'BADF'],
  fd_prestat_get: ['ok', 'BADF'],
  fd_prestat_dir_name: ['ok', 'NOTDIR'],
  fd_pwrite: ['BADF', 'SPIPE'],
  fd_read: ['BADF', 'BADF'],
  fd_readdir: ['ok', 'NOTDIR'],
  fd_renumber: ['ok', 'ok'],
  fd_seek: ['BADF', 'SPIPE'],
  fd_sync: ['BADF', 'INVAL'],
  fd_tell: ['BADF', 'SPIPE'],
  fd_write: ['BADF', 'ok'],
  fd_close: ['ok', 'ok'],
  sock_accept: ['NOTSOCK', 'NOTSOCK'],
  sock_recv: ['NOTSOCK', 'NOTSOCK'],
  sock_send: ['NOTSOCK', 'NOTSOCK'],
  sock_shutdown: ['NOTSOCK', 'NOTSOCK'],
}
// The keys of a mapped type are its names.
const ON_DESCRIPTORS = (Object.keys(CALLS) as CallName[]).filter((name) => /^(fd|sock)_/.test(name))

it('the table of odd descriptors has every call that takes one', () => {
  expect(Object.keys(ODD).toSorted()).toEqual([...ON_DESCRIPTORS].toSorted())
})
it.each(ON_DESCRIPTORS)('%s on a directory, a stream and nothing', (name) => {
  const args = CALLS[name].map(plainOf)
  const answers = [3, 1].map((fd) => setup().run(name, ...args.with(0, fd)))
  expect(answers).toEqual(ODD[name])
  for (const nothing of [50, -1, -(2 ** 31), 0x7fff_ffff]) {
    expect(setup().run(name, ...args.with(0, nothing))).toBe('BADF')
  }
})

describe('fd_renumber', () => {
  it('moves over preopens and streams, and releases what stood there', () => {
    const { run, call } = setup()
    const { ledger, fds } = call.process
    const before = ledger.used('fds')
    expect(run('fd_renumber', 4, 3)).toBe('ok')
    expect(run('fd_prestat_get', 3, 1_000)).toBe('BADF')
    expect(run('fd_renumber', 3, 1)).toBe('ok')
    expect(run('fd_tell', 1, 1_000)).toBe('ok')
    expect([...fds.entries()].map(([fd]) => fd)).toEqual([0, 1, 2])
    expect(ledger.used('fds')).toBe(before - 2)
  })
  it('is nothing from a number to itself, and needs both to be open', () => {
    const { run } = setup()
    expect(run('fd_renumber', 4, 4)).toBe('ok')
    expect(run('fd_renumber', 4, 9)).toBe('BADF')
    expect(run('fd_renumber', 9, 4)).toBe('BADF')
    expect(run('fd_tell', 4, 1_000)).toBe('ok')
  })
  it('leaks nothing in a long chain', () => {
    const { run, open, call } = setup()
    const before = call.process.ledger.held()
    for (let turn = 0; turn < 2_000; turn += 1) {
      const fd = open('other', bit(1))
      expect(fd).toBe(5)
      expect(run('fd_renumber', fd, 4)).toBe('ok')
    }
    expect(call.process.ledger.held()).toEqual(before)
  })
})

it('preopens and streams may be closed; the numbers are free, the search ends', () => {
  const { run, open } = setup()
  for (const fd of [0, 1, 2, 3]) expect(run('fd_close', fd)).toBe('ok')
  for (const fd of [0, 1, 2, 3]) expect(run('fd_prestat_get', fd, 1_000)).toBe('BADF')
  expect(() => open('other', bit(1))).toThrow('BADF')
})

describe('fd_fdstat_set_flags', () => {
  it('makes a stream that has nothing say AGAIN, and wait again', () => {
    const { run } = setup()
    const read = () => run('fd_read', 0, 200, 1, 1_000)
    expect(read()).toBe('blocked')
    expect(run('fd_fdstat_set_flags', 0, 4)).toBe('ok')
    expect(read()).toBe('AGAIN')
    expect(run('fd_fdstat_set_flags', 0, 0)).toBe('ok')
    expect(read()).toBe('blocked')
  })
  it.each([2, 8, 16, 32, 1 | 16])('refuses %i and keeps the flags there are', (flags) => {
    const { run, view } = setup()
    run('fd_fdstat_set_flags', 4, 1)
    expect(run('fd_fdstat_set_flags', 4, flags)).toBe('INVAL')
    run('fd_fdstat_get', 4, 1_000)
    expect(view.getUint16(1_002, true)).toBe(1)
  })
})

it('no bytes written behind the end do not extend a file', () => {
  const { run, view } = setup()
  view.setUint32(204, 0, true)
  expect(run('fd_pwrite', 4, 200, 1, 100n, 1_000)).toBe('ok')
  run('fd_filestat_get', 4, 1_000)
  expect(view.getBigUint64(1_032, true)).toBe(5n)
})

it('times that contradict each other change nothing, on a path and on a descriptor', () => {
  const { run, view } = setup()
  const modified = () => {
    run('fd_filestat_get', 4, 1_000)
    return view.getBigUint64(1_048, true)
  }
  const before = modified()
  for (const flags of [3, 12, 15, 16, 17]) {
    expect(run('fd_filestat_set_times', 4, 1n, 1n, flags)).toBe('INVAL')
    expect(run('path_filestat_set_times', 3, 1, 0, 8, 1n, 1n, flags)).toBe('INVAL')
  }
  expect(run('fd_filestat_set_times', 4, 1n, 1n, 0)).toBe('ok')
  expect(modified()).toBe(before)
  expect(run('path_filestat_set_times', 3, 1, 0, 8, 0n, 1_234_567_890_123_456_789n, 4)).toBe('ok')
  expect(modified()).toBe(1_234_567_890_123_456_789n)
})

it('a link is read up to the buffer, also through the middle of a letter', () => {
  const { run, put, view, bytes } = setup()
  const length = put(3_000, 'aü')
  expect(run('path_symlink', 3_000, length, 3, 16, 3)).toBe('ok')
  for (const [size, shown] of [
    [0, [0x3f, 0x3f, 0x3f]],
    [2, [0x61, 0xc3, 0x3f]],
    [9, [0x61, 0xc3, 0xbc]],
  ] as const) {
    bytes.fill(0x3f, 1_100, 1_110)
    expect(run('path_readlink', 3, 16, 3, 1_100, size, 1_000)).toBe('ok')
    expect(view.getUint32(1_000, true)).toBe(Math.min(size, 3))
    expect([...bytes.subarray(1_100, 1_103)]).toEqual(shown)
  }
})

it('the end of an input is the end for ever', () => {
  const { run, call, view } = setup()
  const { fds, ledger } = call.process
  fds.close(0)
  const handle = inputHandle({ read: () => 0, available: () => -1 })
  const access = { read: true, write: false }
  must(fds.add(new OpenFile({ type: 'unknown', access, handle, place: undefined, ledger })))
  for (let turn = 0; turn < 3; turn += 1) {
    expect(run('fd_read', 0, 200, 1, 1_000)).toBe('ok')
    expect(view.getUint32(1_000, true)).toBe(0)
  }
})
