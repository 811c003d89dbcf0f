import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WEIGHTS } from '../../../src/wasm/decode/weights.ts'
import { installHooks } from '../../../src/wasm/hooks.ts'
import { instanceOf } from '../../../src/wasm/instance.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { build, I32, type Parts } from '../../support/wasm-build.ts'

/** What may run beside four slices between two looks. @source metering reference, section 5 */
const GAP = 250_000n
const SLICE = 100_000n

interface Watched {
  readonly result: unknown
  readonly fuel: bigint
  /** The most units that were charged between two refills. */
  readonly charged: bigint
  /** The most that the guest's own counter went up by between two refills. */
  readonly worked: number
  readonly refills: number
}

/** Runs export `f`. Global 0, exported as `w`, is where a guest counts its own work. */
function watched(bytes: Uint8Array, args: readonly number[], slice = SLICE): Watched {
  const { bytes: output, manifest } = meter(bytes)
  const instance = instanceOf(new WebAssembly.Module(output), manifest, {})
  const gauge = instance.exports[manifest.fuel] as { value: bigint }
  const counter = instance.exports['w'] as { value: number }
  let [granted, charged, worked, refills, before] = [slice, 0n, 0, 0, 0]
  gauge.value = slice
  const look = () => {
    const used = slice - gauge.value
    charged = used > charged ? used : charged
    worked = Math.max(worked, counter.value - before)
    before = counter.value
    granted += used
    gauge.value = slice
  }
  const refill = () => {
    refills += 1
    look()
  }
  installHooks(instance, manifest, { refill, grow: () => true, tableGrow: () => true })
  const result = (instance.exports['f'] as (...args: readonly number[]) => unknown)(...args)
  look()
  return { result, fuel: granted - slice, charged, worked, refills }
}

const GET = (local: number) => [0x20, local]
const leb = (value: number): number[] => {
  const low = value & 127
  const rest = value >> 7
  const last = (rest === 0 && low < 64) || (rest === -1 && low >= 64)
  return last ? [low] : [low | 128, ...leb(rest)]
}
const constant = (value: number) => [0x41, ...leb(value)]
/** Four units each, and no write to a local: those are looked through up to a limit only. */
const straight = (units: number, local: number): number[] =>
  Array.from({ length: units / 4 }, () => [...GET(local), 0x41, 3, 0x6a, 0x1a]).flat()
/** w += units */
const work = (units: number) => [0x23, 0, ...constant(units), 0x6a, 0x24, 0]

const guest = (functions: Parts['functions']): Uint8Array =>
  build({
    types: [[[I32], [I32]]],
    globals: [[I32, 1, 0x41, 0, 0x0b]],
    functions,
    exports: [
      ['f', 0, 0],
      ['w', 3, 0],
    ],
  })

/** A local, 1 if nothing is said, from 0 to local 0: body, then the branch at the bottom. */
const counted = (body: readonly number[], local = 1): number[] => [
  ...[0x03, 0x40, ...body, ...GET(local), 0x41, 1, 0x6a, 0x22, local],
  ...[...GET(0), 0x47, 0x0d, 0, 0x0b],
]
const ARM = 12_000
const LEAF = 24_000
const CALLS = 300
const TAIL = 40_000
const DEPTH = 500

