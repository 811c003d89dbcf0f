import {
  EXTERNREF,
  F32,
  F64,
  FUNCREF,
  globalGet,
  globalSet,
  I32,
  I64,
  i32,
  localGet,
  localSet,
  localTee,
  V128,
  zeroOf,
} from '../encoding.ts'
import { codeOf, op, type Recipe, type Recipes, recipe, signature } from './recipe.ts'
import { ENTRY, FUNCTION, GLOBAL, LOCAL, SEGMENT, TABLE_SIZE } from './surroundings.ts'

type Row = readonly [name: string, recipe: Recipe]

const PAGE = 65_536
const MEMORY_END = 2 * PAGE
const DROP = 0x1a
/** Alignment 1, offset 5: any address will do. */
const ACCESS = [0, 5]
const ADDRESSES = [64, 77, MEMORY_END - 2]

const LOADS: readonly (readonly [type: number, names: string])[] = [
  [I32, 'i32.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u'],
  [I64, 'i64.load i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u'],
  [F32, 'f32.load'],
  [F64, 'f64.load'],
]
const STORES: readonly (readonly [letter: string, names: string])[] = [
  ['i', 'i32.store i32.store8 i32.store16'],
  ['j', 'i64.store i64.store8 i64.store16 i64.store32'],
  ['f', 'f32.store'],
  ['d', 'f64.store'],
]

const accesses: readonly Row[] = ADDRESSES.flatMap((address) => [
  ...LOADS.flatMap(([type, names]) =>
    names
      .split(' ')
      .map((name) => [name, recipe([type], i32(address), op(name, ...ACCESS))] as const),
  ),
  ...STORES.flatMap(([letter, names]) => {
    const { operands } = signature(`${letter}->`, 1)
    return names
      .split(' ')
      .map((name) => [name, recipe([], i32(address), operands, op(name, ...ACCESS))] as const)
  }),
])

const three = (a: number, b: number, c: number): number[] => [...i32(a), ...i32(b), ...i32(c)]

/** Destination, source or value, length: short, longer than a chunk, overlapping, past the end. */
const fills = [
  three(100, 7, 33),
  three(5, 9, 70_001),
  three(0, 3, MEMORY_END),
  three(MEMORY_END, 1, 0),
  three(MEMORY_END - 10, 1, 11),
  three(1, 1, MEMORY_END),
  three(0, 1, -1),
]
const copies = [
  three(200, 0, 40),
  three(1, 0, 70_000),
  three(0, 1, 70_000),
  three(60_000, 10, 70_000),
  three(MEMORY_END - 5, 0, 6),
  three(0, MEMORY_END - 5, 70_000),
]
const inits = [three(300, 2, 30), three(300, 0, 0), three(300, 20, 21), three(-1, 0, 1)]

const memory: readonly Row[] = [
  ['memory.size', recipe([I32], op('memory.size', 0))],
  ...[0, 1, 100].map(
    (pages): Row => ['memory.grow', recipe([I32], i32(pages), op('memory.grow', 0))],
  ),
  ...fills.map((operands): Row => ['memory.fill', recipe([], operands, op('memory.fill', 0))]),
  ...copies.map((operands): Row => ['memory.copy', recipe([], operands, op('memory.copy', 0, 0))]),
  ...inits.map(
    (operands): Row => ['memory.init', recipe([], operands, op('memory.init', SEGMENT.data, 0))],
  ),
  ['data.drop', recipe([], op('data.drop', SEGMENT.data))],
  [
    'data.drop',
    recipe([], op('data.drop', SEGMENT.data), three(0, 0, 1), op('memory.init', SEGMENT.data, 0)),
  ],
]

/** table.get, and whether what came is null. */
const entry = (index: number): Row => [
  'table.get',
  recipe([FUNCREF], i32(index), op('table.get', 0)),
]
const twice = op('ref.func', FUNCTION.twice)
const bulkTable = (name: string, operands: number[][], ...immediates: number[]): readonly Row[] =>
  operands.map((three): Row => [name, recipe([], three, op(name, ...immediates))])

