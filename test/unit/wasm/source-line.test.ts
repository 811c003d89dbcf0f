import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findLine } from '../../../src/wasm/dwarf/source-line.ts'
import { meter } from '../../../src/wasm/meter.ts'
import {
  debugSections,
  packed,
  type Sequence,
  type Unit,
  withDebugSections,
} from '../../support/wasm/debug-lines.ts'
import { startModule } from '../../support/wasm-modules.ts'

const VERSIONS = [2, 3, 4, 5]
const FILES = ['main.c', 'src/deep/part.h', 'C:\\work\\other.c'] as const
const LAST_PARTS = ['main.c', 'part.h', 'other.c'] as const

const lines = (...units: readonly Unit[]): Uint8Array => packed(debugSections(units))

/** Two functions, 100 to 130 and 200 to 210. */
const sequences: readonly Sequence[] = [
  {
    start: 100,
    rows: [
      { after: 0, file: 0, line: 10 },
      { after: 10, file: 0, line: 11 },
      { after: 5, file: 1, line: 300 },
    ],
    last: 15,
  },
  { start: 200, rows: [{ after: 0, file: 2, line: 7 }], last: 10 },
]
const unit = (version: number, over: Partial<Unit> = {}): Unit => ({
  ...{ version, files: FILES, sequences },
  ...over,
})

describe.each(VERSIONS)('lines of version %i', (version) => {
  it.each([
    [100, 'main.c', 10],
    [109, 'main.c', 10],
    [110, 'main.c', 11],
    [115, 'part.h', 300],
    [129, 'part.h', 300],
    [200, 'other.c', 7],
    [209, 'other.c', 7],
  ])('%i is in %s:%i', (address, file, line) => {
    expect(findLine(lines(unit(version)), [address])).toEqual({ which: 0, file, line })
  })
  it.each([0, 99, 130, 199, 210, 2 ** 32 - 1])('%i is nowhere', (address) => {
    expect(findLine(lines(unit(version)), [address])).toBeUndefined()
  })
  it('the first of several addresses that has a line is the one that counts', () => {
    const place = { which: 1, file: 'other.c', line: 7 }
    expect(findLine(lines(unit(version)), [50, 205, 101])).toEqual(place)
    const behind = unit(version, { sequences: sequences.toReversed() })
    expect(findLine(lines(behind), [50, 205, 101])).toEqual(place)
    expect(findLine(lines(unit(version)), [101, 205])).toMatchObject({ which: 0, line: 10 })
  })
  it('code that the linker threw away hides none', () => {
    const row = { after: 0, file: 0, line: 1 }
    const dead = [0, 2 ** 32 - 1, 2 ** 32 - 2].map((start) => ({ start, rows: [row], last: 500 }))
    const whole = unit(version, { sequences: [...dead, ...sequences] })
    expect(findLine(lines(whole), [101])).toMatchObject({ line: 10 })
    expect(findLine(lines(whole), [5])).toBeUndefined()
  })
  it('code that stands for no line is passed over', () => {
    const rows = [
      { after: 0, file: 0, line: 3 },
      { after: 4, file: 0, line: 0 },
    ]
    const some = lines(unit(version, { sequences: [{ start: 100, rows, last: 9 }] }))
    expect(findLine(some, [103])).toMatchObject({ line: 3 })
    expect(findLine(some, [105])).toBeUndefined()
  })
  it('a file that is not in the tables gives no line', () => {
    const rows = [{ after: 0, file: 9, line: 3 }]
    const some = lines(unit(version, { sequences: [{ start: 100, rows, last: 9 }] }))
    expect(findLine(some, [100])).toBeUndefined()
  })
  it('a unit that is broken does not hide the one behind it', () => {
    const { programs, texts } = debugSections([unit(version), unit(version)])
    // Version of the first unit; its line range; an operand count past its end.
    for (const [at, value] of [
      [4, 99],
      [version >= 5 ? 16 : version >= 4 ? 14 : 13, 0],
      [programs.length / 2 - 1, 255],
    ] as const) {
      const broken = packed({ programs: programs.with(at, value), texts })
      expect(findLine(broken, [205])).toMatchObject({ file: 'other.c', line: 7 })
    }
  })
})

