import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { installHooks } from '../../../src/wasm/hooks.ts'
import { instanceOf } from '../../../src/wasm/instance.ts'
import { type MeterManifest, meter } from '../../../src/wasm/meter.ts'
import { trapPlace } from '../../../src/wasm/trap-place.ts'
import { debugSections, withDebugSections } from '../../support/wasm/debug-lines.ts'
import { i32 } from '../../support/wasm/encoding.ts'
import { build, FUNCREF, I32, type Parts } from '../../support/wasm-build.ts'

const GET = (local: number) => [0x20, local]
const UNREACHABLE = 0x00
const DIVIDE = [0x41, 1, 0x41, 0, 0x6d]
const COUNTED = [
  ...[0x41, 0, 0x21, 1, 0x03, 0x40, ...GET(0), 0x04, 0x40, 0x01, 0x0b],
  ...[...GET(1), 0x41, 1, 0x6a, 0x22, 1, 0x41, 60, 0x47, 0x0d, 0, 0x0b],
]

type Call = (...args: readonly number[]) => unknown
type Imports = WebAssembly.Imports

function stackOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof Error) return error.stack ?? ''
  }
  throw new TypeError('it did not trap')
}

/** What V8 says about the plain module: the offset of the innermost frame. */
function plainOffset(bytes: Uint8Array, args: readonly number[], imports: Imports = {}): number {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports)
  const stack = stackOf(() => (instance.exports['f'] as Call)(...args))
  return Number.parseInt(/:0x([0-9a-f]+)/.exec(stack)?.[1] ?? '', 16)
}

/** Where the content of the code section starts. */
function codeStart(bytes: Uint8Array): number {
  let at = 8
  for (;;) {
    const id = bytes[at]
    let [size, shift] = [0, 0]
    do {
      at += 1
      size |= ((bytes[at] ?? 0) & 127) << shift
      shift += 7
    } while ((bytes[at] ?? 0) > 127)
    at += 1
    if (id === 10) return at
    at += size
  }
}

/** Where V8 says that the outer of two functions stands. */
function callOf(bytes: Uint8Array): number {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {})
  const stack = stackOf(() => (instance.exports['f'] as Call)(0))
  return Number.parseInt([...stack.matchAll(/:0x([0-9a-f]+)/g)][1]?.[1] ?? '', 16)
}

function started(
  module: WebAssembly.Module,
  manifest: MeterManifest,
  imports: Imports,
  args: readonly number[],
  slice = 10n,
): () => unknown {
  const instance = instanceOf(module, manifest, imports)
  const gauge = instance.exports[manifest.fuel] as { value: bigint }
  const refill = () => {
    gauge.value = slice
  }
  installHooks(instance, manifest, { refill, grow: () => true, tableGrow: () => true })
  return () => (instance.exports['f'] as Call)(...args)
}

function placed(
  bytes: Uint8Array,
  args: readonly number[],
  linked = false,
  imports: Imports = {},
  slice?: bigint,
) {
  const { bytes: output, manifest, offsets, lines } = meter(bytes, { linked })
  const module = new WebAssembly.Module(output)
  const [names] = WebAssembly.Module.customSections(module, 'name')
  return trapPlace(
    { offsets, lines, names: names && new Uint8Array(names) },
    stackOf(started(module, manifest, imports, args, slice)),
  )
}

const guest = (functions: Parts['functions'], over: Partial<Parts> = {}): Uint8Array =>
  build({
    types: [
      [[I32], [I32]],
      [[], []],
    ],
    functions,
    exports: [['f', 0, 0]],
    ...over,
  })

const withNames = (bytes: Uint8Array, names: readonly number[]): Uint8Array =>
  Uint8Array.from([...bytes, 0, names.length + 5, 4, ...Buffer.from('name'), ...names])

const ADDRESS = [0x41, 0x7f]
const ONE_FUNCTION: readonly (readonly [string, readonly number[]])[] = [
  ['unreachable', [UNREACHABLE]],
  ['a division', DIVIDE],
  ['a division behind loops', [...COUNTED, ...COUNTED, ...DIVIDE]],
  ['a load', [...GET(1), 0x1a, ...ADDRESS, 0x28, 0, 0]],
  [
    'a store in a loop',
    [0x03, 0x40, ...GET(1), 0x1a, ...ADDRESS, ...ADDRESS, 0x36, 0, 0, 0x0c, 0, 0x0b, ...GET(0)],
  ],
  ['a call through an empty table', [...GET(0), 0x41, 1, 0x11, 0, 0]],
]
const TABLE: Parts['tables'] = [[FUNCREF, 0, 4]]

