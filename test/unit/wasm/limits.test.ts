import { describe, expect, it } from 'vitest'
import { admit } from '../../../src/wasm/admit.ts'
import { DEFAULT_MODULE_LIMITS, type ModuleLimits, outputLimits } from '../../../src/wasm/limits.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { FUNCREF, I32, i32, text, u32, VOID } from '../../support/wasm/encoding.ts'
import { ModuleBuilder } from '../../support/wasm/module-builder.ts'

const END = 0x0b
const repeat = <T>(count: number, one: readonly T[]): T[] =>
  Array.from({ length: count }, () => one).flat()

/** A module that something is done to. */
function built(fill: (builder: ModuleBuilder) => void): Uint8Array {
  const builder = new ModuleBuilder()
  fill(builder)
  return builder.build()
}

/** One function without parameters and results. */
const code = (bytes: readonly number[], locals = 0): Uint8Array =>
  built((builder) => {
    const type = builder.type([], [])
    builder.function({ type, locals: repeat(locals, [I32]), code: bytes })
  })

/** The module, and a custom section of `size` bytes for each of `sizes`. */
const withCustom = (sizes: readonly number[]): Uint8Array => {
  const sections = sizes.flatMap((size) => [
    0,
    ...u32(size),
    ...text('x'),
    ...repeat(size - 2, [0]),
  ])
  return Uint8Array.from([...built(() => {}), ...sections])
}

const times = (count: number, add: (builder: ModuleBuilder, index: number) => void): Uint8Array =>
  built((builder) => {
    for (let index = 0; index < count; index += 1) add(builder, index)
  })

const BLOCK = [0x02, VOID, END]
const LOOP = [0x03, VOID, END]
const branchTable = (targets: number): number[] => [
  ...[...i32(0), 0x0e, ...u32(targets), ...repeat(targets + 1, [0])],
]
/** Two br_tables of fifty targets, in blocks of their own. */
const TWO_TABLES = repeat(2, [0x02, VOID, ...branchTable(50), END])

/** A module for each limit, and its measure: how much of it there is. */
const MODULES: Readonly<
  Record<keyof ModuleLimits, readonly [measure: number, module: Uint8Array]>
> = {
  moduleBytes: [3_000, withCustom([3_000 - 8 - 3])],
  bodyBytes: [1_000, code(repeat(998, [0x01]))],
  locals: [
    102,
    built((builder) => {
      const type = builder.type([I32, I32], [])
      builder.function({ type, locals: repeat(100, [I32]), code: [] })
    }),
  ],
  params: [30, built((builder) => void builder.type(repeat(30, [I32]), []))],
  results: [9, built((builder) => void builder.type([], repeat(9, [I32])))],
  nesting: [31, code([...repeat(30, [0x02, VOID]), ...repeat(30, [END])])],
  mergesTimesLocals: [2_000, code(repeat(40, BLOCK), 50)],
  loopsTimesLocals: [2_000, code(repeat(40, LOOP), 50)],
  loops: [40, code(repeat(40, LOOP))],
  branchTargets: [100, code(branchTable(100))],
  branchTargetSum: [102, code(TWO_TABLES)],
  functions: [
    30,
    times(
      30,
      (builder) => void builder.function({ type: builder.type([], []), locals: [], code: [] }),
    ),
  ],
  types: [30, times(30, (builder, index) => void builder.type(repeat(index, [I32]), []))],
  imports: [
    30,
    times(30, (builder, index) =>
      builder.import('env', `f${index}`, 'function', u32(builder.type([], []))),
    ),
  ],
  exports: [
    30,
    times(30, (builder, index) => {
      if (index === 0) builder.memories.push([0, 1])
      builder.export(`m${index}`, 'memory', 0)
    }),
  ],
  globals: [30, times(30, (builder) => builder.globals.push([I32, 1, ...i32(0), END]))],
  tags: [20, times(20, (builder) => builder.tags.push([0, builder.type([], [])]))],
  tables: [10, times(10, (builder) => builder.tables.push([FUNCREF, 0, 1]))],
  mergesTimesLocalsSum: [
    3_000,
    times(3, (builder) => {
      const type = builder.type([], [])
      builder.function({ type, locals: repeat(50, [I32]), code: repeat(20, BLOCK) })
    }),
  ],
  dataSegments: [20, times(20, (builder) => builder.data.push([1, 1, 0]))],
  elementSegments: [20, times(20, (builder) => builder.elements.push([1, 0, 0]))],
  elementEntries: [
    12,
    times(2, (builder) => {
      const index = builder.function({ type: builder.type([], []), locals: [], code: [] })
      builder.elements.push([1, 0, 6, ...repeat(6, [index])])
    }),
  ],
  tableEntries: [100, times(2, (builder) => builder.tables.push([FUNCREF, 0, 50]))],
  customSections: [20, withCustom(repeat(20, [10]))],
  customBytes: [200, withCustom(repeat(20, [10]))],
}

