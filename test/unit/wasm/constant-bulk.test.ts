import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Reader } from '../../../src/wasm/decode/reader.ts'
import { WEIGHTS } from '../../../src/wasm/decode/weights.ts'
import { DEFAULT_MODULE_LIMITS } from '../../../src/wasm/limits.ts'
import { functionEvents } from '../../../src/wasm/meter/events.ts'
import { i32 } from '../../support/wasm/encoding.ts'
import { instructionsOf } from '../../support/wasm/instructions.ts'
import { I32 } from '../../support/wasm-build.ts'

const NO_LOCALS = [0]
const TYPE = { params: [I32], results: [] }
const GET = [0x20, 0]
const END = 0x0b
const COPY = [0xfc, 10, 0, 0]
const FILL = [0xfc, 11, 0]

/** What a body costs in advance, as the pass sees it, and whether it has an instruction that is routed. */
function seen(body: readonly number[]): { readonly cost: number; readonly isRouted: boolean } {
  const bytes = Uint8Array.from([...NO_LOCALS, ...body])
  const reader = new Reader(bytes, 0, bytes.length)
  const { events } = functionEvents(reader, TYPE, [TYPE], DEFAULT_MODULE_LIMITS)
  const cost = events.reduce((sum, event) => sum + event.cost, 0)
  return { cost, isRouted: events.some(({ opcode }) => opcode.class === 'routed') }
}
/** The same cost as the reference sees it. */
const referenceOf = (body: readonly number[]): number =>
  [...instructionsOf(Uint8Array.from(body), 0, body.length)].reduce(
    (sum, { weight }) => sum + weight,
    0,
  )
const body = (length: readonly number[], operation: readonly number[]): number[] => [
  ...[...GET, ...GET, ...length, ...operation, END],
]
const ITSELF = 3 + WEIGHTS.bulk

describe.each([
  ['memory.copy', COPY],
  ['memory.fill', FILL],
])('%s', (_, operation) => {
  it.each([0, 1, 64, 4_096])('of a constant length, %i, weighs what it does', (length) => {
    const code = body(i32(length), operation)
    expect(seen(code)).toEqual({ cost: ITSELF + length, isRouted: false })
    expect(referenceOf(code)).toBe(ITSELF + length)
  })
  it.each([
    ['a long constant', i32(4_097)],
    ['a negative constant', i32(-1)],
    ['a local', GET],
  ])('of %s is paid for when it is done', (_name, length) => {
    const code = body(length, operation)
    expect(seen(code)).toEqual({ cost: ITSELF, isRouted: true })
    expect(referenceOf(code)).toBe(ITSELF)
  })
  it('of any constant length costs what the reference says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.integer({ min: -10, max: 5_000 })), (length) => {
        const code = body(i32(length), operation)
        expect(seen(code).cost).toBe(referenceOf(code))
      }),
    )
  })
})
