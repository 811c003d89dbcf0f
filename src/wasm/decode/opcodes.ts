import { WEIGHTS } from './weights.ts'

/** What follows an opcode. */
export type Immediate =
  | 'none'
  | 'index'
  | 'two-indices'
  | 'block-type'
  | 'branch-table'
  | 'memory-access'
  | 'memory-access-lane'
  | 'memory-zero'
  | 'two-memory-zeros'
  | 'index-memory-zero'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'v128'
  | 'lane'
  | 'value-types'
  | 'heap-type'
  | 'try-table'

/** How the metering pass treats an instruction; `plain` ones are only counted. */
export type OpcodeClass =
  | 'plain'
  | 'unreachable'
  | 'block'
  | 'loop'
  | 'if'
  | 'else'
  | 'try'
  | 'catch'
  | 'delegate'
  | 'try-table'
  | 'end'
  | 'br'
  | 'br-if'
  | 'br-table'
  | 'return'
  | 'call'
  | 'tail-call'
  | 'throw'
  /** Names a function as a value. */
  | 'reference'
  /** Done by a support function of ours: bulk operations and growth. */
  | 'routed'

export interface Opcode {
  readonly name: string
  readonly immediate: Immediate
  readonly weight: number
  readonly class: OpcodeClass
}

const rows = new Map<number, Opcode>()

function row(
  code: number,
  name: string,
  immediate: Immediate = 'none',
  weight: number = WEIGHTS.plain,
  kind: OpcodeClass = 'plain',
): void {
  rows.set(code, { name, immediate, weight, class: kind })
}

/** Consecutive opcodes that differ in name only. */
function run(
  first: number,
  names: string,
  immediate: Immediate = 'none',
  weight: number = WEIGHTS.plain,
): void {
  for (const [index, name] of names.split(' ').entries())
    row(first + index, name, immediate, weight)
}

/** Two-byte opcodes are kept under prefix × 0x1000 + number. */
export const prefixed = (prefix: number, number: number): number => prefix * 0x1000 + number

row(0x00, 'unreachable', 'none', WEIGHTS.plain, 'unreachable')
row(0x01, 'nop', 'none', WEIGHTS.nothing)
row(0x02, 'block', 'block-type', WEIGHTS.nothing, 'block')
row(0x03, 'loop', 'block-type', WEIGHTS.nothing, 'loop')
row(0x04, 'if', 'block-type', WEIGHTS.branch, 'if')
row(0x05, 'else', 'none', WEIGHTS.nothing, 'else')
row(0x06, 'try', 'block-type', WEIGHTS.nothing, 'try')
row(0x07, 'catch', 'index', WEIGHTS.nothing, 'catch')
row(0x08, 'throw', 'index', WEIGHTS.throw, 'throw')
row(0x09, 'rethrow', 'index', WEIGHTS.throw, 'throw')
row(0x0a, 'throw_ref', 'none', WEIGHTS.throw, 'throw')
row(0x0b, 'end', 'none', WEIGHTS.nothing, 'end')
row(0x0c, 'br', 'index', WEIGHTS.plain, 'br')
row(0x0d, 'br_if', 'index', WEIGHTS.branch, 'br-if')
row(0x0e, 'br_table', 'branch-table', WEIGHTS.branchTable, 'br-table')
row(0x0f, 'return', 'none', WEIGHTS.plain, 'return')
row(0x10, 'call', 'index', WEIGHTS.call, 'call')
row(0x11, 'call_indirect', 'two-indices', WEIGHTS.callIndirect, 'call')
row(0x12, 'return_call', 'index', WEIGHTS.call, 'tail-call')
row(0x13, 'return_call_indirect', 'two-indices', WEIGHTS.callIndirect, 'tail-call')
row(0x18, 'delegate', 'index', WEIGHTS.nothing, 'delegate')
row(0x19, 'catch_all', 'none', WEIGHTS.nothing, 'catch')
row(0x1a, 'drop')
row(0x1b, 'select')
row(0x1c, 'select_t', 'value-types')
row(0x1f, 'try_table', 'try-table', WEIGHTS.nothing, 'try-table')
run(0x20, 'local.get local.set local.tee', 'index')
run(0x23, 'global.get global.set', 'index', WEIGHTS.global)
row(0x25, 'table.get', 'index', WEIGHTS.tableGet)
row(0x26, 'table.set', 'index', WEIGHTS.tableSet)
run(0x28, 'i32.load i64.load', 'memory-access', WEIGHTS.load)
run(0x2a, 'f32.load f64.load', 'memory-access', WEIGHTS.memory)
run(
  0x2c,
  'i32.load8_s i32.load8_u i32.load16_s i32.load16_u ' +
    'i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u',
  'memory-access',
  WEIGHTS.load,
)
run(
  0x36,
  'i32.store i64.store f32.store f64.store i32.store8 i32.store16 i64.store8 i64.store16 i64.store32',
  'memory-access',
  WEIGHTS.memory,
)
row(0x3f, 'memory.size', 'memory-zero')
row(0x40, 'memory.grow', 'memory-zero', WEIGHTS.grow, 'routed')
row(0x41, 'i32.const', 'i32')
row(0x42, 'i64.const', 'i64')
row(0x43, 'f32.const', 'f32')
row(0x44, 'f64.const', 'f64')
run(
  0x45,
  'i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u',
)
run(
  0x50,
  'i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u',
)
run(
  0x5b,
  'f32.eq f32.ne f32.lt f32.gt f32.le f32.ge f64.eq f64.ne f64.lt f64.gt f64.le f64.ge',
  'none',
  WEIGHTS.floatOther,
)
run(0x67, 'i32.clz i32.ctz i32.popcnt i32.add i32.sub')
row(0x6c, 'i32.mul', 'none', WEIGHTS.multiply)
run(0x6d, 'i32.div_s i32.div_u i32.rem_s i32.rem_u', 'none', WEIGHTS.divide)
run(0x71, 'i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr')
run(0x79, 'i64.clz i64.ctz i64.popcnt i64.add i64.sub')
row(0x7e, 'i64.mul', 'none', WEIGHTS.multiply)
run(0x7f, 'i64.div_s i64.div_u i64.rem_s i64.rem_u', 'none', WEIGHTS.divide)
run(0x83, 'i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr')