describe('between two looks at the fuel', () => {
  it('a counted loop does not hide a long arm', () => {
    // if (i >= 0) { a long arm }: the shortest trip is a few units.
    const arm = [...GET(1), 0x41, 0, 0x4e, 0x04, 0x40, ...straight(ARM, 2), ...work(ARM), 0x0b]
    const { charged, worked, fuel } = watched(
      guest([[0, [[2, I32]], [...counted(arm), ...GET(2)]]]),
      [1_000],
    )
    expect(fuel).toBeGreaterThan(1_000n * BigInt(ARM))
    expect(charged).toBeLessThanOrEqual(4n * SLICE + GAP)
    expect(worked).toBeLessThanOrEqual(Number(4n * SLICE + GAP))
  })
  it('a loop of many trips is not paid for at once, though their number is known', () => {
    const trips = [0x03, 0x40, ...straight(400, 1), ...work(400), ...GET(1), 0x41, 1, 0x6a, 0x22, 1]
    const { worked, fuel } = watched(
      guest([
        [
          0,
          [[1, I32]],
          [0x41, 0, 0x21, 1, ...trips, ...constant(50_000), 0x48, 0x0d, 0, 0x0b, ...GET(1)],
        ],
      ]),
      [0],
    )
    expect(fuel).toBeGreaterThan(50_000n * 400n)
    expect(worked).toBeLessThanOrEqual(Number(4n * SLICE + GAP))
  })
  it('calls of a long function in a straight line are not free of looks', () => {
    const calls = Array.from({ length: CALLS }, () => [...GET(0), 0x10, 1, 0x1a]).flat()
    const { charged, fuel } = watched(
      guest([
        [0, [], [...calls, ...GET(0)]],
        [0, [], [...straight(LEAF, 0), ...GET(0)]],
      ]),
      [1],
    )
    expect(fuel).toBeGreaterThan(BigInt(LEAF * CALLS))
    expect(charged).toBeLessThanOrEqual(4n * SLICE + GAP)
  })
  it('nor are calls of a short one', () => {
    const calls = Array.from({ length: 2_000 }, () => [...GET(0), 0x10, 1, 0x1a]).flat()
    const { charged, fuel } = watched(
      guest([
        [0, [], [...calls, ...GET(0)]],
        [0, [], [...straight(800, 0), ...GET(0)]],
      ]),
      [1],
    )
    expect(fuel).toBeGreaterThan(2_000n * 800n)
    expect(charged).toBeLessThanOrEqual(4n * SLICE + GAP)
  })
  it('a recursion does not come back for long on what it paid going down', () => {
    // if (n) f(n - 1); then a long tail
    const down = [...GET(0), 0x04, 0x40, ...GET(0), 0x41, 1, 0x6b, 0x10, 0, 0x1a, 0x0b]
    const { worked } = watched(
      guest([[0, [[1, I32]], [...down, ...straight(TAIL, 1), ...work(TAIL), ...GET(1)]]]),
      [DEPTH],
    )
    expect(worked).toBeLessThanOrEqual(Number(4n * SLICE + GAP))
  })
  it('nor on what it paid for others that it calls then', () => {
    // f: if (n) f(n - 1); then g many times. g: some work; if (0) g(): it looks when it is entered.
    const down = [...GET(0), 0x04, 0x40, ...GET(0), 0x41, 1, 0x6b, 0x10, 0, 0x1a, 0x0b]
    const calls = Array.from({ length: 40 }, () => [...GET(0), 0x10, 1, 0x1a]).flat()
    const again = [...GET(1), 0x04, 0x40, ...GET(0), 0x10, 1, 0x1a, 0x0b]
    const { worked, fuel } = watched(
      guest([
        [0, [], [...down, ...calls, ...GET(0)]],
        [0, [[1, I32]], [...straight(1_200, 1), ...work(1_200), ...again, ...GET(1)]],
      ]),
      [100],
    )
    expect(fuel).toBeGreaterThan(100n * 40n * 1_200n)
    expect(worked).toBeLessThanOrEqual(Number(4n * SLICE + GAP))
  })
  it('nor on the first trip of a counted loop, which it paid on the way down', () => {
    // f: if (n) f(n - 1); then a loop that counts from 0 to 1, which nobody can tell before.
    const down = [...GET(0), 0x04, 0x40, ...GET(0), 0x41, 1, 0x6b, 0x10, 0, 0x1a, 0x0b]
    const one = [...GET(0), ...GET(0), 0x6b, 0x41, 1, 0x6a, 0x21, 0, 0x41, 0, 0x21, 1]
    const body = [...straight(9_000, 2), ...work(9_000)]
    const { worked, fuel } = watched(
      guest([[0, [[2, I32]], [...down, ...one, ...counted(body), ...GET(2)]]]),
      [DEPTH],
    )
    expect(fuel).toBeGreaterThan(BigInt(DEPTH) * 9_000n)
    expect(worked).toBeLessThanOrEqual(Number(4n * SLICE + GAP))
  })
  it('one straight line is looked at in the middle', () => {
    const pieces = Array.from({ length: 12 }, () => [...straight(TAIL, 1), ...work(TAIL)]).flat()
    const { worked, fuel } = watched(guest([[0, [[1, I32]], [...pieces, ...GET(1)]]]), [1])
    expect(fuel).toBeGreaterThan(12n * BigInt(TAIL))
    expect(worked).toBeLessThanOrEqual(Number(4n * SLICE + GAP))
  })
  /** Calls of a function that calls: it looks at its entry, so a trip with one in it need not. */
  const forwarding: Parts['functions'] = [
    [0, [], [...GET(0), 0x10, 2]],
    [0, [], GET(0)],
  ]
  /** while (local 1 < 300) { code }, left in the middle so that it is not counted. */
  const trips = (code: readonly number[]): readonly number[] => [
    ...[0x02, 0x40, 0x03, 0x40, ...GET(1), ...constant(300), 0x4a, 0x0d, 1, ...code],
    ...[...GET(1), 0x41, 1, 0x6a, 0x21, 1, 0x0c, 0, 0x0b, 0x0b, ...GET(1)],
  ]
  const call = [...GET(0), 0x10, 1, 0x1a]
  const arm = (code: readonly number[]) => [...GET(0), 0x04, 0x40, ...code, 0x0b]
  it.each([
    ['that always calls', call, 0],
    [
      'that calls before and behind much code',
      [...straight(TAIL, 2), ...call, ...straight(TAIL, 2)],
      2 * TAIL,
    ],
    ['that calls in one arm only', [...arm(call), ...straight(TAIL, 2)], TAIL],
    ['that calls only a leaf', [...GET(0), 0x10, 2, 0x1a, ...straight(TAIL, 2)], TAIL],
  ])('a loop %s is looked at often enough', (_, code, units) => {
    for (const argument of [0, 1]) {
      const bytes = guest([[0, [[2, I32]], trips([...code, ...work(units)])], ...forwarding])
      const { charged, worked, result } = watched(bytes, [argument], 1_000n)
      expect(result).toBe(301)
      expect(charged).toBeLessThanOrEqual(4n * 1_000n + GAP)
      expect(worked).toBeLessThanOrEqual(Number(4n * SLICE + GAP))
    }
  })
  it('random bodies keep the bound', () => {
    const step = fc.constantFrom(16, 400, 4_000).map((units) => straight(units, 2))
    const many = (depth: number): fc.Arbitrary<number[]> =>
      fc.array(one(depth), { minLength: 1, maxLength: 3 }).map((parts) => parts.flat())
    const one = (depth: number): fc.Arbitrary<number[]> => {
      // Calls of a short leaf, a long leaf, and a small recursion.
      const call = fc.constantFrom(1, 2, 3).map((index) => [0x41, 6, 0x10, index, 0x21, 2])
      if (depth === 2) return fc.oneof(step, call)
      const inner = many(depth + 1)
      const local = 3 + depth
      return fc.oneof(
        step,
        call,
        inner.map((code) => [...GET(2), 0x41, 1, 0x71, 0x04, 0x40, ...code, 0x0b]),
        inner.map((code) => [0x02, 0x40, ...GET(2), 0x0d, 0, ...code, 0x0b]),
        inner.map((code) => [0x41, 0, 0x21, local, ...counted(code, local)]),
      )
    }
    const recursive = [
      ...[...GET(0), 0x45, 0x04, 0x40, 0x41, 1, 0x0f, 0x0b],
      ...[...GET(0), 0x41, 1, 0x6b, 0x10, 3, ...straight(2_000, 0), 0x1a, ...GET(0)],
    ]
    fc.assert(
      fc.property(many(0), fc.integer({ min: 1, max: 8 }), (code, n) => {
        const bytes = guest([
          [0, [[4, I32]], [...code, ...GET(2)]],
          [0, [], [...straight(400, 0), ...GET(0)]],
          [0, [], [...straight(8_000, 0), ...GET(0)]],
          [0, [], recursive],
        ])
        const small = watched(bytes, [n], 1_000n)
        const large = watched(bytes, [n], SLICE)
        expect(small.fuel).toBe(large.fuel)
        expect(small.charged).toBeLessThanOrEqual(4n * 1_000n + GAP)
        expect(large.charged).toBeLessThanOrEqual(4n * SLICE + GAP)
      }),
      { numRuns: 40 },
    )
  })
})

