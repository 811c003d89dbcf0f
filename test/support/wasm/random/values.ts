import { F32, F64, f32, f64, I32, I64, i32, i64 } from '../encoding.ts'
import { op } from '../recipes/recipe.ts'
import type { Choices } from './choices.ts'

const INTEGERS = [0, 1, -1, 2, 7, 63, 255, -128, 1_000, 65_535, -(2 ** 31), 2 ** 31 - 1]
const FLOATS = [0, 1, -1.5, 0.25, 1e10, -3e-5, 7, Number.POSITIVE_INFINITY, -0]

/** A constant of a type. */
export function constant(choices: Choices, type: number): number[] {
  if (type === I32) return i32(choices.from(INTEGERS))
  if (type === I64) return i64(choices.from(INTEGERS))
  return type === F32 ? f32(choices.from(FLOATS)) : f64(choices.from(FLOATS))
}

/** An argument for a parameter of this type. */
export const argument = (choices: Choices, type: number): number | bigint => {
  if (type === I64) return BigInt(choices.from(INTEGERS))
  return type === I32 ? choices.from(INTEGERS) : choices.from(FLOATS)
}

const words = (prefix: string, names: string): readonly number[][] =>
  names.split(' ').map((name) => op(`${prefix}.${name}`))

const INTEGER = 'add sub mul and or xor shl shr_s shr_u rotl rotr'
const FLOAT = 'add sub mul div min max'
export const BINARY: ReadonlyMap<number, readonly number[][]> = new Map([
  [I32, words('i32', INTEGER)],
  [I64, words('i64', INTEGER)],
  [F32, words('f32', FLOAT)],
  [F64, words('f64', FLOAT)],
])
export const DIVISIONS: ReadonlyMap<number, readonly number[][]> = new Map([
  [I32, words('i32', 'div_s div_u rem_s rem_u')],
  [I64, words('i64', 'div_s div_u rem_s rem_u')],
])
export const COMPARE: ReadonlyMap<number, readonly number[][]> = new Map([
  [I32, words('i32', 'eq ne lt_s lt_u gt_s gt_u le_s ge_u')],
  [I64, words('i64', 'eq ne lt_s gt_u')],
  [F32, words('f32', 'eq lt ge')],
  [F64, words('f64', 'ne gt le')],
])
/** What makes a value of the type from one of another, or of the same. */
export const UNARY: ReadonlyMap<number, readonly (readonly [from: number, code: number[]])[]> =
  new Map([
    [
      I32,
      [
        [I32, op('i32.eqz')],
        [I32, op('i32.popcnt')],
        [I64, op('i32.wrap_i64')],
        [I64, op('i64.eqz')],
        [F32, op('i32.trunc_sat_f32_s')],
        [F64, op('i32.trunc_sat_f64_u')],
        [I32, op('i32.extend8_s')],
      ],
    ],
    [
      I64,
      [
        [I32, op('i64.extend_i32_s')],
        [I64, op('i64.ctz')],
        [F64, op('i64.trunc_sat_f64_s')],
      ],
    ],
    [
      F32,
      [
        [I32, op('f32.convert_i32_s')],
        [F64, op('f32.demote_f64')],
        [F32, op('f32.floor')],
      ],
    ],
    [
      F64,
      [
        [I64, op('f64.convert_i64_u')],
        [F32, op('f64.promote_f32')],
        [F64, op('f64.sqrt')],
      ],
    ],
  ])
/** These trap where the value does not fit. */
export const TRUNCATIONS: ReadonlyMap<number, readonly [from: number, code: number[]]> = new Map([
  [I32, [F64, op('i32.trunc_f64_s')]],
  [I64, [F32, op('i64.trunc_f32_u')]],
])
export const LOADS: ReadonlyMap<number, readonly number[][]> = new Map([
  [I32, words('i32', 'load load8_u load16_s')],
  [I64, words('i64', 'load load32_u')],
  [F32, words('f32', 'load')],
  [F64, words('f64', 'load')],
])
export const STORES: ReadonlyMap<number, readonly number[][]> = new Map([
  [I32, words('i32', 'store store8 store16')],
  [I64, words('i64', 'store store32')],
  [F32, words('f32', 'store')],
  [F64, words('f64', 'store')],
])
/** Whether a float is itself: NaN is not. */
export const EQUAL: ReadonlyMap<number, number[]> = new Map([
  [F32, op('f32.eq')],
  [F64, op('f64.eq')],
])
