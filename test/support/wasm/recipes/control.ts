import { I32, i32, localGet, localSet, localTee, VOID } from '../encoding.ts'
import { codeOf, op, type Recipe, type Recipes, recipe } from './recipe.ts'
import { ENTRY, FUNCTION, LOCAL, TAG, TYPE } from './surroundings.ts'

type Row = readonly [name: string, recipe: Recipe]

const END = op('end')
const I = LOCAL.get(I32) ?? 0
/** The parameter of the function: 0 or 1. */
const CONDITION = localGet(0)
/** Code whose labels depend on how deep it stands. */
const deep = (results: readonly number[], code: (depth: number) => number[][]): Recipe => ({
  results,
  code: (depth) => code(depth).flat(),
})
const bump = [...localGet(I), ...i32(1), ...op('i32.add'), ...localSet(I)]
const ADD = op('i32.add')

const blocks: readonly Row[] = [
  ['nop', recipe([], op('nop'))],
  ['block', recipe([I32], op('block', I32), i32(5), END)],
  // A block with a parameter and two results.
  ['block', recipe([I32, I32], i32(5), op('block', TYPE.pair), i32(6), END)],
  ['end', recipe([], op('block', VOID), bump, END)],
  ['loop', recipe([], op('loop', VOID), bump, END)],
  // A loop whose parameter goes round: counts it down to 0.
  [
    'loop',
    recipe(
      ...([[I32], i32(4), op('loop', TYPE.twice), i32(1), op('i32.sub'), localTee(I)] as const),
      ...([localGet(I), op('br_if', 0), END] as const),
    ),
  ],
  ['if', recipe([], CONDITION, op('if', VOID), bump, bump, END)],
  ['else', recipe([I32], CONDITION, op('if', I32), i32(1), op('else'), bump, i32(2), END)],
]

const branches: readonly Row[] = [
  ['br', recipe([I32], op('block', I32), i32(3), op('br', 0), bump, i32(9), END)],
  ['br', deep([], (depth) => [bump, op('br', depth)])],
  ['br_if', recipe([], op('block', VOID), CONDITION, op('br_if', 0), bump, END)],
  ['br_if', recipe([I32], op('block', I32), i32(3), CONDITION, op('br_if', 0), i32(1), ADD, END)],
  ['br_if', deep([], (depth) => [CONDITION, op('br_if', depth), bump])],
  [
    'br_table',
    recipe(
      ...([[], op('block', VOID), op('block', VOID), op('block', VOID), CONDITION] as const),
      ...([op('br_table', 2, 0, 1, 2), END, bump, bump, END, bump, END] as const),
    ),
  ],
  [
    'br_table',
    recipe(
      ...([[I32], op('block', I32), op('block', I32), i32(8), CONDITION] as const),
      ...([op('br_table', 1, 0, 1), END, i32(1), ADD, END] as const),
    ),
  ],
  ['br_table', deep([], (depth) => [CONDITION, op('br_table', 1, depth, depth)])],
  ['return', recipe([], op('return'))],
  ['return', recipe([], CONDITION, op('if', VOID), op('return'), END, bump)],
  ['unreachable', recipe([], op('unreachable'))],
]

const indirect = (name: string, operand: number, entry: number, type: number): number[] => [
  ...i32(operand),
  ...i32(entry),
  ...op(name, type, 0),
]
const calls: readonly Row[] = [
  ['call', recipe([I32], i32(21), op('call', FUNCTION.twice))],
  ['call', recipe([I32, I32], i32(21), op('call', FUNCTION.pair))],
  ['call', recipe([I32], i32(21), i32(4), op('call', FUNCTION.add))],
  ['call', recipe([], CONDITION, op('call', FUNCTION.throws))],
  ['call_indirect', recipe([I32], indirect('call_indirect', 4, ENTRY.twice, TYPE.twice))],
  ['call_indirect', recipe([I32, I32], indirect('call_indirect', 4, ENTRY.pair, TYPE.pair))],
  ['call_indirect', recipe([], indirect('call_indirect', 4, ENTRY.note, TYPE.one))],
  ['call_indirect', recipe([], indirect('call_indirect', 4, ENTRY.null, TYPE.one))],
  ['call_indirect', recipe([], indirect('call_indirect', 4, ENTRY.twice, TYPE.one))],
  ['call_indirect', recipe([], indirect('call_indirect', 4, 99, TYPE.one))],
  ['return_call', recipe([], i32(3), op('return_call', FUNCTION.keep))],
  ['return_call', recipe([], i32(3), op('return_call', FUNCTION.note))],
  ['return_call', recipe([], CONDITION, op('return_call', FUNCTION.throws))],
  ['return_call_indirect', recipe([], indirect('return_call_indirect', 4, ENTRY.keep, TYPE.one))],
  ['return_call_indirect', recipe([], indirect('return_call_indirect', 4, ENTRY.note, TYPE.one))],
  ['return_call_indirect', recipe([], indirect('return_call_indirect', 4, ENTRY.null, TYPE.one))],
  ['return_call_indirect', recipe([], indirect('return_call_indirect', 4, ENTRY.pair, TYPE.one))],
]