/** start, step, bound, comparison as signed: what plain code makes of them decides. */
const LOOPS: readonly (readonly [string, number, number, number, number, number])[] = [
  ['up to equality', 0, 1, 50, 0x47, 50],
  ['in steps of four', 3, 4, 203, 0x47, 50],
  ['down to equality', 7, -1, -43, 0x47, 50],
  ['in steps of -64', 6_400, -64, 0, 0x47, 100],
  ['in steps of twenty', 7, 20, 1_007, 0x47, 50],
  ['in steps of three, round the largest number', 2 ** 31 - 4, 3, 8 - 2 ** 31, 0x47, 4],
  ['in steps of -52', 520, -52, 0, 0x47, 10],
  ['up while less', -5, 1, 20, 0x48, 25],
  ['once, past its bound', 30, 1, 20, 0x48, 1],
  ['once, at the largest number', 2 ** 31 - 2, 1, 2 ** 31 - 1, 0x48, 1],
  ['up while less, unsigned', 1, 1, 20, 0x49, 19],
  ['up to what is negative when signed', -10, 1, -1, 0x49, 9],
  ['down while greater', 20, -1, -5, 0x4a, 25],
  ['down while greater, unsigned', 20, -1, 5, 0x4b, 15],
  ['past the smallest number', -(2 ** 31) + 3, -1, -(2 ** 31), 0x4a, 3],
]