const anySequence = fc.record({
  start: fc.integer({ min: 1, max: 100_000 }),
  rows: fc.array(
    fc.record({
      after: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 60_000 })),
      file: fc.nat({ max: 2 }),
      line: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 1_000_000 })),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  last: fc.integer({ min: 0, max: 200 }),
})
const anyUnit = fc.record({
  version: fc.constantFrom(...VERSIONS),
  files: fc.constant(FILES),
  sequences: fc.array(anySequence, { maxLength: 4 }),
})

/** Every place at an address, by looking at each row. */
function allAt(units: readonly Unit[], address: number): readonly string[] {
  return units.flatMap(({ sequences }) =>
    sequences.flatMap(({ start, rows, last }) => {
      let at = start
      return rows.flatMap(({ after, file, line }, index) => {
        at += after
        const end = at + (rows[index + 1]?.after ?? last)
        return at <= address && address < end ? [`${LAST_PARTS[file]}:${line}`] : []
      })
    }),
  )
}

describe('any lines', () => {
  it('are found where their rows say', () => {
    fc.assert(
      fc.property(
        fc.array(anyUnit, { maxLength: 3 }),
        fc.integer({ min: 0, max: 200_000 }),
        fc.boolean(),
        (units, anywhere, atStart) => {
          const address = atStart ? (units[0]?.sequences[0]?.start ?? anywhere) : anywhere
          const found = findLine(lines(...units), [address])
          const all = allAt(units, address)
          if (found === undefined) expect(all).toEqual([])
          else expect(all).toContain(`${found.file}:${found.line}`)
        },
      ),
      { numRuns: 2_000 },
    )
  })
  it('that were tampered with give a line or none', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(
        fc.array(anyUnit, { minLength: 1, maxLength: 2 }),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        (units, changes, cut) => {
          const { programs, texts } = debugSections(units)
          const bytes = programs.slice(0, programs.length - (cut % 3 === 0 ? cut % 40 : 0))
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          const found = findLine(packed({ programs: bytes, texts }), [101, 205, 5_000])
          if (found === undefined) return
          expect(Number.isSafeInteger(found.line)).toBe(true)
          expect(found.file).not.toBe('')
        },
      ),
      { numRuns: 5_000 },
    )
  })
  it('that are only bytes give a line or none', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ maxLength: 20 }),
        (one, two) => {
          expect(findLine(packed({ programs: one, texts: two }), [1])?.file).not.toBe('')
        },
      ),
      { numRuns: 2_000 },
    )
  })
  it('whose files all share one long text read it once', () => {
    // Read for each of its entries it would be 50 GB.
    const { programs } = debugSections([
      unit(5, { files: Array.from({ length: 50_000 }, () => '') }),
    ])
    const texts = new Uint8Array(1_000_001).fill(0x78, 0, -1)
    expect(findLine(packed({ programs, texts }), [205])?.file.length).toBe(999_998)
  })
})

describe('a module', () => {
  const module = startModule([0x01])
  const sections = debugSections([unit(4)])
  it('keeps its lines as they are, for the day it traps', () => {
    expect(meter(withDebugSections(module, sections)).lines).toEqual(packed(sections))
  })
  it('without lines keeps nothing', () => {
    expect(meter(module).lines).toEqual(new Uint8Array())
  })
  it('with more than 8 MiB of them keeps nothing', () => {
    const large = { ...sections, texts: new Uint8Array(8 * 2 ** 20 - sections.programs.length) }
    expect(meter(withDebugSections(module, large)).lines.length).toBeGreaterThan(8 * 2 ** 20)
    const larger = { ...sections, texts: new Uint8Array(large.texts.length + 1) }
    expect(meter(withDebugSections(module, larger)).lines).toEqual(new Uint8Array())
  })
})
