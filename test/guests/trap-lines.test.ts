import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bulkhead } from '../support/bulkhead.ts'

const FAULTS = readFileSync('guests/traps/faults.h', 'utf8').split('\n')
const lineOf = (words: string): number =>
  FAULTS.findIndex((line) => line.endsWith(`// ${words}`)) + 1

/** What the guest is told to do, V8's words, the function and the words behind its line. */
const TRAPS = [
  ['divide', 'divide by zero', 'divide', 'divide'],
  ['load', 'memory access out of bounds', 'load', 'load'],
  // The library's abort has no lines of its own: its caller's is told.
  ['give-up', 'unreachable', 'give_up', 'give up'],
] as const

describe.each(['lines-dwarf-4', 'lines-dwarf-5'])('%s', (name) => {
  it.each(TRAPS)('%s: %s in %s', async (argument, trap, named, words) => {
    const done = await bulkhead(['run', `guests/build/${name}.wasm`, argument])
    expect(lineOf(words)).toBeGreaterThan(1)
    expect(done.stderr).toMatch(
      new RegExp(
        `^bulkhead: trap: ${trap}, at ${named} \\(faults\\.h:${lineOf(words)}\\), ` +
          'in function \\d+ \\(\\w+\\) at 0x[0-9a-f]+\\n$',
      ),
    )
    expect(done.code).toBe(134)
  })
})
