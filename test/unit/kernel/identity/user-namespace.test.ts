import { describe, expect, it } from 'vitest'
import { homeOf, resolveUser } from '../../../../src/kernel/identity/user-namespace.ts'

const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nann:x:1000:100::/home/ann:/bin/sh\nshort:x\n'
const GROUP = 'root:x:0:\nusers:x:100:ann\nwheel:x:10:root,ann\n'

describe('resolveUser', () => {
  it.each([
    ['', { uid: 0, gid: 0, groups: [] }],
    ['0', { uid: 0, gid: 0, groups: [10] }],
    ['ann', { uid: 1000, gid: 100, groups: [100, 10] }],
    ['1000', { uid: 1000, gid: 100, groups: [100, 10] }],
    ['ann:wheel', { uid: 1000, gid: 10, groups: [100, 10] }],
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
})

it.each([
  [0, '/root'],
  [1000, '/home/ann'],
  [7, '/'],
])('homeOf %i is %s', (uid, home) => {
  expect(homeOf(uid, PASSWD)).toBe(home)
})
