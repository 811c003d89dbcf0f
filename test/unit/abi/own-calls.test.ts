import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Step } from '../../../src/abi/preview1/call.ts'
import type { Row } from '../../../src/abi/preview1/row.ts'
import { type Argument, applyAnswer, openWindow, packRequest } from '../../../src/abi/window.ts'
import { type Pointer, plainOf, stateOf, TEXT_ADDRESSES } from '../../support/calls.ts'
import { errnoName } from '../../support/errno.ts'
import { OWN_CALLS, prepared } from '../../support/own-calls.ts'

const MEMORY = 4_096
const OUTSIDE = [-1, -8, -(2 ** 31), 0x7fff_ffff, MEMORY]
const PLACES = [...TEXT_ADDRESSES, 200, 1_000, 2_000, 3_000, 3_100, 3_200, 3_208, 3_300, 3_380]
const EDGES = [...OUTSIDE, MEMORY - 1, MEMORY - 4, 0, 1, 257, 1_025, 16_385]
type Subject = ReturnType<typeof prepared>

const locally = ({ call }: Subject, row: Row, args: readonly Argument[]): Step =>
  row.handler(call, ...(args as never[]))

/** As a caller on another thread makes it. */
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
const outcome = (make: typeof locally, row: Row, args: readonly Argument[]) => {
  const subject = prepared()
  const step = make(subject, row, args)
  const { signals, umask, workingDirectory, limits } = subject.call.process
  return {
    step: typeof step === 'number' ? errnoName(step) : 'blocked',
    memory: Buffer.from(subject.bytes).toString('latin1'),
    state: stateOf(subject),
    process: [umask, workingDirectory, signals.action(10), limits.get('openFiles')],
    charged: subject.charged(),
    exit: subject.exit(),
  }
}
function same(row: Row, args: readonly Argument[]): void {
  expect(outcome(remotely, row, args)).toEqual(outcome(locally, row, args))
}

const isPointer = (argument: unknown): argument is Pointer =>
  typeof argument === 'object' && argument !== null && 'at' in argument

describe.each(OWN_CALLS)('$table $name', ({ row, args, name }) => {
  const plain = args.map(plainOf)

  it('does on a window what it does on the memory itself', () => same(row, plain))
  it('does so with each argument at each edge', () => {
    for (const [index, one] of plain.entries()) {
      for (const edge of EDGES) {
        same(row, plain.with(index, typeof one === 'bigint' ? BigInt(edge) : edge))
      }
    }
  })
  it('does so where its ranges overlap', () => {
    for (const index of plain.keys()) {
      for (const other of plain) {
        if (typeof plain[index] === 'bigint' || typeof other === 'bigint') continue
        for (const by of [0, 1, 3]) same(row, plain.with(index, other + by))
      }
    }
  })
  it('does so with any numbers', () => {
    const i32 = fc.oneof(
      { weight: 4, arbitrary: fc.nat(8) },
      { weight: 3, arbitrary: fc.constantFrom(...PLACES) },
      { weight: 1, arbitrary: fc.constantFrom(...EDGES) },
      { weight: 1, arbitrary: fc.integer() },
    )
    const i64 = fc.oneof(fc.bigInt({ min: 0n, max: 100n }), fc.constantFrom(-1n, 2n ** 53n + 1n))
    const any = plain.map((one) =>
      typeof one === 'bigint' ? i64 : fc.oneof(fc.constant(one), i32),
    )
    fc.assert(
      fc.property(fc.tuple(...any), (drawn) => same(row, drawn)),
      { numRuns: 40 },
    )
  })
  it('answers FAULT for each pointer that leads outside, before it does anything', () => {
    for (const [index, argument] of args.entries()) {
      if (!isPointer(argument)) continue
      const subject = prepared()
      const before = { memory: subject.bytes.slice(), state: stateOf(subject) }
      for (const place of OUTSIDE) {
        const step = locally(subject, row, plain.with(index, place))
        expect([name, index, place, step]).toEqual([name, index, place, 21])
      }
      expect(subject.bytes).toEqual(before.memory)
      expect(stateOf(subject)).toEqual(before.state)
    }
  })
})
