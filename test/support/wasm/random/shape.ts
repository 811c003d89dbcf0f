import { F32, F64, FUNCREF, I32, I64, i32, u32, zeroOf } from '../encoding.ts'
import { ModuleBuilder } from '../module-builder.ts'
import type { Choices } from './choices.ts'
import { SMALL } from './small-function.ts'

export interface Signature {
  readonly params: readonly number[]
  readonly results: readonly number[]
}
export interface Callable extends Signature {
  readonly index: number
  readonly type: number
  /** It calls nothing and has no need to bound its calls. */
  readonly leaf: boolean
}

/** What a random module has beside its code. */
export interface Shape {
  readonly builder: ModuleBuilder
  /** Imports first. */
  readonly functions: readonly Callable[]
  /** Called by their names only, behind the others. */
  readonly small: readonly Callable[]
  readonly imported: number
  /** By type: index of a mutable global. The budget is not among them. */
  readonly globals: ReadonlyMap<number, number>
  readonly budget: number
  readonly table: { readonly entries: readonly Callable[]; readonly exported: boolean }
  readonly exceptions: 'none' | 'legacy' | 'modern'
  /** Parameters of each tag. */
  readonly tags: readonly (readonly number[])[]
}

export const NUMBERS = [I32, I64, F32, F64] as const
const END = 0x0b
const TABLE_MIN = 8
const TABLE_MAX = 12
/** Calls and backward branches of one outermost call, at most. */
const BUDGET = 24

/** Functions of the host. `again` calls the guest back. */
const HOST: readonly (readonly [name: string, signature: Signature])[] = [
  ['note', { params: [I32], results: [] }],
  ['mix', { params: [I32, I64], results: [I64] }],
  ['again', { params: [I32], results: [I32] }],
]

/** (block (try_table (catch_all 0))): what a V8 that knows the newer exceptions accepts. */
const MODERN = [
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
  ...[10, 11, 1, 9, 0, 0x02, 0x40, 0x1f, 0x40, 0, 0x0b, 0x0b, 0x0b],
]
const KNOWS_MODERN = WebAssembly.validate(Uint8Array.from(MODERN))

function types(choices: Choices, most: number): number[] {
  return Array.from({ length: choices.below(most + 1) }, () => choices.from(NUMBERS))
}

function signatures(choices: Choices): readonly Signature[] {
  return Array.from({ length: 1 + choices.below(3) }, () => ({
    params: types(choices, 3),
    results: choices.chance(15) ? types(choices, 3) : types(choices, 1),
  }))
}

function addGlobals(builder: ModuleBuilder, choices: Choices): ReadonlyMap<number, number> {
  const globals = new Map<number, number>()
  builder.globals.push([I32, 1, ...i32(BUDGET), END])
  for (const type of NUMBERS) {
    globals.set(type, builder.globals.length)
    builder.export(`global ${builder.globals.length}`, 'global', builder.globals.length)
    builder.globals.push([type, 1, ...zeroOf(type), END])
  }
  if (choices.chance(50)) builder.export('budget', 'global', 0)
  return globals
}

function addTable(builder: ModuleBuilder, choices: Choices, functions: readonly Callable[]) {
  const entries = Array.from({ length: 1 + choices.below(5) }, () => choices.from(functions))
  const exported = choices.chance(25)
  builder.tables.push([FUNCREF, 1, TABLE_MIN, TABLE_MAX])
  const indices = entries.flatMap(({ index }) => u32(index))
  builder.elements.push([0, ...i32(1), END, entries.length, ...indices])
  // Passive, for table.init; and declared, for ref.func.
  builder.elements.push([1, 0, entries.length, ...indices])
  const all = functions.flatMap(({ index }) => u32(index))
  builder.elements.push([3, 0, functions.length, ...all])
  if (exported) builder.export('table', 'table', 0)
  return { entries, exported }
}

function addMemory(builder: ModuleBuilder, choices: Choices): void {
  const bytes = Array.from({ length: 32 }, (_, index) => (index * 41 + 3) & 0xff)
  builder.memories.push([1, 1, 3])
  builder.data.push([1, bytes.length, ...bytes], [0, ...i32(64), END, bytes.length, ...bytes])
  if (!choices.chance(10)) builder.export('memory', 'memory', 0)
}

/** Decides everything that code can name, and writes it down; the code comes later. */
export function chooseShape(choices: Choices): Shape {
  const builder = new ModuleBuilder()
  const pool = signatures(choices)
  const functions: Callable[] = []
  const add = (signature: Signature, leaf: boolean): void => {
    const type = builder.type(signature.params, signature.results)
    functions.push({ ...signature, type, leaf, index: functions.length })
  }
  const hosts = HOST.slice(0, choices.below(HOST.length + 1))
  for (const [name, signature] of hosts) {
    add(signature, false)
    const { type } = functions.at(-1) ?? { type: 0 }
    builder.import('env', name, 'function', u32(type))
  }
  const count = 1 + choices.below(4)
  for (let index = 0; index < count; index += 1) add(choices.from(pool), choices.chance(30))
  const own = functions.length
  const small = Array.from({ length: choices.below(4) }, (_, place): Callable => {
    const type = builder.type(SMALL.params, SMALL.results)
    return { ...SMALL, type, leaf: true, index: own + place }
  })
  const kinds = ['none', 'legacy', KNOWS_MODERN ? 'modern' : 'legacy'] as const
  const exceptions = choices.chance(40) ? choices.from(kinds) : 'none'
  const tags = exceptions === 'none' ? [] : [[I32], [], [I64, F32]]
  for (const params of tags) builder.tags.push([0, ...u32(builder.type(params, []))])
  const globals = addGlobals(builder, choices)
  const table = addTable(builder, choices, functions)
  addMemory(builder, choices)
  return {
    ...{ builder, functions, small, globals, table, exceptions, tags },
    imported: hosts.length,
    budget: 0,
  }
}

/** Sets the budget anew. */
export const refreshed = (shape: Shape): number[] => [...i32(BUDGET), 0x24, ...u32(shape.budget)]
