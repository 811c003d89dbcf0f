import { describe, expect, it } from 'vitest'
import { calleesOf } from '../../../src/wasm/callees.ts'
import { decodeModule } from '../../../src/wasm/decode/module.ts'
import { WEIGHTS } from '../../../src/wasm/decode/weights.ts'
import { DEFAULT_MODULE_LIMITS } from '../../../src/wasm/limits.ts'
import type { Callee } from '../../../src/wasm/meter/known-callees.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { build, FUNCREF, I32, type Parts } from '../../support/wasm-build.ts'

const GET = [0x20, 0]
const END = 0x0b
const call = (index: number): number[] => [0x10, index]
/** (param i32) (result i32): the same one step further. */
const NEXT = [...GET, 0x41, 1, 0x6a]
/** Twice as much, and more by 60 units where it is odd, which is padded. */
const PADDED = [...GET, 0x41, 1, 0x71, 0x04, I32, ...NEXT, 0x05, ...GET, END]
const DIVISIONS = Array.from({ length: 8 }, () => [0x41, 3, 0x6d]).flat()
const UNEVEN = [...GET, 0x04, I32, ...GET, ...DIVISIONS, 0x05, ...GET, END]
/** (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) 2)))) */
const LOOP = [0x03, 0x40, ...GET, 0x41, 2, 0x6b, 0x22, 0, 0x04, 0x40, 0x0c, 1, END, END, ...GET]

/** A module of functions of this code, each of one i32 and giving one. */
const moduleOf = (codes: readonly (readonly number[])[], more: Partial<Parts> = {}): Uint8Array =>
  build({
    types: [[[I32], [I32]]],
    functions: codes.map((code) => [0, [], [...code]]),
    ...more,
  })

const found = (bytes: Uint8Array): readonly Callee[] => {
  const module = decodeModule(bytes, DEFAULT_MODULE_LIMITS)
  const callees = calleesOf(module, DEFAULT_MODULE_LIMITS, false)
  return module.functions.map((_, index) => callees.at(index))
}
/** What callers pay for each function of which they pay all. */
const prices = (bytes: Uint8Array): readonly (number | undefined)[] =>
  found(bytes).map(({ isFree, prepaid }) => (isFree ? prepaid : undefined))

describe('a function whose callers pay for it', () => {
  it('costs the same on all ways through it, those that are padded too', () => {
    expect(prices(moduleOf([NEXT, PADDED]))).toEqual([3, 1 + 1 + 1 + WEIGHTS.branch + 3])
  })
  it('calls only others like it', () => {
    const twice = [...GET, ...call(0), ...call(0)]
    expect(prices(moduleOf([NEXT, twice, [...GET, ...call(1), ...call(0)]]))).toEqual([
      3,
      1 + 2 * (WEIGHTS.call + 3),
      1 + 2 * WEIGHTS.call + 1 + 2 * (WEIGHTS.call + 3) + 3,
    ])
  })
  it.each([
    ['goes round a loop', LOOP],
    ['has ways of different length', UNEVEN],
  ])('is none that %s: a part is paid, and it does not look when it is entered', (_, code) => {
    const [callee] = found(moduleOf([code]))
    expect(callee?.gap).toBeGreaterThan(0)
    expect(callee?.prepaid).toBeGreaterThan(0)
    expect(callee?.isFree).toBe(false)
  })
  it.each<[string, readonly (readonly number[])[]]>([
    ['calls itself', [[...GET, ...call(0)]]],
    [
      'calls one that calls it',
      [
        [...GET, ...call(1)],
        [...GET, ...call(0)],
      ],
    ],
    ['calls what a table holds', [[...GET, 0x41, 0, 0x11, 0, 0]]],
    ['is called last by name', [NEXT, [...GET, 0x12, 0]]],
  ])('is none that %s: it looks', (_, codes) => {
    const tables: Parts['tables'] = [[FUNCREF, 0, 1]]
    const callee = found(moduleOf(codes, { tables })).at(-1)
    expect(callee).toMatchObject({ gap: undefined, isFree: false })
    expect(callee?.prepaid).toBeGreaterThan(0)
  })
  it.each<[string, Partial<Parts>]>([
    ['is exported', { exports: [['f', 0, 0]] }],
    ['stands in a table', { tables: [[FUNCREF, 0, 1]], elements: [[0, 0x41, 0, END, 1, 0]] }],
    ['is declared to be named', { elements: [[3, 0, 1, 0]] }],
    ['a global names', { globals: [[FUNCREF, 0, 0xd2, 0, END]] }],
  ])('is none that %s: it pays itself', (_, more) => {
    const [callee] = found(moduleOf([NEXT], more))
    expect(callee).toEqual({ gap: 3, prepaid: 0, isFree: false })
  })
  it('is none that starts the module: it pays itself', () => {
    const bytes = build({ types: [[[], []]], functions: [[0, [], [0x01]]], start: 0 })
    expect(found(bytes)).toEqual([{ gap: 0, prepaid: 0, isFree: false }])
  })
  it('calls are followed some way only, whichever comes first', () => {
    const chain = Array.from({ length: 40 }, (_, index) => [...GET, ...call(index + 1)])
    const bytes = moduleOf([...chain, NEXT])
    const all = prices(bytes)
    expect(all.at(0)).toBeUndefined()
    expect(all.slice(-3)).not.toContain(undefined)
    expect(WebAssembly.validate(new Uint8Array(meter(bytes).bytes))).toBe(true)
  })
})
