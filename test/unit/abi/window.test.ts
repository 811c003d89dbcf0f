import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Step } from '../../../src/abi/preview1/call.ts'
import type { Row } from '../../../src/abi/preview1/row.ts'
import { PREVIEW1 } from '../../../src/abi/preview1/table.ts'
import { SNAPSHOT0 } from '../../../src/abi/snapshot0/table.ts'
import { WASMEDGE, WASMEDGE_SOCKETS } from '../../../src/abi/wasmedge/table.ts'
import { type Argument, applyAnswer, openWindow, packRequest } from '../../../src/abi/window.ts'
import {
  CALLS,
  type CallName,
  callable,
  plainOf,
  stateOf,
  TEXT_ADDRESSES,
} from '../../support/calls.ts'

const MEMORY = 4_096
const TABLES: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  wasi_snapshot_preview1: PREVIEW1,
  wasi_unstable: SNAPSHOT0,
  wasmedge: WASMEDGE,
}
const SOCKET_ARGUMENTS: Readonly<Record<keyof typeof WASMEDGE_SOCKETS, readonly number[]>> = {
  sock_open: [0, 0, 1_000],
  sock_bind: [4, 1_000, 80],
  sock_connect: [4, 1_000, 80],
  sock_listen: [4, 1],
  sock_accept: [4, 1_000],
  sock_setsockopt: [4, 0, 0, 1_000, 4],
  sock_getlocaladdr: [4, 1_000, 1_100, 1_200],
  sock_getpeeraddr: [4, 1_000, 1_100, 1_200],
  sock_getaddrinfo: [0, 0, 0, 0, 1_000, 1_100, 1, 1_200],
}
type Subject = ReturnType<typeof callable>

const locally = ({ call }: Subject, row: Row, args: readonly Argument[]): Step =>
  row.handler(call, ...(args as never[]))

/** As a caller on another thread makes it; one that needs no kernel is made where it is. */
function remotely(subject: Subject, row: Row, args: readonly Argument[]): Step {
  if (row.where === 'caller') return locally(subject, row, args)
  const { process, memory } = subject.call
  const window = openWindow(packRequest(memory, row.reach, args), row.reach, args)
  if (window === undefined) throw new Error('a request that its own side does not take')
  const step = row.handler({ process, memory: window.memory }, ...(args as never[]))
  if (typeof step === 'number') applyAnswer(memory, window.answer(step))
  return step
}

/** Everything a call does: its answer, the bytes, the tree, the descriptors, and what it costs. */
function both(row: Row, args: readonly Argument[], prepare: (subject: Subject) => void = () => {}) {
  return [locally, remotely].map((make) => {
    const subject = callable()
    prepare(subject)
    const step = make(subject, row, args)
    return {
      step: typeof step === 'number' ? step : 'blocked',
      memory: Buffer.from(subject.bytes).toString('latin1'),
      state: stateOf(subject),
      charged: subject.charged(),
      exit: subject.exit(),
    }
  })
}
function same(row: Row, args: readonly Argument[], prepare?: (subject: Subject) => void): void {
  const [local, remote] = both(row, args, prepare)
  expect(remote).toEqual(local)
}

const NAMES = Object.entries(TABLES).flatMap(([table, rows]) =>
  Object.entries(rows).map(([name, row]) => ({ table, name, row })),
)
function argumentsOf(table: string, name: string): readonly Argument[] {
  if (table === 'wasmedge' && Object.hasOwn(WASMEDGE_SOCKETS, name)) {
    return SOCKET_ARGUMENTS[name as keyof typeof WASMEDGE_SOCKETS] // looked up just before
  }
  return CALLS[name as CallName].map(plainOf) // all other rows are preview1's
}

const EDGES = [-1, -8, -(2 ** 31), 2 ** 31 - 1, MEMORY, MEMORY - 1, MEMORY - 4, 0, 1, 1_000, 1_025]

