import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OPCODES } from '../../../src/wasm/decode/opcodes.ts'
import { Reader } from '../../../src/wasm/decode/reader.ts'
import { WEIGHTS } from '../../../src/wasm/decode/weights.ts'
import { DEFAULT_MODULE_LIMITS } from '../../../src/wasm/limits.ts'
import { functionEvents } from '../../../src/wasm/meter/events.ts'
import { instructionsOf } from '../../support/wasm/instructions.ts'
import { I32 } from '../../support/wasm-build.ts'

const BRANCH_IF = 0x0d
const END = 0x0b
const LOOP = [0x03, 0x40]
const BLOCK = [0x02, 0x40]
const NO_LOCALS = [0]
const TYPE = { params: [I32], results: [] }

/** What the first br_if of a body costs, as the pass sees it. The pass does not ask whether it is valid. */
function weightOf(body: readonly number[]): number | undefined {
  const bytes = Uint8Array.from([...NO_LOCALS, ...body])
  const reader = new Reader(bytes, 0, bytes.length)
  const { events } = functionEvents(reader, TYPE, [TYPE], DEFAULT_MODULE_LIMITS)
  return events.find(({ opcode }) => opcode.class === 'br-if')?.opcode.weight
}
/** The same as the reference sees it. */
const referenceOf = (body: readonly number[]): number | undefined =>
  [...instructionsOf(Uint8Array.from(body), 0, body.length)].find(
    ({ opcode }) => opcode.class === 'br-if',
  )?.weight

const around = (label: readonly number[], condition: readonly number[]): number[] => [
  ...[...label, ...condition, BRANCH_IF, 0, END, END],
]
const [GET, SET, TEE, ONE, ONE_64] = [
  [0x20, 0],
  [0x21, 0],
  [0x22, 0],
  [0x41, 1],
  [0x42, 1],
]
const STEP = [...GET, ...ONE, 0x6a, ...TEE]
const LOAD = [...GET, 0x28, 2, 0]

describe('a branch back that counts', () => {
  it.each([
    ['on a local that was stepped', STEP],
    ['on one that was stepped down', [...GET, ...ONE, 0x6b, ...TEE]],
    [
      'on one of 64 bits, compared with a constant',
      [...GET, ...ONE_64, 0x7c, ...TEE, ...ONE_64, 0x52],
    ],
    ['on one of 64 bits, stepped down', [...GET, ...ONE_64, 0x7d, ...TEE, 0x50]],
    ['until it is not zero', [...STEP, 0x45]],
    ['until it is a constant', [...STEP, ...ONE, 0x47]],
    ['until it is a local', [...STEP, ...GET, 0x48]],
    ['until it is what was on the stack', [...LOAD, ...STEP, 0x47]],
  ])('%s costs less', (_, condition) => {
    expect(weightOf(around(LOOP, condition))).toBe(WEIGHTS.countedBranch)
    expect(weightOf(around(BLOCK, condition))).toBe(WEIGHTS.branch)
  })
  it.each([
    ['on a local', GET],
    ['on a constant', ONE],
    ['on what was loaded', LOAD],
    ['on a local that was stepped and read again', [...GET, ...ONE, 0x6a, ...SET, ...GET]],
    ['on one that was stepped by a local', [...GET, ...GET, 0x6a, ...TEE]],
    ['on one that was multiplied', [...GET, ...ONE, 0x6c, ...TEE]],
    ['on another local behind it', [...STEP, ...GET]],
    ['until another local is zero', [...STEP, ...GET, 0x45]],
    ['until it is what is loaded then', [...STEP, ...LOAD, 0x47]],
  ])('%s does not', (_, condition) => {
    expect(weightOf(around(LOOP, condition))).toBe(WEIGHTS.branch)
  })
  it('is the same for the reference, whatever stands in front of it', () => {
    const bare = [...OPCODES].filter(([code, one]) => code < 0x100 && one.immediate === 'none')
    const anything = bare.filter(([, one]) => one.class === 'plain').map(([code]) => [code])
    const often = [GET, TEE, ONE, ONE_64, [0x6a], [0x6b], [0x7c], [0x7d], [0x45], [0x47], [0x52]]
    const instruction = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...often) },
      { weight: 1, arbitrary: fc.constantFrom(...anything) },
    )
    const label = fc.constantFrom(LOOP, BLOCK)
    const start = fc.constantFrom([], [...GET, ...ONE], STEP)
    fc.assert(
      fc.property(label, start, fc.array(instruction, { maxLength: 6 }), (opens, first, rest) => {
        const body = around(opens, [...first, ...rest.flat()])
        expect(weightOf(body)).toBe(referenceOf(body))
      }),
      { numRuns: 3_000 },
    )
  })
  it('costs the same where the pass may put a look in the middle of it', () => {
    // A look may stand behind 50,000 units in a row: in front of the step, behind it, or in between.
    for (let less = 0; less <= 6; less += 1) {
      const straight = Array.from({ length: 50_002 - less }, () => TEE).flat()
      const condition = [...GET, ...straight, 0x1a, ...STEP]
      expect(weightOf(around(LOOP, condition))).toBe(WEIGHTS.countedBranch)
    }
  })
})