describe('where a trap happened', () => {
  it.each(ONE_FUNCTION)('%s is where V8 says it is in the original', (_, code) => {
    for (const [locals, before] of [
      [2, []],
      [300, COUNTED],
    ] as const) {
      const bytes = guest([[0, [[locals, I32]], [...before, ...code]]], { tables: TABLE })
      const expected = plainOffset(bytes, [0])
      expect(expected).toBeGreaterThan(0)
      for (const linked of [false, true]) {
        expect(placed(bytes, [0], linked)).toEqual({ index: 0, name: undefined, offset: expected })
      }
    }
  })
  it('random code in front of it and behind it does not move it', () => {
    const step = fc.constantFrom<readonly number[]>(
      [0x01],
      COUNTED,
      [...GET(1), 0x41, 1, 0x6a, 0x21, 2],
      [...GET(0), 0x10, 1, 0x21, 2],
      [0x02, 0x40, ...GET(1), 0x0d, 0, 0x01, 0x0b],
      [...GET(2), 0x04, 0x40, ...COUNTED, 0x05, 0x01, 0x0b],
      [0x41, 1, 0x41, 2, 0x41, 3, 0xfc, 11, 0],
      [0x41, 0, 0x40, 0, 0x1a],
    )
    const steps = fc.array(step, { maxLength: 30 }).map((parts) => parts.flat())
    fc.assert(
      fc.property(steps, steps, fc.integer({ min: 2, max: 200 }), (before, behind, locals) => {
        const code = [...before, ...DIVIDE, 0x1a, ...behind, ...GET(1)]
        const bytes = guest([
          [0, [[locals, I32]], code],
          [0, [], GET(0)],
        ])
        expect(placed(bytes, [0])?.offset).toBe(plainOffset(bytes, [0]))
      }),
      { numRuns: 100 },
    )
  })
  it.each([1, 2, 3, 4, 5, 9])(
    'in trip %i of a loop whose trips are written several times',
    (trip) => {
      const step = Math.ceil(65_536 / trip)
      const next = [...GET(1), ...i32(step), 0x6a, 0x22, 1]
      const walk = [0x03, 0x40, ...next, 0x2d, 0, 0, 0x45, 0x0d, 0, 0x0b]
      const bytes = guest([[0, [[3, I32]], [...COUNTED, 0x41, 0, 0x21, 1, ...walk, ...GET(1)]]])
      expect(placed(bytes, [0])?.offset).toBe(plainOffset(bytes, [0]))
    },
  )
  it.each([10n, 1_000n])('in a loop that is written twice, with %i units at a time', (slice) => {
    // Loads from 0 on in steps of 32 KiB, while local 2 counts to five.
    const load = [...GET(1), 0x2d, 0, 0, 0x1a, ...GET(1), ...i32(32_768), 0x6a, 0x21, 1]
    const walk = [0x03, 0x40, ...load, ...GET(2), 0x41, 1, 0x6a, 0x22, 2]
    const around = [...walk, ...GET(3), 0x47, 0x0d, 0, 0x0b]
    const code = [...COUNTED, ...[0x41, 0, 0x21, 1, 0x41, 5, 0x21, 3], ...around, ...GET(1)]
    const bytes = guest([[0, [[3, I32]], code]])
    expect(placed(bytes, [0], false, {}, slice)?.offset).toBe(plainOffset(bytes, [0]))
  })
  it('a bulk operation traps in code of ours, and is found where the guest has it', () => {
    const fill = [0x41, 0x7f, 0x41, 0, 0x41, 9, 0xfc, 11, 0]
    const bytes = guest([[0, [[2, I32]], [...COUNTED, ...fill, ...GET(0)]]])
    expect(placed(bytes, [0])?.offset).toBe(plainOffset(bytes, [0]))
  })
  it('functions behind imports and behind other functions keep their index', () => {
    const bytes = guest(
      [
        [1, [], []],
        [0, [], [...GET(0), 0x10, 3]],
        [0, [[1, I32]], [...COUNTED, ...DIVIDE]],
      ],
      { imports: [['m', 'g', 0, 1]], exports: [['f', 0, 2]] },
    )
    const imports = { m: { g: () => {} } }
    const expected = plainOffset(bytes, [0], imports)
    expect(placed(bytes, [0], false, imports)).toMatchObject({ index: 3, offset: expected })
  })
  it('has the name that the name section gives, in V8’s own trace too', () => {
    const bytes = withNames(guest([[0, [], DIVIDE]]), [1, 8, 1, 0, 5, ...Buffer.from('fault')])
    expect(placed(bytes, [0])).toMatchObject({ index: 0, name: 'fault' })
    const { bytes: output, manifest } = meter(bytes)
    expect(stackOf(started(new WebAssembly.Module(output), manifest, {}, [0]))).toContain(
      'fault (wasm://',
    )
  })
  it.each([
    ['that is cut short', [1, 8, 1, 0, 90, 0x66]],
    ['with a size past its end', [1, 99]],
    ['that is not text', [1, 5, 1, 0, 2, 0xff, 0xff]],
  ])('a name section %s gives no name', (_, names) => {
    expect(placed(withNames(guest([[0, [], DIVIDE]]), names), [0])).toMatchObject({
      name: undefined,
    })
  })
  it('a stack without a function of the guest has no place', () => {
    const { offsets, lines } = meter(guest([[0, [], DIVIDE]]))
    const place = (stack: string) => trapPlace({ offsets, lines, names: undefined }, stack)
    expect(place('RuntimeError: x\n    at y (file.js:1:1)')).toBeUndefined()
    expect(place('at wasm://wasm/ab:wasm-function[77]:0x40')).toBeUndefined()
    expect(place('at wasm://wasm/ab:wasm-function[0]:0xffffffff')).toBeUndefined()
  })
  it('no more functions are looked at than V8 names, whatever a name looks like', () => {
    const { bytes, manifest, offsets, lines } = meter(guest([[0, [], DIVIDE]]))
    const stack = stackOf(started(new WebAssembly.Module(bytes), manifest, {}, [0]))
    const foreign = 'at x (wasm://wasm/ab:wasm-function[77]:0x40)\n'
    const place = (count: number) =>
      trapPlace({ offsets, lines, names: undefined }, `${foreign.repeat(count)}${stack}`)
    expect(place(9)).toBeDefined()
    expect(place(10)).toBeUndefined()
  })
})

