import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { BULKHEAD } from '../../src/abi/bulkhead/table.ts'
import { PREVIEW1 } from '../../src/abi/preview1/table.ts'
import { WASIX } from '../../src/abi/wasix/table.ts'
import { WASMEDGE_SOCKETS } from '../../src/abi/wasmedge/table.ts'

const printed = () =>
  execFileSync(process.execPath, ['scripts/compatibility.mjs', '--print']).toString()

it('docs/COMPATIBILITY.md is what the table of calls prints', () => {
  expect(readFileSync('docs/COMPATIBILITY.md', 'utf8')).toBe(printed())
})
/** Names of the calls in the section with that heading. */
function callsOf(heading: string): readonly string[] {
  const section =
    printed()
      .split('## ')
      .find((part) => part.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name ?? '')
}
it('has a row for each of the 46 calls of preview1, and for each of the other tables', () => {
  expect(callsOf('`wasi_snapshot_preview1`')).toEqual(Object.keys(PREVIEW1))
  expect(Object.keys(PREVIEW1)).toHaveLength(46)
  expect(callsOf('WasmEdge')).toEqual(Object.keys(WASMEDGE_SOCKETS))
  expect(callsOf('`wasix_32v1`')).toEqual(Object.keys(WASIX))
  expect(callsOf('`bulkhead_v1`')).toEqual(Object.keys(BULKHEAD))
})
it('says why wherever a call is not wholly there', () => {
  for (const row of printed().match(/^\| `\w+` \| (partly|no) \|.*$/gm) ?? []) {
    expect(row).toMatch(/\| \S.* \|$/)
  }
})
