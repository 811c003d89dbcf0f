import { describe, expect, it } from 'vitest'
import type { Step } from '../../../src/abi/preview1/call.ts'
import type { Row } from '../../../src/abi/preview1/row.ts'
import { PREVIEW1 } from '../../../src/abi/preview1/table.ts'
import { SNAPSHOT0 } from '../../../src/abi/snapshot0/table.ts'
import {
  type Argument,
  CALLS,
  type CallName,
  callable,
  type Pointer,
  plainOf,
  stateOf,
} from '../../support/calls.ts'
import { errnoName } from '../../support/errno.ts'

const MEMORY = 4_096
/** The last address and the greatest number, negative ones, 2^31, the end. */
const OUTSIDE = [-1, 0xffff_ffff, -8, -(2 ** 31), 0x7fff_ffff, MEMORY]
const TABLES: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  wasi_snapshot_preview1: PREVIEW1,
  wasi_unstable: SNAPSHOT0,
}
/** Structures that are smaller or larger in snapshot 0. */
const OLD_BYTES: Readonly<Partial<Record<CallName, Readonly<Record<number, number>>>>> = {
  fd_filestat_get: { 64: 56 },
  path_filestat_get: { 64: 56 },
  poll_oneoff: { 48: 56 },
}

function invoke(table: string, name: string, args: readonly (number | bigint)[], at = callable()) {
  const row = TABLES[table]?.[name]
  if (row === undefined) throw new Error(`no ${name} in ${table}`)
  return row.handler(at.call, ...(args as never[]))
}
const answer = (step: Step): string =>
  typeof step === 'number' ? (step === 0 ? 'ok' : errnoName(step)) : 'blocked'

interface PointerCase {
  readonly table: string
  readonly name: CallName
  readonly index: number
  readonly pointer: Pointer
}
// The keys of a mapped type are its names.
const NAMES = Object.keys(CALLS) as CallName[]
const POINTERS: readonly PointerCase[] = Object.keys(TABLES).flatMap((table) =>
  NAMES.flatMap((name) =>
    CALLS[name].flatMap((argument: Argument, index) => {
      if (typeof argument !== 'object' || !('at' in argument)) return []
      const bytes = OLD_BYTES[name]?.[argument.bytes]
      const own = table === 'wasi_unstable' && bytes !== undefined
      return [{ table, name, index, pointer: own ? { ...argument, bytes } : argument }]
    }),
  ),
)

it('the generated cases cover every call that takes a pointer', () => {
  const names = new Set(POINTERS.map(({ name }) => name))
  const without = NAMES.filter((name) => !names.has(name))
  // Calls whose arguments are numbers; and those on sockets, which answer before they look.
  expect(without).toEqual(
    NAMES.filter((name) =>
      /^(fd_(advise|allocate|close|(data)?sync|fdstat_set|filestat_set|renumber)|proc|sched|sock)/.test(
        name,
      ),
    ),
  )
})

describe.each(POINTERS)('$table $name, pointer $index', ({ table, name, index, pointer }) => {
  const args = CALLS[name].map(plainOf)

  it('succeeds with its arguments as they are', () => {
    expect(answer(invoke(table, name, args))).toBe('ok')
  })
  it('answers FAULT anywhere outside, and changes nothing', () => {
    const process = callable()
    const short = MEMORY - pointer.bytes + 1
    // What is there of it is as it should be: only the last byte is missing.
    if (pointer.reads) process.bytes.copyWithin(short, pointer.at, pointer.at + pointer.bytes)
    const before = { memory: process.bytes.slice(), state: stateOf(process) }
    for (const place of [...OUTSIDE, short]) {
      const step = answer(invoke(table, name, args.with(index, place), process))
      expect([place, step]).toEqual([place, 'FAULT'])
    }
    expect(process.bytes).toEqual(before.memory)
    expect(stateOf(process)).toEqual(before.state)
  })
  it('in the very last bytes of memory is as good as anywhere', () => {
    const process = callable()
    const place = MEMORY - pointer.bytes
    if (pointer.reads) process.bytes.copyWithin(place, pointer.at, pointer.at + pointer.bytes)
    expect(answer(invoke(table, name, args.with(index, place), process))).toBe('ok')
  })
})

const LENGTHS = NAMES.flatMap((name) =>
  CALLS[name].flatMap((argument, index) =>
    typeof argument === 'object' && 'length' in argument ? [{ name, index }] : [],
  ),
)
describe.each(LENGTHS)('$name, length $index', ({ name, index }) => {
  it('is refused when it leads outside', () => {
    const process = callable()
    const before = stateOf(process)
    for (const value of [-1, -(2 ** 31), 0x7fff_ffff, MEMORY + 1]) {
      const args = CALLS[name].map(plainOf).with(index, value)
      const step = answer(invoke('wasi_snapshot_preview1', name, args, process))
      // A longer buffer than the name of a preopen is no mistake.
      if (name === 'fd_prestat_dir_name') expect(step).toBe('ok')
      else expect(['FAULT', 'INVAL', 'NAMETOOLONG', 'NOMEM']).toContain(step)
    }
    expect(stateOf(process)).toEqual(before)
  })
})

const WIDE = NAMES.flatMap((name) =>
  CALLS[name].flatMap((argument, index) => (typeof argument === 'bigint' ? [{ name, index }] : [])),
)
/** H23: what they answer to the edges of 64 bits; '-' where any number is fine. */
const EDGES: Readonly<Partial<Record<CallName, string>>> = {
  fd_seek: 'INVAL',
  fd_pread: 'INVAL',
  fd_pwrite: 'INVAL',
  fd_allocate: 'NOTSUP',
  fd_fdstat_set_rights: 'NOTSUP',
}
describe.each(WIDE)('$name, 64-bit number $index', ({ name, index }) => {
  it.each([2n ** 53n + 1n, -1n, -(2n ** 63n), 2n ** 63n - 1n])('takes %i', (value) => {
    const args = CALLS[name].map(plainOf).with(index, value)
    const step = answer(invoke('wasi_snapshot_preview1', name, args))
    if (name === 'fd_filestat_set_size') expect(['FBIG', 'INVAL']).toContain(step)
    else expect(step).toBe(EDGES[name] ?? 'ok')
  })
})

describe('lists of buffers', () => {
  const write = (
    count: number,
    fill: (process: ReturnType<typeof callable>) => void = () => {},
  ) => {
    const process = callable()
    fill(process)
    const args = CALLS.fd_write.map(plainOf).with(2, count)
    return answer(invoke('wasi_snapshot_preview1', 'fd_write', args, process))
  }
  it('of 2^32-1 or 1,025 entries are refused at once', () => {
    expect([write(-1), write(1_025)]).toEqual(['INVAL', 'INVAL'])
  })
  it('of empty buffers anywhere write nothing', () => {
    const nowhere = (process: ReturnType<typeof callable>) => {
      for (let entry = 0; entry < 100; entry += 1) {
        process.view.setUint32(200 + entry * 8, 0xffff_fff0, true)
        process.view.setUint32(204 + entry * 8, 0, true)
      }
    }
    expect(write(100, nowhere)).toBe('ok')
  })
  it('are refused when their sum wraps', () => {
    const wrapping = (process: ReturnType<typeof callable>) => {
      process.view.setUint32(204, 0xffff_ffff, true)
    }
    expect(write(1, wrapping)).toBe('FAULT')
  })
})
