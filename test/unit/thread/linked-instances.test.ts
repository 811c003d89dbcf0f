import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FuelMeter } from '../../../src/thread/fuel-meter.ts'
import { FuelPool } from '../../../src/thread/fuel-pool.ts'
import { installHooks } from '../../../src/wasm/hooks.ts'
import { instanceOf } from '../../../src/wasm/instance.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { raiseTrap } from '../../../src/wasm/trap.ts'
import { build, I32 } from '../../support/wasm-build.ts'

const GET = (local: number) => [0x20, local]
const IMPORT = (name: string) => ['k', name, 0, 0] as const
type Call = (n: number) => number

/** local 0 times: local 1 = a(n) + b(n) + local 1 */
const caller = (names: readonly string[], n: number): Uint8Array =>
  build({
    types: [[[I32], [I32]]],
    imports: names.map(IMPORT),
    functions: [
      [
        0,
        [[1, I32]],
        [
          ...[0x03, 0x40],
          ...names.flatMap((_, index) => [0x41, n, 0x10, index, ...GET(1), 0x6a, 0x21, 1]),
          ...[...GET(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, ...GET(1)],
        ],
      ],
    ],
    exports: [['f', 0, names.length]],
  })
/** Hands each call on. */
const shim = (names: readonly string[]): Uint8Array =>
  build({
    types: [[[I32], [I32]]],
    imports: names.map(IMPORT),
    functions: names.map((_, index) => [0, [], [...GET(0), 0x10, index]]),
    exports: names.map((name, index) => [name, 0, names.length + index]),
  })
const withoutMemory = (bytes: Uint8Array): Uint8Array => {
  const at = bytes.findIndex((_, index) => bytes[index] === 5 && bytes[index + 1] === 4)
  return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 6)])
}

const TRIPS = 3
const kernel = (name: string): Uint8Array =>
  Uint8Array.from(readFileSync(`guests/build/kernel-${name}.wasm`))

class Exhausted extends Error {}

interface Part {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Instances that draw from one meter. The last one is started. */
function linked(
  parts: readonly Part[],
  limit?: bigint,
  visit: () => void = () => {},
  throughShim = false,
) {
  const stops: string[] = []
  let refilled = ''
  const exhausted = (): never => {
    stops.push(refilled)
    throw new Exhausted()
  }
  const pool = limit === undefined ? undefined : FuelPool.of(limit)
  const fuel = new FuelMeter(pool, { visit, exhausted }, undefined)
  const gauges: { value: bigint }[] = []
  let exports: WebAssembly.Imports[string] = {}
  for (const { name, bytes } of parts) {
    const { bytes: output, manifest } = meter(bytes, { linked: true })
    const module = new WebAssembly.Module(output)
    const imports: WebAssembly.Imports = { k: exports }
    for (const { module: from, name: wanted } of WebAssembly.Module.imports(module)) {
      if (from !== 'k') imports[from] = { ...imports[from], [wanted]: () => 0 }
    }
    const instance = new WebAssembly.Instance(module, imports)
    const gauge = instance.exports[manifest.fuel] as { value: bigint }
    const refill = () => {
      refilled = name
      fuel.refill(gauge)
    }
    installHooks(instance, manifest, { refill, grow: () => true, tableGrow: () => true })
    gauges.push(gauge)
    exports = { ...exports, [name]: (instance.exports['run'] ?? instance.exports['f']) as Call }
    if (throughShim && name !== 'main') exports = { ...exports, ...between(name, exports) }
  }
  const [first, ...others] = gauges.toReversed()
  if (first === undefined) throw new TypeError('no instance')
  fuel.start(first, ...others)
  return { fuel, stops, run: exports['main'] as Call }
}

/** The same function, handed on by a module that the meter leaves alone. */
function between(name: string, exports: WebAssembly.Imports[string]): WebAssembly.Imports[string] {
  const { bytes, manifest } = meter(withoutMemory(shim([name])), { linked: true })
  expect(manifest).toMatchObject({ form: 'untouched', formReason: 'it only hands calls on' })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { k: exports })
  return { [name]: instance.exports[name] as Call }
}

