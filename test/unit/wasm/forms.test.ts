import { describe, expect, it } from 'vitest'
import { WEIGHTS } from '../../../src/wasm/decode/weights.ts'
import { installHooks } from '../../../src/wasm/hooks.ts'
import { instanceOf } from '../../../src/wasm/instance.ts'
import { type MeterOptions, meter } from '../../../src/wasm/meter.ts'
import { build, EXTERNREF, FUNCREF, I32, I64, type Parts } from '../../support/wasm-build.ts'

type Imports = Record<string, Record<string, WebAssembly.ImportValue>>

interface Ran {
  readonly result: unknown
  readonly fuel: bigint
  readonly form: string
}

/** Runs export `f` of the metered module, with little fuel at a time. */
function ran(
  bytes: Uint8Array,
  args: readonly unknown[],
  imports: Imports = {},
  options: Partial<MeterOptions> = {},
): Ran {
  const { bytes: output, manifest } = meter(bytes, options)
  const instance = instanceOf(new WebAssembly.Module(output), manifest, imports)
  const gauge = instance.exports[manifest.fuel] as { value: bigint }
  const slice = 20n
  let granted = slice
  gauge.value = slice
  const refill = () => {
    granted += slice - gauge.value
    gauge.value = slice
  }
  installHooks(instance, manifest, { refill, grow: () => true, tableGrow: () => true })
  if (manifest.start !== undefined) (instance.exports[manifest.start] as () => void)()
  const run = instance.exports['f'] as (...args: readonly unknown[]) => unknown
  let result: unknown
  try {
    result = run(...args)
  } catch (error) {
    result = error instanceof WebAssembly.RuntimeError ? error.message : error
  }
  return { result, fuel: granted - gauge.value, form: manifest.form }
}

function plain(bytes: Uint8Array, args: readonly unknown[], imports: Imports = {}): unknown {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports)
  return (instance.exports['f'] as (...args: readonly unknown[]) => unknown)(...args)
}

const F = ['f', 0, 0] as const
const CALL = BigInt(WEIGHTS.call)
/** Types every module below has: 0 (i32)->(i32), 1 ()->(), 2 (i32,i32)->(i32,i32). */
const TYPES: Parts['types'] = [
  [[I32], [I32]],
  [[], []],
  [
    [I32, I32],
    [I32, I32],
  ],
]
const GET = (local: number) => [0x20, local]
const ONE = [0x41, 1]
/** n < 2 ? n : f(n - 1) + f(n - 2) */
const FIBONACCI = [
  ...[...GET(0), 0x41, 2, 0x48, 0x04, I32, ...GET(0), 0x05],
  ...[...GET(0), ...ONE, 0x6b, 0x10, 0, ...GET(0), 0x41, 2, 0x6b, 0x10, 0, 0x6a, 0x0b],
]

/** local 0 = 0; try_table (catch_all $loop) throws; end; end; unreachable */
const AGAIN = [
  ...[0x41, 0, 0x21, 0],
  ...[0x1f, 0x40, 1, 2, 0, ...GET(0), 0x10, 1, 0x1a, 0x0b, 0x0b, 0x00],
]