describe('a counted loop', () => {
  const TRIP = 10n + BigInt(WEIGHTS.countedBranch)
  /** Counts its trips in local 2; the bound is local 0 or a constant. */
  const loop = (start: number, step: number, bound: readonly number[], compare: number) => [
    ...[...constant(start), 0x21, 1, 0x03, 0x40, ...GET(2), 0x41, 1, 0x6a, 0x21, 2],
    ...[...GET(1), ...constant(step), 0x6a, 0x22, 1, ...bound, compare, 0x0d, 0, 0x0b, ...GET(2)],
  ]
  it.each(LOOPS)(
    '%s makes its trips and is charged for them',
    (_, start, step, bound, compare, trips) => {
      const units = 2n + TRIP * BigInt(trips) + 1n
      for (const slice of [1n, 37n, 1_000_000n]) {
        const variable = guest([[0, [[2, I32]], loop(start, step, GET(0), compare)]])
        expect(watched(variable, [bound], slice)).toMatchObject({ result: trips, fuel: units })
        const fixed = guest([[0, [[2, I32]], loop(start, step, constant(bound), compare)]])
        expect(watched(fixed, [0], slice)).toMatchObject({ result: trips, fuel: units })
      }
    },
  )
  it('is looked at in strips when it never ends by itself', () => {
    // Odd distance, step 2: it goes round until it traps on refill 20.
    const bytes = guest([[0, [[2, I32]], loop(0, 2, GET(0), 0x47)]])
    const { bytes: output, manifest } = meter(bytes)
    const instance = instanceOf(new WebAssembly.Module(output), manifest, {})
    const gauge = instance.exports[manifest.fuel] as { value: bigint }
    const seen: bigint[] = []
    const refill = () => {
      seen.push(gauge.value)
      if (seen.length > 20) throw new RangeError('enough')
      gauge.value = SLICE
    }
    installHooks(instance, manifest, { refill, grow: () => true, tableGrow: () => true })
    expect(() => (instance.exports['f'] as (n: number) => number)(7)).toThrow('enough')
    for (const value of seen) expect(value).toBeGreaterThan(-GAP)
  })
})
