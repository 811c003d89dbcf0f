import { describe, expect, it } from 'vitest'
import { WEIGHTS } from '../../../src/wasm/decode/weights.ts'
import { installHooks } from '../../../src/wasm/hooks.ts'
import { instanceOf } from '../../../src/wasm/instance.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { build, EXTERNREF, I32 } from '../../support/wasm-build.ts'

const SIZE = 30_000
const GET3 = [0x20, 0, 0x20, 1, 0x20, 2]

/** Two tables of 30,000 entries, `f` that copies within the first, `g` from the first to the second. */
const TABLES = build({
  types: [[[I32, I32, I32], []]],
  tables: [
    [EXTERNREF, 0, 0xb0, 0xea, 1],
    [EXTERNREF, 0, 0xb0, 0xea, 1],
  ],
  functions: [
    [0, [], [...GET3, 0xfc, 14, 0, 0]],
    [0, [], [...GET3, 0xfc, 14, 1, 0]],
    [0, [], [...GET3, 0xfc, 10, 0, 0]],
  ],
  exports: [
    ['f', 0, 0],
    ['g', 0, 1],
    ['h', 0, 2],
    ['t', 1, 0],
    ['u', 1, 1],
  ],
})

interface Ran {
  readonly tables: readonly (readonly unknown[])[]
  readonly memory: Uint8Array
  readonly error: string | undefined
  readonly fuel: bigint
  readonly refills: number
}

function ran(name: string, args: readonly number[]): Ran {
  const { bytes, manifest } = meter(TABLES)
  const instance = instanceOf(new WebAssembly.Module(bytes), manifest, {})
  const { exports } = instance
  const gauge = exports[manifest.fuel] as { value: bigint }
  const tables = [exports['t'], exports['u']] as WebAssembly.Table[]
  const memory = new Uint8Array((exports[manifest.memory ?? ''] as WebAssembly.Memory).buffer)
  for (let index = 0; index < SIZE; index += 1) tables[0]?.set(index, index)
  memory.set(memory.map((_, index) => index % 251))
  let [granted, refills] = [10n, 0]
  gauge.value = granted
  const refill = () => {
    refills += 1
    granted += 10n - gauge.value
    gauge.value = 10n
  }
  installHooks(instance, manifest, { refill, grow: () => true, tableGrow: () => true })
  let error: string | undefined
  try {
    ;(exports[name] as (...args: readonly number[]) => void)(...args)
  } catch (caught) {
    error = caught instanceof WebAssembly.RuntimeError ? 'trap' : String(caught)
  }
  const entries = tables.map((table) => Array.from({ length: SIZE }, (_, at) => table.get(at)))
  return { tables: entries, memory, error, fuel: granted - gauge.value, refills }
}

const counting = Array.from({ length: SIZE }, (_, index) => index)
const empty = Array.from({ length: SIZE }, () => null)
const LONG = 20_000
/** Units of an entry that is copied. */
const ENTRY = BigInt(WEIGHTS.bulkEntry)
const BULK = BigInt(WEIGHTS.bulk)

/** Without the difference, which takes minutes to print for as many. */
const same = (left: readonly unknown[] = [], right: readonly unknown[]): boolean =>
  left.length === right.length && left.every((one, index) => one === right[index])

describe('table.copy', () => {
  it.each([
    ['up', 5, 0],
    ['down', 0, 5],
    ['onto itself', 7, 7],
    ['apart', 10_000, 0],
  ])('of many entries %s, in pieces', (_, to, from) => {
    const { tables, error, fuel, refills } = ran('f', [to, from, LONG])
    expect(error).toBeUndefined()
    expect(same(tables[0], [...counting].copyWithin(to, from, from + LONG))).toBe(true)
    expect(fuel).toBe(3n + BULK + ENTRY * BigInt(LONG))
    // Three pieces of at most 8,192 entries, each paid for by itself; and the entry.
    expect(refills).toBeGreaterThanOrEqual(3)
  })
  it('from one table to another', () => {
    const { tables, fuel } = ran('g', [100, 50, LONG])
    const expected = [...empty.slice(0, 100), ...counting.slice(50, 50 + LONG)]
    expect(same(tables[1], [...expected, ...empty.slice(expected.length)])).toBe(true)
    expect(fuel).toBe(3n + BULK + ENTRY * BigInt(LONG))
  })
  it.each([
    ['past the end of the destination', 'f', SIZE - LONG + 1, 0],
    ['past the end of the source', 'f', 0, SIZE - LONG + 1],
    ['past the end of another table', 'g', 0, SIZE - LONG + 1],
  ])('%s traps and copies nothing', (_, name, to, from) => {
    const { tables, error } = ran(name, [to, from, LONG])
    expect(error).toBe('trap')
    expect(same(tables[0], counting)).toBe(true)
    expect(same(tables[1], empty)).toBe(true)
  })
})

describe('memory.copy', () => {
  // The page is smaller than a piece: the whole of it is one.
  it.each([
    ['up', 5, 0, 60_000],
    ['down', 0, 5, 65_531],
  ])('%s', (_, to, from, count) => {
    const before = Uint8Array.from({ length: 65_536 }, (_, index) => index % 251)
    const { memory, fuel } = ran('h', [to, from, count])
    expect(same([...memory], [...before.copyWithin(to, from, from + count)])).toBe(true)
    expect(fuel).toBe(3n + BULK + BigInt(count * WEIGHTS.bulkByte))
  })
})
