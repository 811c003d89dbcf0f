import { OPCODES, prefixed } from '../../../../src/wasm/decode/opcodes.ts'
import { F32, F64, f32, f64, I32, I64, i32, i64, u32, V128, v128 } from '../encoding.ts'

/**
 * Code that executes one instruction of the table, operands and all, and leaves `results` on the
 * stack. It may use the surroundings of `surroundings.ts`.
 */
export interface Recipe {
  readonly results: readonly number[]
  /** @param depth - labels around the code, the function's own not counted. */
  readonly code: (depth: number) => readonly number[]
}

/** Recipes of a family, by opcode. */
export type Recipes = readonly (readonly [code: number, recipe: Recipe])[]

export const recipe = (
  results: readonly number[],
  ...code: readonly (readonly number[])[]
): Recipe => ({
  results,
  code: () => code.flat(),
})

const CODES: ReadonlyMap<string, number> = new Map(
  [...OPCODES].map(([code, { name }]) => [name, code]),
)

/** Number of an opcode by its name. */
export function codeOf(name: string): number {
  const code = CODES.get(name)
  if (code === undefined) throw new TypeError(`no opcode ${name}`)
  return code
}

/** An opcode as bytes. */
export function encoded(code: number): number[] {
  const prefix = Math.floor(code / prefixed(1, 0))
  return prefix === 0 ? [code] : [prefix, ...u32(code % prefixed(1, 0))]
}

export const op = (name: string, ...immediates: readonly number[]): number[] => [
  ...encoded(codeOf(name)),
  ...immediates,
]

const floats = (...values: readonly number[]): number[] =>
  v128([...new Uint8Array(Float32Array.from(values).buffer)])
const doubles = (...values: readonly number[]): number[] =>
  v128([...new Uint8Array(Float64Array.from(values).buffer)])

/**
 * Operands by the letter of their type: i32 `i`, i64 `j`, f32 `f`, f64 `d`, v128 `v`. Two samples,
 * each with a value for the first, second and third operand; no result is a NaN, whose bits may
 * differ from one compilation to the next.
 */
const OPERANDS: Readonly<Record<string, readonly (readonly number[][])[]>> = {
  i: [
    [i32(1_000_003), i32(7), i32(3)],
    [i32(-77), i32(3), i32(0)],
  ],
  j: [
    [i64(2n ** 40n + 5n), i64(9), i64(1)],
    [i64(-123_456_789_012n), i64(5), i64(0)],
  ],
  f: [
    [f32(2.25), f32(-1.5), f32(8)],
    [f32(1_234.75), f32(0.5), f32(-0)],
  ],
  d: [
    [f64(2.25), f64(-1.5), f64(8)],
    [f64(123_456.75), f64(0.5), f64(-0)],
  ],
  v: [
    [floats(1.5, 2.25, 3.5, 100.125), floats(4, -0.5, 7, 1e6), floats(0, 1, 2, 3)],
    [doubles(1.5, 1e9), doubles(-2.5, 3), doubles(7, 8)],
  ],
}

const TYPES: Readonly<Record<string, number>> = { i: I32, j: I64, f: F32, d: F64, v: V128 }

export const SAMPLES = [0, 1] as const

/** `ij->v` with sample operands: what pushes them, and the types of the results. */
export function signature(text: string, sample: number) {
  const [params = '', results = ''] = text.split('->')
  const operands = [...params].map((letter, place) => OPERANDS[letter]?.[sample]?.[place] ?? [])
  return { operands: operands.flat(), results: [...results].map((letter) => TYPES[letter] ?? I32) }
}