const tables: readonly Row[] = [
  entry(ENTRY.null),
  entry(ENTRY.note),
  entry(TABLE_SIZE),
  ['table.set', recipe([], i32(7), twice, op('table.set', 0))],
  ['table.set', recipe([], i32(1), op('ref.null', EXTERNREF), op('table.set', 1))],
  ['table.set', recipe([], i32(TABLE_SIZE), twice, op('table.set', 0))],
  ['table.size', recipe([I32], op('table.size', 1))],
  ...[0, 2, 100].map(
    (more): Row => ['table.grow', recipe([I32], twice, i32(more), op('table.grow', 0))],
  ),
  ['table.grow', recipe([I32], op('ref.null', EXTERNREF), i32(1), op('table.grow', 1))],
  ...[
    [5, 3],
    [0, TABLE_SIZE],
    [TABLE_SIZE - 1, 2],
  ].map(
    ([at = 0, count = 0]): Row => [
      'table.fill',
      recipe([], i32(at), twice, i32(count), op('table.fill', 0)),
    ],
  ),
  ...bulkTable(
    'table.copy',
    [three(5, 1, 4), three(0, 1, 9), three(1, 0, 9), three(9, 0, 2)],
    0,
    0,
  ),
  ...bulkTable('table.init', [three(6, 0, 3), three(9, 0, 2), three(0, 2, 2)], SEGMENT.elements, 0),
  ['elem.drop', recipe([], op('elem.drop', SEGMENT.elements))],
  [
    'elem.drop',
    recipe(
      [],
      op('elem.drop', SEGMENT.elements),
      three(0, 0, 1),
      op('table.init', SEGMENT.elements, 0),
    ),
  ],
]

const references: readonly Row[] = [
  ['ref.null', recipe([FUNCREF], op('ref.null', FUNCREF))],
  ['ref.null', recipe([EXTERNREF], op('ref.null', EXTERNREF))],
  ['ref.is_null', recipe([I32], op('ref.null', EXTERNREF), op('ref.is_null'))],
  ['ref.is_null', recipe([I32], twice, op('ref.is_null'))],
  ['ref.func', recipe([FUNCREF], twice)],
  ['ref.func', recipe([FUNCREF], op('ref.func', FUNCTION.note))],
]

/** Samples by type, for what works on any type. */
const ANY: readonly (readonly [type: number, value: readonly number[]])[] = [
  [I32, signature('i->', 1).operands],
  [I64, signature('j->', 1).operands],
  [F32, signature('f->', 1).operands],
  [F64, signature('d->', 1).operands],
  [V128, signature('v->', 1).operands],
  [FUNCREF, twice],
  [EXTERNREF, op('ref.null', EXTERNREF)],
]

const variables: readonly Row[] = ANY.flatMap(([type, value]): readonly Row[] => {
  const local = LOCAL.get(type) ?? 0
  const global = GLOBAL.get(type) ?? 0
  return [
    ['local.get', recipe([type], localGet(local))],
    ['local.set', recipe([type], value, localSet(local), localGet(local))],
    ['local.tee', recipe([type, type], value, localTee(local), localGet(local))],
    ['global.get', recipe([type], globalGet(global))],
    ['global.set', recipe([type], value, globalSet(global), globalGet(global))],
    ['drop', recipe([], value, [DROP])],
    ['select_t', recipe([type], value, zeroOf(type), localGet(0), op('select_t', 1, type))],
  ]
})

const selects: readonly Row[] = ANY.slice(0, 5).map(
  ([type, value]): Row => [
    'select',
    recipe([type], value, zeroOf(type), localGet(0), op('select')),
  ],
)

const rows = (all: readonly Row[]): Recipes => all.map(([name, one]) => [codeOf(name), one])

export const STORAGE: Recipes = rows([...accesses, ...memory, ...variables, ...selects])
/** Tried with tables that the host can see, too. */
export const REFERENCES: Recipes = rows([...tables, ...references])
