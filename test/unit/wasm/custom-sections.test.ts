import { describe, expect, it } from 'vitest'
import { type DecodedModule, decodeModule, SECTION } from '../../../src/wasm/decode/module.ts'
import { Reader } from '../../../src/wasm/decode/reader.ts'
import { DEFAULT_MODULE_LIMITS } from '../../../src/wasm/limits.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { build, I32 } from '../../support/wasm-build.ts'
import { section } from '../../support/wasm-modules.ts'

/** A function with a loop, and one without. */
const MODULE = build({
  types: [[[I32], [I32]]],
  imports: [['m', 'g', 0, 0]],
  functions: [
    [0, [[1, I32]], [0x03, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x20, 1]],
    [0, [], [0x20, 0, 0x10, 0]],
  ],
  exports: [['f', 0, 1]],
})

const custom = (name: string, bytes: readonly number[]): number[] =>
  section(0, [name.length, ...Buffer.from(name), ...bytes])

function customSections(module: DecodedModule): ReadonlyMap<string, Reader> {
  const found = new Map<string, Reader>()
  for (const [place, { id, from, to }] of module.sections.entries()) {
    if (id !== SECTION.custom) continue
    const reader = new Reader(module.bytes, from, to)
    const name = reader.name()
    found.set(found.has(name) ? `${name} ${place}` : name, reader)
  }
  return found
}

const rewritten = (bytes: Uint8Array): DecodedModule =>
  decodeModule(meter(bytes).bytes, DEFAULT_MODULE_LIMITS)

describe('branch hints', () => {
  it('each points at an if, in ascending order', () => {
    const module = rewritten(MODULE)
    const reader = customSections(module).get('metadata.code.branch_hint')
    if (reader === undefined) throw new TypeError('no hints')
    let seen = 0
    let last = -1
    const functions = reader.u32()
    for (let count = 0; count < functions; count += 1) {
      const index = reader.u32()
      expect(index).toBeGreaterThan(last)
      last = index
      let lastPlace = -1
      for (let places = reader.u32(); places > 0; places -= 1) {
        const place = reader.u32()
        expect(place).toBeGreaterThan(lastPlace)
        lastPlace = place
        expect([reader.u32(), reader.byte()]).toEqual([1, 0])
        expect(module.bytes[(module.bodies[index - 1]?.from ?? 0) + place]).toBe(0x04)
        seen += 1
      }
    }
    expect(reader.done).toBe(true)
    // Two entries and a loop.
    expect(seen).toBeGreaterThanOrEqual(2)
  })
  it('stand in front of the code', () => {
    const ids = rewritten(MODULE).sections.map(({ id }) => id)
    expect(ids[ids.indexOf(SECTION.code) - 1]).toBe(SECTION.custom)
  })
  it('of the guest are dropped: its offsets are others now', () => {
    const bytes = Uint8Array.from([...MODULE, ...custom('metadata.code.branch_hint', [0])])
    expect(meter(bytes).bytes).toEqual(meter(MODULE).bytes)
  })
})

describe('other custom sections', () => {
  it('names of functions are kept', () => {
    // Subsection 1: function 1 is called "loop".
    const names = [1, 7, 1, 1, 4, ...Buffer.from('loop')]
    const kept = customSections(
      rewritten(Uint8Array.from([...MODULE, ...custom('name', names)])),
    ).get('name')
    expect([...(kept?.bytes.subarray(kept.at, kept.end) ?? [])]).toEqual(names)
  })
  it('everything else is dropped', () => {
    const bytes = Uint8Array.from([...MODULE, ...custom('.debug_info', [1, 2, 3])])
    expect(meter(bytes).bytes).toEqual(meter(MODULE).bytes)
  })
})
