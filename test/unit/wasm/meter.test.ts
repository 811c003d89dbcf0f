import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OPCODES } from '../../../src/wasm/decode/opcodes.ts'
import { MOST_PADDING, MOST_TABLE_PADDING, WEIGHTS } from '../../../src/wasm/decode/weights.ts'
import { installHooks } from '../../../src/wasm/hooks.ts'
import { instanceOf } from '../../../src/wasm/instance.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { raiseTrap } from '../../../src/wasm/trap.ts'
import { costOf } from '../../support/wasm-cost.ts'
import { CATCH_ALL_LOOP, moduleOf, section, startModule } from '../../support/wasm-modules.ts'

const I32 = 0x7f
const leb = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]

/** (func (export "f") (param i32) (result i32) (local i32) code) */
function functionOf(code: readonly number[]): Uint8Array {
  const body = [1, 1, I32, ...code, 0x0b]
  return moduleOf(
    section(1, [1, 0x60, 1, I32, 1, I32]),
    section(3, [1, 0]),
    section(5, [1, 1, 1, 4]),
    section(7, [1, 1, 0x66, 0, 0]),
    section(10, [1, ...leb(body.length), ...body]),
  )
}

interface Ran {
  readonly result: unknown
  readonly fuel: bigint
  readonly refills: number
}

/** Runs an export of the metered form, granting `slice` units at a time, and counts. */
function ran(
  bytes: Uint8Array,
  name: string,
  args: readonly number[],
  slice: bigint,
  most = 10_000,
): Ran {
  const { bytes: output, manifest } = meter(bytes)
  const instance = instanceOf(new WebAssembly.Module(output), manifest, {})
  const gauge = instance.exports[manifest.fuel] as { value: bigint }
  let granted = slice
  let refills = 0
  gauge.value = slice
  installHooks(instance, manifest, {
    refill: () => {
      refills += 1
      if (refills > most) raiseTrap()
      granted += slice - gauge.value
      gauge.value = slice
    },
    grow: (pages, more) => pages + more <= 2,
    tableGrow: () => false,
  })
  const run = instance.exports[name] as (...args: readonly number[]) => unknown
  let result: unknown
  try {
    result = run(...args)
  } catch (error) {
    result = error instanceof Error ? error.message : error
  }
  return { result, fuel: granted - gauge.value, refills }
}

const plain = (bytes: Uint8Array, args: readonly number[]): unknown => {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes))
  return (instance.exports['f'] as (...args: readonly number[]) => unknown)(...args)
}

/** local 0 counts down to 0 */
const COUNT_DOWN = [...[0x03, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b], ...[0x20, 1]]
const TURN = 4 + WEIGHTS.countedBranch
const BRANCH = BigInt(WEIGHTS.branch)
const TABLE = BigInt(WEIGHTS.branchTable)

