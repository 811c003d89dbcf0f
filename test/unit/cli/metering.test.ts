import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { meteringText } from '../../../src/cli/metering.ts'
import { meteringReport } from '../../../src/host/metering-report.ts'
import { METER_VERSION } from '../../../src/wasm/meter.ts'
import { build, FUNCREF, I32 } from '../../support/wasm-build.ts'

/** local 0 counts down to 0: in strips. A hundred trips: at once. Left in the middle: when it goes round. */
const STRIPS = [0x03, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x1a, 0x20, 0, 0x41, 127, 0x6a, 0x22, 0, 0x0d]
const AT_ONCE = [
  0x41, 0, 0x21, 1, 0x03, 0x40, 0x20, 1, 0x41, 1, 0x6a, 0x22, 1, 0x41, 50, 0x47, 0x0d,
]
const ROUND = [0x02, 0x40, 0x03, 0x40, 0x20, 0, 0x0d, 1, 0x0c, 0, 0x0b, 0x0b]
const LOOPS = build({
  types: [[[I32], []]],
  functions: [
    [0, [[1, I32]], [...STRIPS, 0, 0x0b, ...AT_ONCE, 0, 0x0b, ...ROUND]],
    [0, [], [0x20, 0, 0x10, 0]],
  ],
})
const SHARED = build({
  types: [[[I32], []]],
  imports: [['m', 't', 1, FUNCREF, 0, 1]],
  functions: [[0, [], []]],
})

describe('the report on a module’s metering', () => {
  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
    writeFileSync(join(directory, 'loops.wasm'), LOOPS)
    writeFileSync(join(directory, 'shared.wasm'), SHARED)
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  it('says what form it has and how its loops are paid for', () => {
    const report = meteringReport(join(directory, 'loops.wasm'))
    expect(report).toMatchObject({
      meterVersion: METER_VERSION,
      form: 'pass',
      formReason: undefined,
      bytes: LOOPS.length,
      customBytes: 0,
      functions: 2,
      leaves: 2,
      loops: { 'each-trip': 0, 'at-once': 1, 'in-strips': 1, 'going-round': 1 },
    })
    expect(report.rewrittenBytes).toBeGreaterThan(LOOPS.length)
  })
  it('says why a module is not in the fastest form', () => {
    const report = meteringReport(join(directory, 'shared.wasm'))
    expect(report.form).toBe('mixed')
    expect(meteringText(report)).toContain(
      'reason:     references to functions cross its border (table t)\n',
    )
  })
  it('is text for people', () => {
    const text = meteringText({
      file: 'a.wasm',
      meterVersion: 9,
      form: 'pass',
      formReason: undefined,
      bytes: 20_000_000,
      customBytes: 8_000_000,
      rewrittenBytes: 13_500_000,
      rewriteMs: 800,
      functions: 10,
      leaves: 3,
      loops: { 'each-trip': 4, 'at-once': 5, 'in-strips': 6, 'going-round': 7 },
    })
    expect(text.split('\n')).toEqual([
      'module:     a.wasm',
      'meter:      version 9',
      'form:       pass',
      'reason:     -',
      'functions:  10, 3 of them without a look at their entry',
      'loops:      4 paid each trip, 6 in strips, 5 at once, 7 when they go round',
      'size:       12.00 MB to 13.50 MB (+13 %)',
      'dropped:    8.00 MB of custom sections',
      'rewritten:  in 800 ms, 25.0 MB/s',
      '',
    ])
  })
  it('is an error for a file that is not there', () => {
    expect(() => meteringReport(join(directory, 'none.wasm'))).toThrow('none.wasm: no such file')
  })
})
