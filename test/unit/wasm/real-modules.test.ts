import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODULE_LIMITS } from '../../../src/wasm/limits.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { REAL_PROGRAMS, realProgram } from '../../support/real-programs.ts'

/** Some of them are 30 MB, and the first one brings them all here. */
const TIMEOUT = 300_000

// `meter` holds the original and its output to the limits, and has V8 validate both.
describe('a real program passes the limits everybody has, and is rewritten to a valid module', () => {
  it.each(REAL_PROGRAMS)(
    '%s',
    async (name) => {
      const bytes = readFileSync(await realProgram(name))
      const { bytes: output } = meter(bytes, { limits: DEFAULT_MODULE_LIMITS })
      expect(output.length).toBeGreaterThan(bytes.length / 4)
    },
    TIMEOUT,
  )
})
