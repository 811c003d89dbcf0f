import { describe, expect, it } from 'vitest'
import type { Credentials } from '../../../../src/contract/identity.ts'
import { mayAccess, mayRemove, PERMISSION } from '../../../../src/kernel/identity/permissions.ts'

const WHO: Readonly<Record<string, Credentials>> = {
  root: { uid: 0, gid: 0, groups: [] },
  owner: { uid: 1_000, gid: 5, groups: [] },
  group: { uid: 2_000, gid: 100, groups: [] },
  member: { uid: 3_000, gid: 5, groups: [7, 100] },
  other: { uid: 4_000, gid: 5, groups: [7] },
}
const { read, write, execute } = PERMISSION
/** What each may do to a file of 1000:100 with this mode. */
const MATRIX = `
          root  owner  group  member  other
  0o700   rwx   rwx    -      -       -
  0o070   rwx   -      rwx    rwx     -
  0o007   rwx   -      -      -       rwx
  0o640   rwx   rw     r      r       -
  0o111   rwx   x      x      x       x
  0o000   rwx   -      -      -       -
  0o4755  rwx   rwx    rx     rx      rx
`
const [header = [], ...rows] = MATRIX.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
const cells = rows.flatMap(([mode = '', ...may]) =>
  header.map((who, column) => [mode, who, may[column] ?? ''] as const),
)

it('the matrix has everybody', () => {
  expect(header).toEqual(Object.keys(WHO))
})
describe('a file of 1000:100', () => {
  it.each(cells)('with %s, as %s: %s', (mode, name, may) => {
    const who = WHO[name]
    if (who === undefined) throw new Error(name)
    const file = { mode: Number(mode), uid: 1_000, gid: 100 }
    const bits = { r: read, w: write, x: execute }
    for (const [letter, bit] of Object.entries(bits)) {
      expect([letter, mayAccess(who, file, bit)]).toEqual([letter, may.includes(letter)])
    }
    expect(mayAccess(who, file, read | write | execute)).toBe(may === 'rwx')
    expect(mayAccess(who, file, 0)).toBe(true)
  })
})

it.each([
  ['root', 0o1777, true],
  ['owner', 0o1777, true],
  ['group', 0o1777, false],
  ['other', 0o1777, false],
  ['other', 0o777, true],
] as const)('%s removes a name from a directory with %o: %s', (name, mode, may) => {
  const who = WHO[name]
  if (who === undefined) throw new Error(name)
  const directory = { mode, uid: 0, gid: 0 }
  expect(mayRemove(who, directory, { mode: 0o644, uid: 1_000, gid: 100 })).toBe(may)
  // The directory's owner may remove everybody's.
  const own = { mode, uid: who.uid, gid: 0 }
  expect(mayRemove(who, own, { mode: 0o644, uid: 9, gid: 9 })).toBe(true)
})