describe('fuel passed through calls', () => {
  const cases: readonly (readonly [string, Partial<Parts> & Pick<Parts, 'functions'>, unknown])[] =
    [
      ['recursion', { functions: [[0, [], FIBONACCI]] }, 55],
      [
        'a branch to the function’s label, with a value',
        { functions: [[0, [], [...GET(0), 0x0c, 0]]] },
        10,
      ],
      [
        'a conditional branch to it out of a block',
        { functions: [[0, [], [0x02, I32, ...GET(0), ...GET(0), 0x0d, 1, 0x0b, 0x1a, 0x41, 7]]] },
        10,
      ],
      [
        'a br_table to it',
        { functions: [[0, [], [0x02, 0x40, ...ONE, ...GET(0), 0x0e, 1, 1, 1, 0x0b, 0x41, 7]]] },
        1,
      ],
      ['a return', { functions: [[0, [], [...GET(0), 0x0f]]] }, 10],
      [
        'a first local of a reference type, and more behind it',
        {
          functions: [
            [
              0,
              [
                [0, I64],
                [2, EXTERNREF],
                [1, I32],
              ],
              [...GET(1), 0xd1, 0x21, 3, ...GET(3), 0x22, 3, ...GET(0), 0x6a],
            ],
          ],
        },
        11,
      ],
      [
        'two results',
        {
          functions: [
            [0, [], [...GET(0), ...ONE, 0x10, 1, 0x6b]],
            [2, [], [...GET(1), ...GET(0), 0x0c, 0]],
          ],
        },
        -9,
      ],
      [
        'a tail call',
        {
          functions: [
            [0, [], [...GET(0), 0x12, 1]],
            [0, [], [...GET(0), ...ONE, 0x6a]],
          ],
        },
        11,
      ],
      [
        'a million tail calls',
        {
          functions: [
            [0, [], [0x41, 192, 132, 61, 0x12, 1]],
            [
              0,
              [],
              [...GET(0), 0x45, 0x04, I32, 0x41, 3, 0x05, ...GET(0), ...ONE, 0x6b, 0x12, 1, 0x0b],
            ],
          ],
        },
        3,
      ],
      [
        'an exception caught where it was thrown',
        {
          tags: [1],
          functions: [[0, [], [0x06, I32, 0x08, 0, 0x07, 0, 0x41, 4, 0x0b]]],
        },
        4,
      ],
      [
        'an exception from a call, and one rethrown',
        {
          tags: [1],
          functions: [
            [
              0,
              [],
              [
                0x06,
                I32,
                0x06,
                I32,
                ...GET(0),
                0x10,
                1,
                0x19,
                0x09,
                0,
                0x0b,
                0x07,
                0,
                0x41,
                4,
                0x0b,
              ],
            ],
            [0, [], [0x08, 0]],
          ],
        },
        4,
      ],
      [
        'an exception delegated to the function',
        {
          tags: [1],
          functions: [
            [0, [], [0x06, I32, ...GET(0), 0x10, 1, 0x19, 0x41, 6, 0x0b]],
            [0, [], [0x06, I32, 0x08, 0, 0x18, 0]],
          ],
        },
        6,
      ],
    ]
  it.each(cases)('%s', (_, parts, expected) => {
    const bytes = build({ types: TYPES, exports: [F], ...parts })
    expect(plain(bytes, [10])).toEqual(expected)
    expect(ran(bytes, [10])).toMatchObject({ result: expected, form: 'pass' })
  })
  it.each([
    // block; try_table (catch_all 0) call 1; end; br out with 5; end; 4
    [
      'a block',
      [0x02, 0x40, 0x1f, 0x40, 1, 2, 0, ...GET(0), 0x10, 1, 0x1a, 0x0b, 0x0b, 0x41, 4],
      4,
    ],
    ['a loop', [0x03, 0x40, ...GET(0), 0x45, 0x04, 0x40, 0x41, 8, 0x0f, 0x0b, ...AGAIN], 8],
    ['the function', [0x1f, 0x40, 1, 0, 0, 0, ...GET(0), 0x10, 1, 0x0c, 1, 0x0b, 0x41, 3], 10],
  ])('an exception that try_table sends to %s', (_, code, expected) => {
    const bytes = build({
      types: [...TYPES, [[I32], []]],
      tags: [3],
      functions: [
        [0, [], code],
        [0, [], [...GET(0), 0x08, 0]],
      ],
      exports: [F],
    })
    // Not in the oldest V8 we run on.
    if (!WebAssembly.validate(bytes)) expect(() => meter(bytes)).toThrow('invalid module')
    else {
      expect(plain(bytes, [10])).toEqual(expected)
      expect(ran(bytes, [10])).toMatchObject({ result: expected, form: 'pass' })
    }
  })
  it.each([
    ['a call', [0x10, 1], 1n],
    [
      'a call through a table',
      [0x41, 0, 0x11, 0, 0],
      1n + BigInt(WEIGHTS.callIndirect) - CALL + 1n,
    ],
    ['a call that throws in a function further down', [0x10, 2], 1n + CALL + 1n],
  ])('what stands behind %s that throws is not paid for', (_, call, units) => {
    const behind = Array.from({ length: 50 }, () => [...GET(0), 0x1a]).flat()
    const bytes = build({
      types: TYPES,
      tags: [1],
      functions: [
        [0, [], [0x06, I32, ...GET(0), ...call, ...behind, 0x07, 0, 0x41, 4, 0x0b]],
        [0, [], [0x08, 0]],
        [0, [], [...GET(0), 0x10, 1, ...behind]],
      ],
      tables: [[FUNCREF, 0, 1]],
      elements: [[0, 0x41, 0, 0x0b, 1, 1]],
      exports: [F],
    })
    const fuel = CALL + units + BigInt(WEIGHTS.throw) + 1n
    expect(ran(bytes, [10])).toMatchObject({ result: 4, fuel })
  })
  it('an import sees the fuel, and what it takes is taken', () => {
    const bytes = build({
      types: TYPES,
      imports: [['m', 'g', 0, 0]],
      functions: [[0, [], [...GET(0), 0x10, 0]]],
      exports: [['f', 0, 1]],
    })
    const once = ran(bytes, [10], { m: { g: (n: number) => n + 1 } })
    expect(once).toMatchObject({ result: 11, fuel: 1n + CALL })
  })
  it('a start function is metered, under a name of ours', () => {
    const bytes = build({
      types: TYPES,
      globals: [[I32, 1, 0x41, 0, 0x0b]],
      functions: [
        [0, [], [0x23, 0]],
        [1, [], [0x41, 9, 0x24, 0]],
      ],
      exports: [F],
      start: 1,
    })
    expect(ran(bytes, [0])).toMatchObject({ result: 9, fuel: 1n + 2n * BigInt(WEIGHTS.global) })
  })
  it('tail calls of an import come back with its result', () => {
    const bytes = build({
      types: TYPES,
      imports: [['m', 'g', 0, 0]],
      functions: [[0, [], [...GET(0), 0x12, 0]]],
      exports: [['f', 0, 1]],
    })
    expect(ran(bytes, [10], { m: { g: (n: number) => n + 1 } })).toMatchObject({
      result: 11,
      fuel: 1n + CALL,
    })
  })
})

