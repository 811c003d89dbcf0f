import { f32, f64, i32, i64 } from '../encoding.ts'
import { codeOf, op, type Recipes, recipe, SAMPLES, signature } from './recipe.ts'

const families = (prefix: string, names: string): string =>
  names
    .split(' ')
    .map((name) => `${prefix}.${name}`)
    .join(' ')

const COMPARE = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u'
const BINARY = 'add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr'
const FLOAT_COMPARE = 'eq ne lt gt le ge'
const FLOAT_UNARY = 'abs neg ceil floor trunc nearest sqrt'
const FLOAT_BINARY = 'add sub mul div min max copysign'

/** Every instruction that takes and gives numbers, by its signature. */
const BY_SIGNATURE: readonly (readonly [string, string])[] = [
  ['i->i', families('i32', 'eqz clz ctz popcnt extend8_s extend16_s')],
  ['ii->i', families('i32', `${COMPARE} ${BINARY}`)],
  ['j->i', 'i64.eqz i32.wrap_i64'],
  ['j->j', families('i64', 'clz ctz popcnt extend8_s extend16_s extend32_s')],
  ['jj->i', families('i64', COMPARE)],
  ['jj->j', families('i64', BINARY)],
  ['ff->i', families('f32', FLOAT_COMPARE)],
  ['dd->i', families('f64', FLOAT_COMPARE)],
  ['f->f', families('f32', FLOAT_UNARY)],
  ['ff->f', families('f32', FLOAT_BINARY)],
  ['d->d', families('f64', FLOAT_UNARY)],
  ['dd->d', families('f64', FLOAT_BINARY)],
  [
    'f->i',
    families('i32', 'trunc_f32_s trunc_f32_u trunc_sat_f32_s trunc_sat_f32_u reinterpret_f32'),
  ],
  ['d->i', families('i32', 'trunc_f64_s trunc_f64_u trunc_sat_f64_s trunc_sat_f64_u')],
  ['f->j', families('i64', 'trunc_f32_s trunc_f32_u trunc_sat_f32_s trunc_sat_f32_u')],
  [
    'd->j',
    families('i64', 'trunc_f64_s trunc_f64_u trunc_sat_f64_s trunc_sat_f64_u reinterpret_f64'),
  ],
  ['i->j', families('i64', 'extend_i32_s extend_i32_u')],
  ['i->f', families('f32', 'convert_i32_s convert_i32_u reinterpret_i32')],
  ['j->f', families('f32', 'convert_i64_s convert_i64_u')],
  ['d->f', 'f32.demote_f64'],
  ['i->d', families('f64', 'convert_i32_s convert_i32_u')],
  ['j->d', families('f64', 'convert_i64_s convert_i64_u reinterpret_i64')],
  ['f->d', 'f64.promote_f32'],
]

const MIN_32 = i32(-(2 ** 31))
const MIN_64 = i64(-(2n ** 63n))

/** Operands that trap, by instruction. */
const TRAPS: readonly (readonly [name: string, operands: readonly number[], signature: string])[] =
  [
    ['i32.div_s', [...i32(5), ...i32(0)], '->i'],
    ['i32.div_s', [...MIN_32, ...i32(-1)], '->i'],
    ['i32.div_u', [...i32(5), ...i32(0)], '->i'],
    ['i32.rem_s', [...i32(5), ...i32(0)], '->i'],
    ['i32.rem_u', [...i32(5), ...i32(0)], '->i'],
    ['i64.div_s', [...MIN_64, ...i64(-1)], '->j'],
    ['i64.div_u', [...i64(5), ...i64(0)], '->j'],
    ['i64.rem_s', [...i64(5), ...i64(0)], '->j'],
    ['i32.trunc_f32_s', f32(Number.NaN), '->i'],
    ['i32.trunc_f64_u', f64(-1), '->i'],
    ['i64.trunc_f64_s', f64(1e30), '->j'],
  ]

/** Zero or less than the least: what saturation makes of it. */
const SATURATED: readonly (readonly [
  name: string,
  operand: readonly number[],
  signature: string,
])[] = [
  ['i32.trunc_sat_f32_s', f32(Number.NaN), '->i'],
  ['i32.trunc_sat_f64_u', f64(-5), '->i'],
  ['i64.trunc_sat_f64_s', f64(1e30), '->j'],
]

const CONSTANTS: Recipes = [
  [codeOf('i32.const'), recipe(signature('->i', 0).results, i32(-(2 ** 31)))],
  [codeOf('i64.const'), recipe(signature('->j', 0).results, MIN_64)],
  [codeOf('f32.const'), recipe(signature('->f', 0).results, f32(-0))],
  [codeOf('f64.const'), recipe(signature('->d', 0).results, f64(Number.POSITIVE_INFINITY))],
]

export const NUMERIC: Recipes = [
  ...CONSTANTS,
  ...BY_SIGNATURE.flatMap(([text, names]) =>
    names.split(' ').flatMap((name) =>
      SAMPLES.map((sample) => {
        const { operands, results } = signature(text, sample)
        return [codeOf(name), recipe(results, operands, op(name))] as const
      }),
    ),
  ),
  ...[...TRAPS, ...SATURATED].map(
    ([name, operands, text]) =>
      [codeOf(name), recipe(signature(text, 0).results, operands, op(name))] as const,
  ),
]
