import { type Metered, meter } from '../../../src/wasm/meter.ts'
import { naiveMeter } from './naive-meter.ts'
import {
  type Call,
  type Host,
  meteredSubject,
  naiveSubject,
  namesOf,
  type Observation,
  observe,
  plainSubject,
} from './subject.ts'

/** A module and what is done with it. */
export interface Case {
  readonly bytes: Uint8Array
  readonly host: Host
  readonly calls: readonly Call[]
}

/** Fuel granted at a time: every check refills, some do, none does. */
const SLICES = [1n, 13n, 1n << 40n] as const

interface Side {
  readonly name: string
  readonly observations: readonly Observation[]
}

function behaviour(plain: Side, other: Side): string[] {
  const differences: string[] = []
  for (const [index, expected] of plain.observations.entries()) {
    // The first call that differs says enough: those behind it follow from it.
    if (differences.length > 0) break
    const got = other.observations[index]
    for (const field of ['outcome', 'state', 'log'] as const) {
      if (got?.[field] === expected[field]) continue
      differences.push(
        `call ${index}: ${field} of ${other.name}: ${got?.[field]}\n of ${plain.name}: ${expected[field]}`,
      )
    }
  }
  return differences
}

/** Fuel of a call that did not trap is exact, whatever was thrown on the way. */
function fuel(exact: Side, metered: Side): string[] {
  return exact.observations.flatMap(({ fuel, exact: isExact }, index) => {
    const got = metered.observations[index]?.fuel
    if (!isExact || fuel === undefined || got === undefined || got === fuel) return []
    return [`call ${index}: fuel of ${metered.name} ${got}, of ${exact.name} ${fuel}`]
  })
}

/** What the module exports stays in sight, tables too. */
const linked = (bytes: Uint8Array): Metered => meter(bytes, { linked: true })

/** How to compare, where it is not as usual. */
export interface How {
  readonly slices?: readonly bigint[]
  /** In place of the naive reference and of the product's pass, to see that a wrong one is found. */
  readonly reference?: (bytes: Uint8Array) => Uint8Array
  readonly pass?: (bytes: Uint8Array) => Metered
}

/**
 * Runs a module plain, metered by the reference, and metered by the product in several slices, and
 * says where they differ: nowhere.
 */
export function compare({ bytes, host, calls }: Case, how: How = {}): readonly string[] {
  const { slices = SLICES, reference = naiveMeter, pass = linked } = how
  const side = (name: string, make: Parameters<typeof observe>[0]): Side => ({
    name,
    observations: observe(make, calls),
  })
  const module = new WebAssembly.Module(bytes)
  const names = namesOf(module)
  const plain = side('the plain module', () => plainSubject(module, host, names))
  const counted = new WebAssembly.Module(reference(bytes))
  const exact = side('the reference', () => naiveSubject(counted, host, names))
  const { bytes: output, manifest } = pass(bytes)
  const metered = new WebAssembly.Module(output)
  const sides = slices.map((slice) =>
    side(`slice ${slice}`, () => meteredSubject(metered, manifest, host, names, slice)),
  )
  return [
    ...behaviour(plain, exact),
    ...sides.flatMap((one) => [...behaviour(plain, one), ...fuel(exact, one)]),
  ]
}