/** Adds what functions 0 (an import), 1 and 2 of table 0 make of n, called by their place. */
const indirect = (place: number) => [...GET(0), 0x41, place, 0x11, 0, 0]
const CALL_ALL = [...indirect(0), ...indirect(1), 0x6a, ...indirect(2), 0x6a]
const shared = (over: Partial<Parts>): Uint8Array =>
  build({
    types: TYPES,
    imports: [['m', 'g', 0, 0]],
    tables: [[FUNCREF, 0, 8]],
    functions: [
      [0, [], [...GET(0), ...ONE, 0x6a]],
      [0, [], [...GET(0), ...GET(0), 0x6a]],
      [0, [], CALL_ALL],
    ],
    exports: [['f', 0, 3]],
    ...over,
  })
const AT_ZERO = [0x41, 0, 0x0b]
const ALL = [0xd2, 0, 0x0b, 0xd2, 1, 0x0b, 0xd2, 2, 0x0b]
const INIT = [0x41, 0, 0x41, 0, 0x41, 3, 0xfc, 12, 0, 0]
const SEGMENTS: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['kind 0', [0, ...AT_ZERO, 3, 0, 1, 2], []],
  ['kind 1', [1, 0, 3, 0, 1, 2], INIT],
  ['kind 2', [2, 0, ...AT_ZERO, 0, 3, 0, 1, 2], []],
  ['kind 4', [4, ...AT_ZERO, 3, ...ALL], []],
  ['kind 5', [5, FUNCREF, 3, ...ALL], INIT],
  ['kind 6', [6, 0, ...AT_ZERO, FUNCREF, 3, ...ALL], []],
]
const DECLARED: readonly (readonly [string, readonly number[]])[] = [
  ['kind 3', [3, 0, 3, 0, 1, 2]],
  ['kind 7', [7, FUNCREF, 3, ...ALL]],
]
const setFrom = (place: number) => [0x41, place, 0xd2, place, 0x26, 0]

