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
  u32,
  V128,
  VOID,
  zeroOf,
} from '../encoding.ts'
import { ModuleBuilder } from '../module-builder.ts'
import type { Call, Host } from '../subject.ts'
import type { Recipe } from './recipe.ts'

/** Locals of every function that executes a recipe. 0 is its parameter, an i32. */
const COUNTER = 1
export const LOCAL: ReadonlyMap<number, number> = new Map([
  [I32, 2],
  [I64, 3],
  [F32, 4],
  [F64, 5],
  [V128, 6],
  [FUNCREF, 7],
  [EXTERNREF, 8],
])
const LOCALS = [I32, ...LOCAL.keys()]
/** A mutable global of each type, in this order. */
export const GLOBAL: ReadonlyMap<number, number> = new Map(
  [...LOCAL.keys()].map((type, index) => [type, index]),
)
const VISIBLE_GLOBALS = 4

/** Function indices. `add` and `note` are imports; the others are the module's own. */
export const FUNCTION = { add: 0, note: 1, twice: 2, keep: 3, pair: 4, throws: 5 } as const
/** Type indices. */
export const TYPE = { add: 0, one: 1, twice: 2, pair: 3, none: 4 } as const
/** Table 0 holds functions: null, then `twice`, `keep`, `pair`, `note`. Table 1 holds externrefs. */
export const ENTRY = { null: 0, twice: 1, keep: 2, pair: 3, note: 4 } as const
export const TABLE_SIZE = 10
/** Passive segments: data 0 of 40 bytes, elements 1 of three functions. */
export const SEGMENT = { data: 0, elements: 1 } as const
/** Tag 0 carries an i32. */
export const TAG = 0

const END = 0x0b
const KEPT_AT = 3_000

export const host: Host = (_, log) => ({
  env: {
    add: (a: number, b: number) => {
      log(`add ${a} ${b}`)
      return (a + b) | 0
    },
    note: (a: number) => log(`note ${a}`),
  },
})

/** What a module has around the instruction: everything an instruction may name. */
function surroundings(builder: ModuleBuilder, exported: boolean): void {
  builder.type([I32, I32], [I32])
  builder.type([I32], [])
  builder.type([I32], [I32])
  builder.type([I32], [I32, I32])
  builder.type([], [])
  builder.import('env', 'add', 'function', u32(TYPE.add))
  builder.import('env', 'note', 'function', u32(TYPE.one))
  // twice: adds its parameter to itself, in a loop of three turns
  builder.function({
    type: TYPE.twice,
    locals: [I32],
    code: [
      ...[...i32(3), ...localSet(1), 0x03, VOID, ...localGet(1), ...i32(1), 0x6b],
      ...[...localTee(1), 0x0d, 0, END, ...localGet(0), ...localGet(0), 0x6a],
    ],
  })
  builder.function({
    type: TYPE.one,
    locals: [],
    code: [...i32(KEPT_AT), ...localGet(0), 0x36, 2, 0],
  })
  builder.function({
    type: TYPE.pair,
    locals: [],
    code: [...localGet(0), ...localGet(0), ...i32(1), 0x6a],
  })
  // throws: its parameter, unless it is 0
  builder.tags.push([0, ...u32(TYPE.one)])
  builder.function({
    type: TYPE.one,
    locals: [],
    code: [...localGet(0), 0x04, VOID, ...localGet(0), 0x08, TAG, END],
  })
  builder.tables.push([FUNCREF, 1, TABLE_SIZE, 20], [EXTERNREF, 1, 4, 12])
  builder.memories.push([1, 2, 5])
  for (const type of LOCAL.keys()) builder.globals.push([type, 1, ...zeroOf(type), END])
  builder.elements.push(
    [0, ...i32(1), END, 4, FUNCTION.twice, FUNCTION.keep, FUNCTION.pair, FUNCTION.note],
    [1, 0, 3, FUNCTION.keep, FUNCTION.twice, FUNCTION.add],
    [3, 0, 1, FUNCTION.throws],
  )
  const pattern = Array.from({ length: 40 }, (_, index) => (index * 37 + 5) & 0x7f)
  builder.data.push(
    [1, pattern.length, ...pattern],
    [0, ...i32(0), END, pattern.length, ...pattern],
  )
  builder.export('memory', 'memory', 0)
  for (let index = 0; index < VISIBLE_GLOBALS; index += 1) {
    builder.export(`global ${index}`, 'global', index)
  }
  if (!exported) return
  builder.export('functions', 'table', 0)
  builder.export('references', 'table', 1)
}