describe('meter', () => {
  it.each([
    ['one constant', [0x41, 7], 1],
    ['an addition', [0x41, 7, 0x41, 8, 0x6a], 3],
    ['a division', [0x41, 7, 0x41, 2, 0x6d], 2 + WEIGHTS.divide],
    ['a load', [0x41, 0, 0x28, 2, 0], 1 + WEIGHTS.load],
    ['a load of a float', [0x41, 0, 0x2a, 2, 0, 0xbc], 1 + WEIGHTS.memory + WEIGHTS.floatOther],
    ['a store', [0x41, 0, 0x41, 7, 0x36, 2, 0, 0x41, 1], 3 + WEIGHTS.memory],
    ['five turns of a loop', COUNT_DOWN, 5 * TURN + 1],
  ])('charges %s exactly', (_, code, fuel) => {
    expect(ran(functionOf(code), 'f', [5], 1_000n).fuel).toBe(BigInt(fuel))
  })
  it('counts the same whatever the slice', () => {
    for (const slice of [1n, 7n, 100n, 1_000_000n]) {
      expect(ran(functionOf(COUNT_DOWN), 'f', [1_000], slice).fuel).toBe(BigInt(1_000 * TURN + 1))
    }
  })
  /** `count` times i32.eqz: a unit each. */
  const units = (count: number): number[] => Array.from({ length: count }, () => 0x45)
  it('charges both arms of an if alike when they differ by what a wrong guess costs', () => {
    // if (local 0) then 1 else n times i32.eqz of 1
    const code = (n: number): number[] => [
      ...[0x20, 0, 0x04, I32, 0x41, 1, 0x05, 0x41, 1],
      ...[...units(n), 0x0b],
    ]
    expect(ran(functionOf(code(MOST_PADDING)), 'f', [1], 1_000n).fuel).toBe(BRANCH + 102n)
    expect(ran(functionOf(code(MOST_PADDING)), 'f', [0], 1_000n).fuel).toBe(BRANCH + 102n)
    expect(ran(functionOf(code(MOST_PADDING + 1)), 'f', [1], 1_000n).fuel).toBe(BRANCH + 2n)
    expect(ran(functionOf(code(MOST_PADDING + 1)), 'f', [0], 1_000n).fuel).toBe(BRANCH + 103n)
  })
  it('charges a branch taken as much as what it goes past, if that is short', () => {
    // (block (br_if 0 (local 0)) n units); what follows both ways
    const code = (n: number): number[] => [
      ...[0x02, 0x40, 0x20, 0, 0x0d, 0, 0x41, 1, ...units(n), 0x1a, 0x0b],
      ...[0x20, 1],
    ]
    const [near, far] = [code(MOST_PADDING - 2), code(MOST_PADDING - 1)]
    expect(ran(functionOf(near), 'f', [1], 1_000n).fuel).toBe(BRANCH + 102n)
    expect(ran(functionOf(near), 'f', [0], 1_000n).fuel).toBe(BRANCH + 102n)
    expect(ran(functionOf(far), 'f', [1], 1_000n).fuel).toBe(BRANCH + 2n)
    expect(ran(functionOf(far), 'f', [0], 1_000n).fuel).toBe(BRANCH + 103n)
  })
  it('charges the ways of a br_table alike, but for those that are much longer than the shortest', () => {
    // (block (block (block (br_table 0 1 2 (local 0))) long units) short units); what follows all ways
    const code = (long: number, short: number): number[] => [
      ...[0x02, 0x40, 0x02, 0x40, 0x02, 0x40, 0x20, 0, 0x0e, 2, 0, 1, 2, 0x0b],
      ...[0x41, 1, ...units(long), 0x1a, 0x0b, 0x41, 1, ...units(short), 0x1a, 0x0b, 0x20, 1],
    ]
    const fuels = (long: number, short: number): readonly bigint[] =>
      [0, 1, 2, 9, -1].map((at) => ran(functionOf(code(long, short)), 'f', [at], 1_000n).fuel)
    const nothing = TABLE + 2n
    const all = nothing + BigInt(MOST_TABLE_PADDING)
    expect(fuels(MOST_TABLE_PADDING - 8, 4)).toEqual([all, all, all, all, all])
    const some = nothing + 6n
    expect(fuels(MOST_TABLE_PADDING - 7, 4)).toEqual([all + 1n, some, some, some, some])
  })
  it('asks before memory grows, and denies with -1', () => {
    expect(ran(functionOf([0x41, 1, 0x40, 0]), 'f', [0], 1_000n).result).toBe(1)
    expect(ran(functionOf([0x41, 2, 0x40, 0]), 'f', [0], 1_000n).result).toBe(-1)
    expect(ran(functionOf([0x41, 0, 0x40, 0]), 'f', [0], 1_000n).result).toBe(1)
  })
  it('lowers a maximum to what the host allows', () => {
    const { bytes } = meter(functionOf([0x41, 0]), { memoryMaxPages: 3 })
    const fixed = moduleOf(section(5, [1, 0, 9]))
    expect(WebAssembly.validate(bytes)).toBe(true)
    expect(() => meter(fixed, { memoryMaxPages: 3 })).toThrow('memory of 9 pages exceeds 3')
  })
  it.each([
    ['a fill', [0x41, 5, 0x41, 7, 0x41, 200, 1, 0xfc, 11, 0], 5, 200],
    ['a fill of nothing at the end', [0x41, 128, 128, 4, 0x41, 7, 0x41, 0, 0xfc, 11, 0], 0, 0],
  ])('does %s', (_, code, at, count) => {
    const { bytes, manifest } = meter(functionOf([...code, 0x41, 0]))
    const instance = instanceOf(new WebAssembly.Module(bytes), manifest, {})
    installHooks(instance, manifest, { refill: () => {}, grow: () => true, tableGrow: () => true })
    ;(instance.exports['f'] as (n: number) => number)(0)
    const memory = instance.exports[manifest.memory ?? ''] as WebAssembly.Memory
    const bytesOf = new Uint8Array(memory.buffer)
    expect(bytesOf.filter((byte) => byte === 7)).toHaveLength(count)
    expect(bytesOf[at]).toBe(count > 0 ? 7 : 0)
  })
  it('writes nothing when a fill would go past the end', () => {
    // fill(1, 7, 65536) in one page
    const code = [0x41, 1, 0x41, 7, 0x41, 128, 128, 4, 0xfc, 11, 0, 0x41, 0]
    expect(ran(functionOf(code), 'f', [0], 1_000n).result).toMatch(/out of bounds/)
  })
  it('charges a fill for its length', () => {
    const code = [0x41, 0, 0x41, 7, 0x41, 128, 128, 4, 0xfc, 11, 0, 0x41, 0]
    const small = [0x41, 0, 0x41, 7, 0x41, 0, 0xfc, 11, 0, 0x41, 0]
    const difference =
      ran(functionOf(code), 'f', [0], 1n << 40n).fuel -
      ran(functionOf(small), 'f', [0], 1n << 40n).fuel
    expect(difference).toBe(65_536n * BigInt(WEIGHTS.bulkByte))
  })
  it('keeps the names it adds apart from the guest’s', () => {
    const name = 'bulkhead:fuel'
    const bytes = moduleOf(
      section(5, [1, 0, 1]),
      section(7, [1, name.length, ...Buffer.from(name), 2, 0]),
    )
    expect(meter(bytes).manifest.fuel).toBe("bulkhead:fuel'")
  })
  it('passes a module without code through', () => {
    expect(WebAssembly.validate(meter(moduleOf()).bytes)).toBe(true)
  })
})

