import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_MODULE_LIMITS } from '../../../src/wasm/limits.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { REAL_PROGRAMS, realPrograms } from '../../support/real-programs.ts'

let path = (_: string): string => ''
beforeAll(async () => {
  path = await realPrograms()
})

/** Some of them are 30 MB, and the machine may be busy. */
const TIMEOUT = 300_000

// `meter` holds the original and its output to the limits, and has V8 validate both.
describe('a real program passes the limits everybody has, and is rewritten to a valid module', () => {
  it.each(REAL_PROGRAMS)(
    '%s',
    (name) => {
      const bytes = readFileSync(path(name))
      const { bytes: output } = meter(bytes, { limits: DEFAULT_MODULE_LIMITS })
      expect(output.length).toBeGreaterThan(bytes.length / 4)
    },
    TIMEOUT,
  )
})
