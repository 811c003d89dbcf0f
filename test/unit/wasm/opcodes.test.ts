import { describe, expect, it } from 'vitest'
import { admit } from '../../../src/wasm/admit.ts'
import { OPCODES, prefixed } from '../../../src/wasm/decode/opcodes.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { compare } from '../../support/wasm/compare.ts'
import { instructionsOf } from '../../support/wasm/instructions.ts'
import { CONTROL, MODERN_EXCEPTIONS } from '../../support/wasm/recipes/control.ts'
import { NUMERIC } from '../../support/wasm/recipes/numeric.ts'
import { encoded, type Recipe, type Recipes } from '../../support/wasm/recipes/recipe.ts'
import { REFERENCES, STORAGE } from '../../support/wasm/recipes/storage.ts'
import { host, prepare } from '../../support/wasm/recipes/surroundings.ts'
import { VECTOR } from '../../support/wasm/recipes/vector.ts'
import { startModule } from '../../support/wasm-modules.ts'

const RECIPES: Recipes = [
  ...NUMERIC,
  ...STORAGE,
  ...REFERENCES,
  ...CONTROL,
  ...MODERN_EXCEPTIONS,
  ...VECTOR,
]
/** Their modules are tried a second time, with tables the host can see. */
const WITH_TABLES = new Set([...REFERENCES, ...CONTROL].map(([, recipe]) => recipe))

const recipesOf = (code: number): readonly Recipe[] =>
  RECIPES.filter(([own]) => own === code).map(([, recipe]) => recipe)

/** Numbers that nobody assigned: the table has them, every V8 refuses them. */
const UNASSIGNED: ReadonlySet<number> = new Set(
  [
    ...[154, 162, 165, 166, 175, 176, 178, 179, 180, 187, 194, 197, 198, 207, 208],
    ...[210, 211, 212, 226, 238],
  ].map((number) => prefixed(0xfd, number)),
)
/** Instructions that a supported V8 may not know yet. The first version of V8 that does. */
const SINCE: ReadonlyMap<string, number> = new Map([
  ['try_table', 13.7],
  ['throw_ref', 13.7],
  ...Array.from({ length: 20 }, (_, index) => [`simd.${256 + index}`, 11.4] as const),
])
const V8 = Number(process.versions.v8.split('.').slice(0, 2).join('.'))

/** The opcodes of a recipe's code. */
function executed(recipe: Recipe): readonly number[] {
  const bytes = Uint8Array.from(recipe.code(0))
  return [...instructionsOf(bytes, 0, bytes.length)].map(({ code }) => code)
}

const rows = [...OPCODES].map(([code, { name }]) => [name, code] as const)

describe('every row of the opcode table', () => {
  it.each(rows.filter(([, code]) => !UNASSIGNED.has(code)))(
    '%s counts exactly and changes nothing: alone, in a loop, at the end of an arm, before a branch',
    (name, code) => {
      const recipes = recipesOf(code)
      expect(recipes.length, 'recipes').toBeGreaterThan(0)
      for (const recipe of recipes) expect(executed(recipe)).toContain(code)
      const seen = recipes.some((recipe) => WITH_TABLES.has(recipe))
      for (const exported of seen ? [false, true] : [false]) {
        const { bytes, calls } = prepare(recipes, exported)
        if (V8 < (SINCE.get(name) ?? 0)) {
          expect(WebAssembly.validate(bytes)).toBe(false)
          expect(() => meter(bytes)).toThrow('exec format error: invalid module')
        } else expect(compare({ bytes, host, calls }, { slices: [1n, 1n << 40n] })).toEqual([])
      }
    },
  )
  it.each(rows.filter(([, code]) => UNASSIGNED.has(code)))('%s is refused', (_, code) => {
    expect(recipesOf(code)).toEqual([])
    const bytes = startModule([0x00, ...encoded(code), 0x00])
    expect(WebAssembly.validate(bytes)).toBe(false)
    expect(() => meter(bytes)).toThrow('exec format error: invalid module')
  })
  it('try_table is decoded with every kind of catch clause, whatever V8 knows', () => {
    const clauses = [...[0, 0, 0], ...[1, 0, 0], ...[2, 0], ...[3, 0]]
    expect(() => admit(startModule([0x1f, 0x40, 4, ...clauses, 0x0b]))).not.toThrow()
    // One end too few: had a clause been read wrongly, the decoder would be out of step.
    expect(() => admit(startModule([0x1f, 0x40, 4, ...clauses]))).toThrow('has no end')
  })
})