describe('a guest cannot name what the pass adds', () => {
  it.each([
    ['a global', [0x23, 0]],
    ['a global to write', [0x42, 1, 0x24, 0, 0x41, 0]],
    ['a local', [0x20, 2]],
    ['a function', [0x41, 0, 0x10, 1]],
    ['a type', [0x41, 0, 0x41, 0, 0x11, 1, 0]],
    ['a table', [0xfc, 16, 0]],
  ])('%s one past its own is refused', (_, code) => {
    expect(() => meter(functionOf(code))).toThrow('exec format error: invalid module')
  })
})

describe('a guest is stopped', () => {
  const start = (bytes: Uint8Array) => ran(bytes, '_start', [], 1_000n, 50)
  it.each([
    ['an endless loop', startModule([0x03, 0x40, 0x0c, 0, 0x0b])],
    ['a loop of br_table', startModule([0x03, 0x40, 0x41, 0, 0x0e, 0, 0, 0x0b])],
    ['a loop that catches everything', CATCH_ALL_LOOP],
    ['an endless tail call', startModule([0x12, 0])],
    [
      'an endless loop that throws',
      startModule([0x03, 0x40, 0x06, 0x40, 0x0c, 1, 0x19, 0x0b, 0x0b]),
    ],
  ])('in %s', (_, bytes) => {
    const { result, refills } = start(bytes)
    expect(result).toBe('unreachable')
    expect(refills).toBe(51)
  })
})