describe.each(NAMES)('$table $name on a window', ({ table, name, row }) => {
  const args = argumentsOf(table, name)

  it('does what it does on the memory itself', () => same(row, args))
  it('does so with each argument at each edge', () => {
    for (const [index, plain] of args.entries()) {
      for (const edge of EDGES) {
        same(row, args.with(index, typeof plain === 'bigint' ? BigInt(edge) : edge))
      }
    }
  })
  it('does so where its ranges overlap', () => {
    for (const index of args.keys()) {
      for (const other of args) {
        if (typeof args[index] === 'bigint' || typeof other === 'bigint') continue
        for (const by of [0, 1, 3]) same(row, args.with(index, other + by))
      }
    }
  })
  it('does so with any numbers', () => {
    const i32 = fc.oneof(
      { weight: 4, arbitrary: fc.nat(8) },
      { weight: 3, arbitrary: fc.constantFrom(...TEXT_ADDRESSES, 200, 304, 1_000, 2_000) },
      { weight: 2, arbitrary: fc.nat(64) },
      { weight: 1, arbitrary: fc.constantFrom(...EDGES) },
      { weight: 1, arbitrary: fc.integer() },
    )
    const i64 = fc.oneof(fc.bigInt({ min: 0n, max: 100n }), fc.constantFrom(-1n, 2n ** 53n + 1n))
    const any = fc.tuple(
      ...args.map((one) => (typeof one === 'bigint' ? i64 : fc.oneof(fc.constant(one), i32))),
    )
    fc.assert(
      fc.property(any, (drawn) => same(row, drawn)),
      { numRuns: 40 },
    )
  })
})

describe('lists of buffers on a window', () => {
  const LIST = 3_000
  /** A list whose buffers, and whose own place, may be anywhere, on top of each other too. */
  const lists = fc.array(
    fc.tuple(
      fc.oneof(fc.nat(4_095), fc.constantFrom(LIST, 1_000, 2_000)),
      fc.oneof(fc.nat(40), fc.nat(5_000)),
    ),
    { maxLength: 6 },
  )
  it.each(['fd_read', 'fd_write', 'fd_pread', 'fd_pwrite'] as const)('are the same: %s', (name) => {
    fc.assert(
      fc.property(lists, fc.constantFrom(1_000, LIST, LIST + 4, 2_002), (list, used) => {
        const plain = CALLS[name].map(plainOf).with(1, LIST).with(2, list.length)
        same(PREVIEW1[name], plain.with(-1, used), ({ view }) => {
          for (const [index, [at, length]] of list.entries()) {
            if (LIST + index * 8 + 8 > MEMORY) return
            view.setUint32(LIST + index * 8, at, true)
            view.setUint32(LIST + index * 8 + 4, length, true)
          }
        })
      }),
      { numRuns: 300 },
    )
  })
})

describe('a request that no caller of ours sends', () => {
  const args = CALLS.fd_write.map(plainOf)
  const { reach } = PREVIEW1.fd_write
  const sent = packRequest(callable().call.memory, reach, args)
  const changed = (change: (view: DataView) => void): Uint8Array => {
    const copy = sent.slice()
    change(new DataView(copy.buffer))
    return copy
  }
  it.each([
    ['is cut short', sent.subarray(0, sent.length - 1)],
    ['is empty', new Uint8Array()],
    ['has more bytes than it names', Uint8Array.from([...sent, 0])],
    ['names ranges that are not there', changed((view) => view.setUint32(8, 2_000, true))],
    ['names more ranges than there may be', changed((view) => view.setUint32(8, -1, true))],
    ['names a range outside of the memory', changed((view) => view.setUint32(12, -1, true))],
    ['has a memory that is larger than any', changed((view) => view.setFloat64(0, 2 ** 33, true))],
    ['has a memory of no size', changed((view) => view.setFloat64(0, Number.NaN, true))],
  ])('%s, and is refused', (_, request) => {
    expect(openWindow(request, reach, args)).toBeUndefined()
  })
  it('names less than the call reaches, and the call looks no further', () => {
    const window = openWindow(packRequest(callable().call.memory, [], args), [], args)
    expect(() => window?.memory.view(200, 8)).toThrow('beyond its reach')
  })
})