const SINK_AT = 2_048
const STORES: ReadonlyMap<number, readonly number[]> = new Map([
  [I32, [0x36, 0]],
  [I64, [0x37, 0]],
  [F32, [0x38, 0]],
  [F64, [0x39, 0]],
  [V128, [0xfd, 11, 0]],
])
const IS_NULL = 0xd1

/** Puts the values on the stack where the test sees them; a reference only whether it is null. */
function sinks(results: readonly number[]): number[] {
  return results.toReversed().flatMap((type, place) => {
    const at = SINK_AT + 16 * place
    const local = LOCAL.get(type) ?? 0
    const store = STORES.get(type)
    if (store !== undefined) {
      return [...localSet(local), ...i32(at), ...localGet(local), ...store, 0]
    }
    const scratch = LOCAL.get(I32) ?? 0
    return [IS_NULL, ...localSet(scratch), ...i32(at), ...localGet(scratch), 0x36, 0, 0]
  })
}

type Form = (recipe: Recipe, block: readonly number[]) => readonly number[]

const zeros = (types: readonly number[]): number[] => types.flatMap(zeroOf)
const drops = (types: readonly number[]): number[] => types.map(() => 0x1a)

/** Where the instruction stands, in the words of the reference. `block`: the type of its results. */
const FORMS: Readonly<Record<string, Form>> = {
  alone: ({ code, results }) => [...code(0), ...sinks(results)],
  'in a loop': ({ code, results }) => [
    ...[...i32(3), ...localSet(COUNTER), 0x03, VOID, ...code(1), ...sinks(results)],
    ...[...localGet(COUNTER), ...i32(1), 0x6b, ...localTee(COUNTER), 0x0d, 0, END],
  ],
  'at the end of an arm': ({ code, results }, block) => [
    ...[...localGet(0), 0x04, ...block, ...code(1), 0x05, ...zeros(results), END],
    ...sinks(results),
  ],
  'before a br_if': ({ code, results }, block) => [
    ...[0x02, ...block, ...code(1), ...localGet(0), 0x0d, 0, ...drops(results)],
    ...[...zeros(results), END, ...sinks(results)],
  ],
  'before a br_table': ({ code, results }, block) => [
    ...[0x02, ...block, 0x02, ...block, ...code(2), ...localGet(0), 0x0e, 1, 0, 1, END],
    ...[...globalGet(0), ...i32(1), 0x6a, ...globalSet(0), END, ...sinks(results)],
  ],
}

export interface Prepared {
  readonly bytes: Uint8Array
  readonly calls: readonly Call[]
}

/** A module with an exported function for each recipe in each form; each is called with 0 and 1. */
export function prepare(recipes: readonly Recipe[], exported: boolean): Prepared {
  const builder = new ModuleBuilder()
  const calls: Call[] = []
  surroundings(builder, exported)
  for (const [number, recipe] of recipes.entries()) {
    const block = recipe.results.length === 0 ? [VOID] : u32(builder.type([], recipe.results))
    for (const [form, write] of Object.entries(FORMS)) {
      const name = `${number} ${form}`
      const code = write(recipe, block)
      builder.export(name, 'function', builder.function({ type: TYPE.one, locals: LOCALS, code }))
      calls.push({ name, args: [0] }, { name, args: [1] })
    }
  }
  return { bytes: builder.build(), calls }
}
