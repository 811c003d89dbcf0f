import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../../src/contract/errors.ts'
import { homeOf, resolveUser } from '../../../../src/kernel/identity/user-namespace.ts'

const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nann:x:1000:100::/home/ann:/bin/sh\nshort:x\n'
const GROUP = 'root:x:0:\nusers:x:100:ann\nwheel:x:10:root,ann\n'

describe('resolveUser', () => {
  it.each([
    ['', { uid: 0, gid: 0, groups: [] }],
    ['0', { uid: 0, gid: 0, groups: [10] }],
    ['ann', { uid: 1000, gid: 100, groups: [100, 10] }],
    ['1000', { uid: 1000, gid: 100, groups: [100, 10] }],
    ['ann:', { uid: 1000, gid: 100, groups: [100, 10] }],
    ['ann:wheel', { uid: 1000, gid: 10, groups: [] }],
    ['ann:7', { uid: 1000, gid: 7, groups: [] }],
    ['7', { uid: 7, gid: 0, groups: [] }],
    ['7:8', { uid: 7, gid: 8, groups: [] }],
  ])('%j', (user, credentials) => {
    expect(resolveUser(user, PASSWD, GROUP)).toEqual(credentials)
  })
  it.each([
    ['eve', 'unable to find user eve: no matching entries in passwd file'],
    ['ann:none', 'unable to find group none: no matching entries in group file'],
    ['-1', 'unable to find user -1'],
    ['99999999999', 'unable to find user 99999999999'],
  ])('refuses %j', (user, message) => {
    expect(() => resolveUser(user, PASSWD, GROUP)).toThrow(message)
  })
  it('takes as many groups as a process may be in, and refuses one more', () => {
    const groups = (count: number) => resolveUser('ann', PASSWD, 'g::1:ann\n'.repeat(count)).groups
    expect(groups(65_536)).toHaveLength(65_536)
    expect(() => groups(65_537)).toThrow(
      new EngineError('INVALID_ARGUMENT', 'user ann is in more than 65536 groups'),
    )
    expect(resolveUser('ann:7', PASSWD, 'g::1:ann\n'.repeat(65_537)).groups).toEqual([])
  })
})

it.each([
  [0, '/root'],
  [1000, '/home/ann'],
  [7, '/'],
])('homeOf %i is %s', (uid, home) => {
  expect(homeOf(uid, PASSWD)).toBe(home)
})
