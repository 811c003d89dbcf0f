import { expect, it } from 'vitest'
import { utsNamespace } from '../../../../src/kernel/identity/uts-namespace.ts'

it.each([
  ['box', ''],
  ['a', 'b'],
  ['0a1b2c3d4e5f', 'example.org'],
  ['n'.repeat(64), 'd'.repeat(64)],
  ['A-1.b', ''],
  ['my_db', '_x'],
])('%j in %j is a name', (hostname, domainname) => {
  expect(utsNamespace(hostname, domainname)).toEqual({ hostname, domainname })
})

it.each([
  ['', ''],
  ['n'.repeat(65), ''],
  ['-a', ''],
  ['a-', ''],
  ['a b', ''],
  ['a/b', ''],
  ['a\nb', ''],
  ['ü', ''],
  ['a\0', ''],
])('host name %j is refused', (hostname, domainname) => {
  expect(() => utsNamespace(hostname, domainname)).toThrow('invalid host name')
})

it('a domain name is held to the same rule', () => {
  expect(() => utsNamespace('box', 'a b')).toThrow('invalid domain name "a b"')
})
