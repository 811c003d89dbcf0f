import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PREVIEW1 } from '../../src/abi/preview1/table.ts'

const printed = () =>
  execFileSync(process.execPath, ['scripts/compatibility.mjs', '--print']).toString()

it('docs/COMPATIBILITY.md is what the table of calls prints', () => {
  expect(readFileSync('docs/COMPATIBILITY.md', 'utf8')).toBe(printed())
})
it('has a row for each of the 46 calls', () => {
  const rows = printed().match(/^\| `\w+` \|/gm) ?? []
  expect(rows).toHaveLength(46)
  expect(Object.keys(PREVIEW1)).toHaveLength(46)
})
it('says why wherever a call is not wholly there', () => {
  for (const row of printed().match(/^\| `\w+` \| (partly|no) \|.*$/gm) ?? []) {
    expect(row).toMatch(/\| \S.* \|$/)
  }
})
