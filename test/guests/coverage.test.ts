import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** Names of the guests there are: every folder below guests/ that holds a program. */
function guests(directory = 'guests'): readonly string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.name === 'main.c')
    .map((entry) => entry.parentPath.split(/[\\/]/).at(-1) ?? '')
}

/** Everything the tests, the jobs of the cell suite and the hostile corpus say, but for this very file. */
function testTexts(): readonly string[] {
  return readdirSync('test', { withFileTypes: true, recursive: true })
    .filter(
      ({ name }) =>
        /\.test\.ts$|-suite\.ts$|^(hostile-corpus|cell-jobs)\.ts$/.test(name) &&
        name !== 'coverage.test.ts',
    )
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
}

/** Guests that no test runs. */
function untested(names: readonly string[], texts: readonly string[]): readonly string[] {
  if (names.length === 0) throw new Error('there are no guests: the check would check nothing')
  const runs = (name: string) => (text: string) =>
    text.includes(`${name}.wasm`) || text.includes(`'${name}'`)
  return names.filter((name) => !texts.some(runs(name)))
}

it('every guest is run by a test', () => {
  expect(untested(guests(), testTexts())).toEqual([])
})
it('a guest that no test runs is found', () => {
  expect(untested([...guests(), 'made-up'], testTexts())).toEqual(['made-up'])
})
it('no guests at all is a failure', () => {
  expect(() => untested([], testTexts())).toThrow('no guests')
})