describe('the line of the source', () => {
  /** f calls g behind some code, and g divides. */
  const caller = guest([
    [0, [[2, I32]], [...COUNTED, ...GET(0), 0x10, 1]],
    [0, [[2, I32]], [...COUNTED, ...DIVIDE]],
  ])
  const code = codeStart(caller)
  const at = plainOffset(caller, [0]) - code
  const FILES = ['part.c']
  const sequenceAt = (address: number, line: number) => {
    const row = { after: 0, file: 0, line }
    return { start: address, rows: [row, { ...row, after: 1, line: line + 1 }], last: 1 }
  }
  const withLines = (version: number, ...sequences: readonly ReturnType<typeof sequenceAt>[]) =>
    placed(withDebugSections(caller, debugSections([{ version, files: FILES, sequences }])), [0])

  it.each([2, 3, 4, 5])('is that of the innermost function, in version %i', (version) => {
    const place = withLines(version, sequenceAt(at, 40), sequenceAt(callOf(caller) - code, 30))
    expect(place).toMatchObject({ index: 1, offset: at + code })
    expect(place?.source).toEqual({ index: 1, name: undefined, file: 'part.c', line: 40 })
  })
  it('is that of the caller where only it has one', () => {
    const place = withLines(4, sequenceAt(callOf(caller) - code, 30))
    expect(place).toMatchObject({ index: 1, offset: at + code })
    expect(place?.source).toEqual({ index: 0, name: undefined, file: 'part.c', line: 30 })
  })
  it('is found for a call that is the first instruction of its function', () => {
    const first = guest([
      [0, [[2, I32]], [0x10, 1, ...GET(0)]],
      [1, [], [UNREACHABLE]],
    ])
    const sequences = [sequenceAt(callOf(first) - codeStart(first), 60)]
    const sections = debugSections([{ version: 4, files: FILES, sequences }])
    expect(placed(withDebugSections(first, sections), [0])?.source).toMatchObject({ line: 60 })
  })
  it('is not there where no function has one', () => {
    expect(withLines(4, sequenceAt(at + 100, 5))?.source).toBeUndefined()
  })
})