/** Calls what throws unless the parameter is 0. */
const RISK = [...bump, ...CONDITION, ...op('call', FUNCTION.throws), ...bump]
/** Always throws, at once. */
const THROW = [...i32(6), ...op('throw', TAG)]

const legacy: readonly Row[] = [
  ['try', recipe([], op('try', VOID), RISK, op('catch', TAG), localSet(I), END)],
  ['try', recipe([], op('try', VOID), bump, END)],
  ['catch', recipe([I32], op('try', I32), THROW, op('catch', TAG), END)],
  ['catch_all', recipe([I32], op('try', I32), RISK, i32(1), op('catch_all'), bump, i32(2), END)],
  ['throw', recipe([], THROW)],
  ['throw', recipe([], op('try', VOID), THROW, op('catch_all'), bump, END)],
  ['rethrow', recipe([], op('try', VOID), RISK, op('catch_all'), op('rethrow', 0), END)],
  [
    'rethrow',
    recipe(
      ...([[I32], op('try', I32), op('try', VOID), THROW, op('catch', TAG), localSet(I)] as const),
      ...([op('rethrow', 0), END, i32(1), op('catch', TAG), bump, END] as const),
    ),
  ],
  // delegate to the outer try, and past the function.
  [
    'delegate',
    recipe(
      ...([[], op('try', VOID), op('try', VOID), RISK, op('delegate', 0)] as const),
      ...([bump, op('catch', TAG), localSet(I), END] as const),
    ),
  ],
  ['delegate', deep([], (depth) => [op('try', VOID), RISK, op('delegate', depth), bump])],
]

const EXNREF = 0x69
const CATCH = 0
const CATCH_ALL = 2
const CATCH_ALL_REF = 3
/** block: what a clause catches arrives at its label. */
const caught = (type: number, ...clause: readonly number[]): number[] => [
  ...op('block', type),
  ...[...op('try_table', VOID, 1, ...clause), ...RISK, ...END],
]
const modern: readonly Row[] = [
  ['try_table', recipe([], op('try_table', VOID, 0), bump, END)],
  ['try_table', recipe([I32], caught(I32, CATCH, TAG, 0), i32(9), END)],
  ['try_table', recipe([], caught(VOID, CATCH_ALL, 0), bump, END)],
  [
    'throw_ref',
    recipe([], caught(EXNREF, CATCH_ALL_REF, 0), op('ref.null', EXNREF), END, op('throw_ref')),
  ],
  [
    'throw_ref',
    // The inner block gives value and reference; the reference is thrown on.
    recipe(
      ...([
        [],
        op('block', VOID),
        op('block', VOID),
        op('try_table', VOID, 1, CATCH_ALL, 0),
      ] as const),
      ...([caught(EXNREF, CATCH_ALL_REF, 0), op('br', 2), END, op('throw_ref'), END, END] as const),
      ...([bump, END] as const),
    ),
  ],
]
const rows = (all: readonly Row[]): Recipes => all.map(([name, one]) => [codeOf(name), one])

/** Tried with tables that the host can see, too. */
export const CONTROL: Recipes = rows([...blocks, ...branches, ...calls, ...legacy])
/** Of their own: a module may not mix them with legacy exceptions. V8 knows them from 13.7 on. */
export const MODERN_EXCEPTIONS: Recipes = rows(modern)