describe('functions as values', () => {
  const imports = { m: { g: (n: number) => n + 100 } }
  const withCode = (code: readonly number[]): Parts['functions'] => [
    [0, [], [...GET(0), ...ONE, 0x6a]],
    [0, [], [...GET(0), ...GET(0), 0x6a]],
    [0, [], code],
  ]
  const modules: readonly (readonly [string, Partial<Parts> & Pick<Parts, 'functions'>])[] = [
    ...SEGMENTS.map(
      ([name, segment, init]) =>
        [name, { elements: [segment], functions: withCode([...init, ...CALL_ALL]) }] as const,
    ),
    ...DECLARED.map(
      ([name, segment]) =>
        [
          name,
          {
            elements: [segment],
            functions: withCode([...setFrom(0), ...setFrom(1), ...setFrom(2), ...CALL_ALL]),
          },
        ] as const,
    ),
    [
      'exported functions by ref.func',
      {
        functions: withCode([...setFrom(0), ...setFrom(1), ...setFrom(2), ...CALL_ALL]),
        exports: [
          ['f', 0, 3],
          ['a', 0, 0],
          ['b', 0, 1],
          ['c', 0, 2],
        ],
      },
    ] as const,
    [
      'a global',
      {
        globals: [
          [FUNCREF, 0, 0xd2, 0, 0x0b],
          [FUNCREF, 0, 0xd2, 1, 0x0b],
          [FUNCREF, 0, 0xd2, 2, 0x0b],
        ],
        functions: withCode([
          ...[0x41, 0, 0x23, 0, 0x26, 0, 0x41, 1, 0x23, 1, 0x26, 0, 0x41, 2, 0x23, 2, 0x26, 0],
          ...CALL_ALL,
        ]),
      },
    ] as const,
  ]
  it.each(modules)('in %s are called, and counted the same in each form', (_, over) => {
    const own = shared(over)
    expect(plain(own, [10], imports)).toBe(141)
    const pass = ran(own, [10], imports)
    expect(pass).toMatchObject({ result: 141, form: 'pass' })
    const exports: Parts['exports'] = [...(over.exports ?? [['f', 0, 3]]), ['t', 1, 0]]
    const mixed = ran(shared({ ...over, exports }), [10], imports, { linked: true })
    expect(mixed).toEqual({ ...pass, form: 'mixed' })
    // One more function that nobody calls: return_call_indirect of type 1.
    const functions = [...over.functions, [1, [], [0x41, 0, 0x13, 1, 0]] as const]
    const global = ran(shared({ ...over, exports, functions }), [10], imports, { linked: true })
    expect(global).toEqual({ ...pass, form: 'global' })
  })
  it('count loops the same in each form, with as many trips as fuel reaches and with more', () => {
    // Counts local 1 up to n - 1, then to n; the way from 0 is not known before.
    const loop = [0x03, 0x40, ...GET(1), ...ONE, 0x6a, 0x22, 1, ...GET(0), 0x47, 0x0d, 0, 0x0b]
    const code = [...loop, 0x41, 0, 0x21, 1, ...loop, ...GET(1)]
    for (const n of [1, 2, 3, 100]) {
      const functions: Parts['functions'] = [[0, [[1, I32]], code]]
      const over = { functions, elements: [[0, ...AT_ZERO, 1, 1] as const] }
      const exports: Parts['exports'] = [['f', 0, 1]]
      const pass = ran(shared({ ...over, exports }), [n], imports)
      expect(pass).toMatchObject({ result: n, form: 'pass' })
      const more: Parts['exports'] = [...exports, ['t', 1, 0]]
      const mixed = ran(shared({ ...over, exports: more }), [n], imports, { linked: true })
      expect(mixed).toEqual({ ...pass, form: 'mixed' })
      const tail = [1, [], [0x41, 0, 0x13, 1, 0]] as const
      const bytes = shared({ ...over, exports: more, functions: [...functions, tail] })
      expect(ran(bytes, [n], imports, { linked: true })).toEqual({ ...pass, form: 'global' })
    }
  })
  it('are tail called through a table', () => {
    const bytes = shared({
      elements: [[0, ...AT_ZERO, 3, 0, 1, 2]],
      functions: withCode([...GET(0), ...GET(0), 0x13, 0, 0]),
    })
    for (const [place, result] of [100, 2, 4].entries()) {
      expect(plain(bytes, [place], imports)).toBe(result)
      const fuel = 2n + BigInt(WEIGHTS.callIndirect) + (place === 0 ? 0n : 3n)
      expect(ran(bytes, [place], imports)).toMatchObject({ result, fuel })
    }
  })
  it.each([
    ['an unfilled place', 7],
    ['a place past the end', 9],
  ])('trap at %s as they would have', (_, place) => {
    const bytes = shared({ functions: withCode([...GET(0), 0x41, place, 0x11, 0, 0]) })
    expect(() => plain(bytes, [1], imports)).toThrow(WebAssembly.RuntimeError)
    expect(ran(bytes, [1], imports).result).toMatch(
      /null function|out of bounds|signature mismatch/,
    )
  })
  it('trap when called by another type that a twin of theirs looks like', () => {
    const bytes = build({
      // 0: ()->(); its twin is type 1: (i64)->(i64)
      types: [
        [[], []],
        [[I64], [I64]],
      ],
      tables: [[FUNCREF, 0, 1]],
      functions: [
        [0, [], [0x42, 0, 0x41, 0, 0x11, 1, 0, 0x1a]],
        [0, [], []],
      ],
      elements: [[0, ...AT_ZERO, 1, 1]],
      exports: [F],
    })
    expect(() => plain(bytes, [])).toThrow(WebAssembly.RuntimeError)
    expect(ran(bytes, []).result).toMatch(/signature mismatch|type incompatibility/)
  })
})