/** What the parts use each for itself. */
function apart(kernels: readonly Part[], n: number): bigint {
  const stubs = Object.fromEntries(kernels.map(({ name }) => [name, () => 0]))
  const main = linkedMain(kernels, n)
  const { bytes, manifest } = meter(main)
  const instance = instanceOf(new WebAssembly.Module(bytes), manifest, { k: stubs })
  const gauge = instance.exports[manifest.fuel] as { value: bigint }
  const never = { visit: () => {}, exhausted: (): never => raiseTrap() }
  const own = new FuelMeter(undefined, never, undefined)
  own.start(gauge)
  ;(instance.exports['f'] as Call)(TRIPS)
  return kernels.reduce((sum, part) => {
    const alone = linked([{ ...part, name: 'main' }])
    for (let trip = 0; trip < TRIPS; trip += 1) alone.run(n)
    return sum + alone.fuel.used
  }, own.used)
}

const linkedMain = (kernels: readonly Part[], n: number): Uint8Array =>
  caller(
    kernels.map(({ name }) => name),
    n,
  )

const TWO: readonly Part[] = [{ name: 'crc', bytes: kernel('crc') }]
const THREE: readonly Part[] = [...TWO, { name: 'json', bytes: kernel('json') }]
const N = 2
/** Units of a trip that a loop may leave before its end; docs/rationale/metering.md. */
const PAID_AHEAD = 128n

describe.each([
  ['two linked instances', TWO, false],
  ['three linked instances', THREE, false],
  ['three that call each other through a shim', THREE, true],
])('%s', (_, kernels, throughShim) => {
  const parts = [...kernels, { name: 'main', bytes: linkedMain(kernels, N) }]
  const total = apart(kernels, N)

  it('use what each of them uses, to the last unit', () => {
    const { fuel, run } = linked(parts, undefined, undefined, throughShim)
    run(TRIPS)
    expect(fuel.used).toBe(total)
  })
  it('may use their whole budget, but for what is paid ahead at a look', () => {
    const enough = linked(parts, total + PAID_AHEAD, undefined, throughShim)
    enough.run(TRIPS)
    expect(enough.fuel.used).toBe(total)
  })
  it('stop in whichever of them the fuel is gone', () => {
    const stops = new Set<string>()
    const twentieths = Array.from({ length: 19 }, (_, index) => (total * BigInt(index + 1)) / 20n)
    for (const budget of [1n, ...twentieths]) {
      const { fuel, run, stops: here } = linked(parts, budget, undefined, throughShim)
      expect(() => run(TRIPS)).toThrow(Exhausted)
      expect(fuel.used).toBeGreaterThan(budget - 1n)
      expect(fuel.used).toBeLessThan(budget + 1_000_000n)
      for (const name of here) stops.add(name)
    }
    expect([...stops].sort()).toEqual(parts.map(({ name }) => name).sort())
  })
  it('are killed in whichever of them runs', () => {
    let left = 5
    const kill = () => {
      left -= 1
      if (left === 0) raiseTrap()
    }
    const { run } = linked(parts, undefined, kill, throughShim)
    expect(() => run(TRIPS)).toThrow('unreachable')
    expect(left).toBe(0)
  })
})

describe('what is not a shim is metered', () => {
  const names = ['a']
  const bodies: readonly (readonly [string, readonly number[]])[] = [
    ['a loop', [0x03, 0x40, 0x0b, ...GET(0)]],
    ['two calls', [...GET(0), 0x10, 0, 0x10, 0]],
    ['two constants', [0x41, 1, 0x41, 2, 0x1a]],
    ['arithmetic', [...GET(0), 0x41, 1, 0x6a]],
  ]
  it.each(bodies)('%s', (_, code) => {
    const bytes = build({
      types: [[[I32], [I32]]],
      imports: names.map(IMPORT),
      functions: [[0, [], code]],
    })
    expect(meter(withoutMemory(bytes), { linked: true }).manifest.form).toBe('pass')
  })
  it('a module with a memory of its own, and one that is not linked', () => {
    expect(meter(shim(names), { linked: true }).manifest.form).toBe('pass')
    expect(meter(withoutMemory(shim(names))).manifest.form).toBe('pass')
  })
})