const limited = (name: string, value: number): ModuleLimits => ({
  ...DEFAULT_MODULE_LIMITS,
  [name]: value,
})
/** Runs what must be refused for its size, in one line. */
function expectRefused(admission: () => unknown): void {
  let refusal: unknown
  try {
    admission()
  } catch (error) {
    refusal = error
  }
  expect(refusal).toMatchObject({ code: 'INVALID_MODULE' })
  expect(String(refusal)).toMatch(/exceeds? /)
}

describe('each limit admits what is exactly at it, and refuses what is one above', () => {
  it('every limit there is has a module', () => {
    expect(Object.keys(MODULES).sort()).toEqual(Object.keys(DEFAULT_MODULE_LIMITS).sort())
  })
  it.each(Object.entries(MODULES))('%s', (name, [measure, module]) => {
    expect(WebAssembly.validate(module)).toBe(true)
    expect(() => admit(module, limited(name, measure))).not.toThrow()
    expectRefused(() => admit(module, limited(name, measure - 1)))
    expectRefused(() => meter(module, { limits: limited(name, measure - 1) }))
  })
  it.each(Object.entries(MODULES))(
    '%s: what was admitted is not refused after the rewrite',
    (name, [measure, module]) => {
      const limits = limited(name, measure)
      const { bytes } = meter(module, { limits })
      expect(() => admit(bytes, outputLimits(limits))).not.toThrow()
    },
  )
})

it('short loops full of blocks are not written several times where that is past a limit', () => {
  const loop = [0x03, VOID, ...repeat(18, BLOCK), ...i32(0), 0x0d, 0, END]
  const limits = { ...DEFAULT_MODULE_LIMITS, mergesTimesLocals: 30 * 19 * 50 }
  expect(() => meter(code(repeat(30, loop), 50), { limits })).not.toThrow()
})

describe('loops that count, which are written twice and in strips, are not past a limit then', () => {
  /** `blocks` empty blocks, then local 0 goes up to local 1: how many trips that is, nobody knows. */
  const counting = (blocks: number): number[] => [
    ...[0x03, VOID, ...repeat(blocks, BLOCK), 0x20, 0, ...i32(1), 0x6a, 0x22, 0],
    ...[0x20, 1, 0x47, 0x0d, 0, END],
  ]
  it.each([
    [1, 40, 20],
    [40, 20, 20],
    [64, 50, 60],
    [65, 50, 60],
    [64, 4_000, 2],
    [64, 4_000, 6],
    [125, 4_000, 3],
    [2_000, 250, 3],
  ])('%i of them, %i locals, %i blocks in each', (loops, locals, blocks) => {
    const module = code(repeat(loops, counting(blocks)), locals)
    const limits = { ...DEFAULT_MODULE_LIMITS, loops, loopsTimesLocals: loops * locals }
    expect(() => admit(module, limits)).not.toThrow()
    expect(() => meter(module, { limits })).not.toThrow()
  })
})

describe('the rewritten module is held to limits of its own', () => {
  /** They grow a lot: a loop of seven bytes becomes thirty, and bulk operations become functions. */
  const GROWING: readonly (readonly [string, Uint8Array, Partial<ModuleLimits>])[] = [
    [
      'a body of many short loops',
      code(repeat(100, [0x03, VOID, ...i32(0), 0x0d, 0, END])),
      { bodyBytes: 702 },
    ],
    [
      'one function with many kinds of table copies',
      built((builder) => {
        for (let index = 0; index < 10; index += 1) builder.tables.push([FUNCREF, 0, 1])
        const pairs = Array.from({ length: 100 }, (_, index) => [
          Math.floor(index / 10),
          index % 10,
        ])
        const copies = pairs.flatMap(([to = 0, from = 0]) => [
          ...[...i32(0), ...i32(0), ...i32(0), 0xfc, 14, to, from],
        ])
        builder.function({ type: builder.type([], []), locals: [], code: copies })
      }),
      { functions: 1, dataSegments: 0, imports: 0, exports: 0 },
    ],
  ]
  it.each(GROWING)('%s', (_, module, more) => {
    const limits = { ...DEFAULT_MODULE_LIMITS, ...more }
    expect(() => admit(module, limits)).not.toThrow()
    // Under the limits that everybody has it is metered; its output is what is too large here.
    const { bytes } = meter(module)
    expectRefused(() => admit(bytes, outputLimits(limits)))
    expectRefused(() => meter(module, { limits }))
  })
})
