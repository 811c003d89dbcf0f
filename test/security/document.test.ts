import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PREVIEW1 } from '../../src/abi/preview1/table.ts'
import { CORPUS } from '../support/hostile-corpus.ts'
import { CALL_NAMES } from '../support/hostile-modules.ts'

/** Rows of the threat model that concern guests, modules and workers. */
const IDS = Array.from({ length: 50 }, (_, at) => `H${String(at + 1).padStart(2, '0')}`)
const CORPUS_TEST = 'test/security/corpus.test.ts'

/** Row to the test files that the document names; a row that does not apply names none. */
function documented(text: string): ReadonlyMap<string, readonly string[]> {
  const rows = [...text.matchAll(/^\| (H\d\d) \|.*$/gm)].map(
    ([line, id = '']) =>
      [id, [...line.matchAll(/`(test\/[\w/.-]+)`/g)].map(([, path = '']) => path)] as const,
  )
  if (rows.length === 0) throw new Error('the document has no rows: nothing would be compared')
  return new Map(rows)
}

/** What the document says of the corpus and is not so. */
function wrong(text: string, ids: ReadonlySet<string>): readonly string[] {
  const rows = documented(text)
  const missing = IDS.filter((id) => !rows.has(id)).map((id) => `${id} is not in the document`)
  const untested = [...rows].flatMap(([id, paths]) =>
    paths.includes(CORPUS_TEST) && !ids.has(id) ? [`${id} is not in the corpus`] : [],
  )
  const undocumented = [...ids]
    .filter((id) => rows.get(id)?.includes(CORPUS_TEST) !== true)
    .map((id) => `${id} is in the corpus only`)
  return [...missing, ...untested, ...undocumented]
}

const TEXT = readFileSync('docs/SECURITY.md', 'utf8')
const ROWS = new Set(CORPUS.map(({ id }) => id))

describe('docs/SECURITY.md and the corpus', () => {
  it('have the same rows', () => {
    expect(wrong(TEXT, ROWS)).toEqual([])
  })
  it.each([
    ['a row that no test has', TEXT, new Set([...ROWS].filter((id) => id !== 'H27'))],
    ['a row that is not documented', TEXT.replace(/^\| H27 .*\n/m, ''), ROWS],
  ])('%s is found', (_, text, ids) => {
    expect(wrong(text, ids).join()).toContain('H27')
  })
  it('a document without rows is a failure', () => {
    expect(() => wrong('', ROWS)).toThrow('no rows')
  })
})

it('the modules that call everything call everything but proc_exit', () => {
  const all = Object.keys(PREVIEW1).filter((name) => name !== 'proc_exit')
  expect([...CALL_NAMES].sort()).toEqual(all.sort())
})