describe('every opcode of the table', () => {
  const unrunnable = new Set(['try_table', 'throw_ref'])
  const one = (code: number): number[] => {
    const prefix = Math.floor(code / 0x1000)
    return prefix === 0 ? [code] : [prefix, ...leb(code % 0x1000)]
  }
  it('has a weight and a name of its own', () => {
    const names = [...OPCODES.values()].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { weight } of OPCODES.values()) expect(weight).toBeGreaterThanOrEqual(0)
  })
  const numeric = [...OPCODES].filter(
    ([, { immediate, class: kind }]) => immediate === 'none' && kind === 'plain',
  )
  // After `unreachable` the stack is polymorphic: any instruction without immediates is valid.
  it.each(numeric.map(([code, { name }]) => [name, code] as const))(
    '%s is decoded',
    (name, code) => {
      const bytes = startModule([0x00, ...one(code), 0x00])
      if (!WebAssembly.validate(bytes) || unrunnable.has(name)) {
        expect(() => meter(bytes)).toThrow('invalid module')
      } else expect(WebAssembly.validate(meter(bytes).bytes)).toBe(true)
    },
  )
})

describe('random programs', () => {
  /** local.get 1; i32.const 1; i32.and */
  const ODD = [0x20, 1, 0x41, 1, 0x71]
  /** Counts local 0 down and goes round while it is above 0; ends the loop. */
  const COUNT = [0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x41, 0, 0x4a, 0x0d, 0, 0x0b]
  const EARLY = [0x02, 0x40, 0x20, 1, 0x41, 2, 0x71, 0x0d, 0]
  /** Two blocks, and a br_table in the inner one. */
  const SWITCH = [0x02, 0x40, 0x02, 0x40, ...ODD, 0x0e, 1, 0, 1, 0x0b]
  /** Code that leaves the stack as it found it, inside `depth` labels. */
  const code = (depth: number): fc.Arbitrary<number[]> => {
    const step = fc.constantFrom<number[]>(
      [0x20, 1, 0x41, 1, 0x6a, 0x21, 1],
      [0x20, 1, 0x41, 3, 0x6c, 0x21, 1],
      [NOP],
      [0x41, 1, 0x21, 1],
    )
    if (depth >= 4) return step
    const inner = fc.array(code(depth + 1), { maxLength: 3 }).map((parts) => parts.flat())
    return fc.oneof(
      step,
      inner.map((body) => [0x02, 0x40, ...body, 0x0b]),
      fc.tuple(inner, inner).map(([a, b]) => [0x20, 1, 0x04, 0x40, ...a, 0x05, ...b, 0x0b]),
      inner.map((body) => [0x20, 1, 0x04, 0x40, ...body, 0x0b]),
      // a loop that runs while local 0, counted down, is not zero
      inner.map((body) => [0x03, 0x40, ...body, ...COUNT]),
      // leaves its block early when local 1 has bit 1
      inner.map((body) => [...EARLY, ...body, 0x0b]),
      // a counted loop that is left in the middle when local 1 is odd
      fc
        .tuple(inner, inner)
        .map(([a, b]) => [0x02, 0x40, 0x03, 0x40, ...a, ...ODD, 0x0d, 1, ...b, ...COUNT, 0x0b]),
      fc.tuple(inner, inner).map(([a, b]) => [...SWITCH, ...a, 0x0b, ...b]),
    )
  }
  it('give the same result, and the same fuel for any slice, as costs say', () => {
    const program = fc.array(code(0), { minLength: 1, maxLength: 6 }).map((parts) => parts.flat())
    fc.assert(
      fc.property(program, fc.nat(6), (body, argument) => {
        const bytes = functionOf([...body, 0x20, 1])
        const expected = plain(bytes, [argument])
        const runs = [1n, 13n, 1n << 40n].map((slice) =>
          ran(bytes, 'f', [argument], slice, 1_000_000),
        )
        for (const run of runs) {
          expect(run.result).toBe(expected)
          expect(run.fuel).toBe(runs[0]?.fuel)
          expect(run.fuel).toBe(costOf([...body, 0x20, 1, 0x0b], argument))
        }
      }),
      { numRuns: 300 },
    )
  })
})

const NOP = 0x01