/** The same instructions for f32 and for f64. */
function floats(first: number, type: string): void {
  const all = (names: string) => names.replaceAll(/\S+/g, (name) => `${type}.${name}`)
  run(first, all('abs neg'))
  run(first + 2, all('ceil floor trunc nearest'), 'none', WEIGHTS.floatOther)
  row(first + 6, `${type}.sqrt`, 'none', WEIGHTS.floatDivide)
  run(first + 7, all('add sub mul'), 'none', WEIGHTS.float)
  row(first + 10, `${type}.div`, 'none', WEIGHTS.floatDivide)
  run(first + 11, all('min max'), 'none', WEIGHTS.floatOther)
  row(first + 13, `${type}.copysign`)
}
floats(0x8b, 'f32')
floats(0x99, 'f64')
row(0xa7, 'i32.wrap_i64')
run(
  0xa8,
  'i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u',
  'none',
  WEIGHTS.floatOther,
)
run(0xac, 'i64.extend_i32_s i64.extend_i32_u')
run(
  0xae,
  'i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u ' +
    'f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64 ' +
    'f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32 ' +
    'i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64',
  'none',
  WEIGHTS.floatOther,
)
run(0xc0, 'i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s')
row(0xd0, 'ref.null', 'heap-type')
row(0xd1, 'ref.is_null')
row(0xd2, 'ref.func', 'index', WEIGHTS.reference, 'reference')

const FC = 0xfc
run(
  prefixed(FC, 0),
  'i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u ' +
    'i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u',
  'none',
  WEIGHTS.floatOther,
)
row(prefixed(FC, 8), 'memory.init', 'index-memory-zero', WEIGHTS.bulk, 'routed')
row(prefixed(FC, 9), 'data.drop', 'index', WEIGHTS.bulk)
row(prefixed(FC, 10), 'memory.copy', 'two-memory-zeros', WEIGHTS.bulk, 'routed')
row(prefixed(FC, 11), 'memory.fill', 'memory-zero', WEIGHTS.bulk, 'routed')
row(prefixed(FC, 12), 'table.init', 'two-indices', WEIGHTS.bulk, 'routed')
row(prefixed(FC, 13), 'elem.drop', 'index', WEIGHTS.bulk)
row(prefixed(FC, 14), 'table.copy', 'two-indices', WEIGHTS.bulk, 'routed')
row(prefixed(FC, 15), 'table.grow', 'index', WEIGHTS.grow, 'routed')
row(prefixed(FC, 16), 'table.size', 'index')
row(prefixed(FC, 17), 'table.fill', 'index', WEIGHTS.bulk, 'routed')

/** SIMD by number; what is not listed takes no immediate. Numbers nobody assigned fail validation. */
const FD = 0xfd
const SIMD_LAST = 275
/** f32x4 and f64x2: sqrt, div. */
const SIMD_DIVISIONS: ReadonlySet<number> = new Set([227, 231, 239, 243])

function simdImmediate(number: number): Immediate {
  if (number <= 11 || number === 92 || number === 93) return 'memory-access'
  if (number === 12 || number === 13) return 'v128'
  if (number >= 21 && number <= 34) return 'lane'
  if (number >= 84 && number <= 91) return 'memory-access-lane'
  return 'none'
}
for (let number = 0; number <= SIMD_LAST; number += 1) {
  const weight = SIMD_DIVISIONS.has(number) ? WEIGHTS.vectorDivide : WEIGHTS.vector
  row(prefixed(FD, number), `simd.${number}`, simdImmediate(number), weight)
}

/** Every accepted instruction. One table: decoding, counting and the tests read it. */
export const OPCODES: ReadonlyMap<number, Opcode> = rows

/** A br_if back that counts trips (meter/counted-branch.ts). */
export const COUNTED_BRANCH: Opcode = {
  name: 'br_if',
  immediate: 'index',
  weight: WEIGHTS.countedBranch,
  class: 'br-if',
}

/** Families that are refused, by their first byte or number, for a message that names them. */
export const REFUSED: ReadonlyMap<number, string> = new Map([
  [0x14, 'typed function references (call_ref)'],
  [0x15, 'typed function references (return_call_ref)'],
  [0xd3, 'garbage collection (ref.eq)'],
  [0xd4, 'typed function references (ref.as_non_null)'],
  [0xd5, 'typed function references (br_on_null)'],
  [0xd6, 'typed function references (br_on_non_null)'],
  [0xfb, 'garbage collection or stringref'],
  [0xfe, 'threads (atomics)'],
])