describe('the form of a module', () => {
  const reasonOf = (over: Partial<Parts>, linked = false) =>
    meter(shared(over), { linked }).manifest.formReason
  it('is pass when nothing that holds functions is imported, and exports of such are dropped', () => {
    const over = {
      exports: [
        ...([
          ['f', 0, 3],
          ['t', 1, 0],
        ] as const),
      ],
    }
    const { bytes, manifest } = meter(shared(over))
    expect(manifest.form).toBe('pass')
    const names = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name)
    expect(names).toContain('f')
    expect(names).not.toContain('t')
  })
  it.each([
    [
      'an imported table',
      { imports: [['m', 't', 1, FUNCREF, 0, 1] as const], tables: [] },
      'table t',
    ],
    ['an imported global', { imports: [['m', 'r', 3, FUNCREF, 0] as const] }, 'global r'],
    [
      'an import that takes a function',
      { types: [...TYPES, [[FUNCREF], []] as const], imports: [['m', 'h', 0, 3] as const] },
      'function h',
    ],
    [
      'an imported tag that carries one',
      { types: [...TYPES, [[FUNCREF], []] as const], imports: [['m', 'e', 4, 0, 3] as const] },
      'tag e',
    ],
  ])('is mixed with %s', (_, over, what) => {
    const [one] = over.imports
    const imports: Parts['imports'] = [['m', 'g', 0, 0], one ?? ['', '', 0, 0]]
    // One function more in front when the import is one.
    expect(reasonOf({ ...over, imports, functions: [[1, [], []]], exports: [] })).toContain(what)
  })
  it('is mixed for a linked module with an exported table', () => {
    expect(reasonOf({ exports: [['t', 1, 0]] }, true)).toContain('table t')
    expect(reasonOf({ exports: [] }, true)).toBeUndefined()
  })
  it('lets another instance call through a shared table', () => {
    const table = new WebAssembly.Table({ element: 'anyfunc', initial: 8 })
    const imports: Imports = { m: { g: (n: number) => n + 100, t: table } }
    const bytes = shared({
      imports: [
        ['m', 'g', 0, 0],
        ['m', 't', 1, FUNCREF, 0, 8],
      ],
      tables: [],
      elements: [[0, ...AT_ZERO, 3, 0, 1, 2]],
    })
    expect(ran(bytes, [10], imports)).toMatchObject({ result: 141, form: 'mixed' })
    expect((table.get(1) as (n: number) => number)(10)).toBe(11)
  })
})
