import { expect, it } from 'vitest'
import { parseReference } from '../../../../src/engine/image/reference.ts'

it.each([
  ['base', 'base', 'latest'],
  ['base:1.0-a_b', 'base', '1.0-a_b'],
  ['a/b/c', 'a/b/c', 'latest'],
  ['localhost:5000/x', 'localhost:5000/x', 'latest'],
  ['Registry.example.com:443/team/x:v1', 'Registry.example.com:443/team/x', 'v1'],
  ['registry.example.com/x', 'registry.example.com/x', 'latest'],
  ['a'.repeat(255), 'a'.repeat(255), 'latest'],
])('%s is %s with the tag %s', (text, name, tag) => {
  expect(parseReference(text)).toEqual({ name, tag })
})

it.each([
  ['', 'invalid reference format'],
  [':v1', 'invalid reference format'],
  ['a//b', 'invalid reference format'],
  ['a..b', 'invalid reference format'],
  ['a:b:c', 'invalid reference format'],
  ['localhost:5000', undefined],
  ['host:x/y', 'invalid reference format'],
  [`a:${'t'.repeat(129)}`, 'invalid reference format'],
  ['UP', 'invalid reference format: repository name (library/UP) must be lowercase'],
  ['a/Up:v1', 'invalid reference format: repository name (a/Up) must be lowercase'],
  [
    'a'.repeat(256),
    'invalid reference format: repository name must not be more than 255 characters',
  ],
])('%j: %j', (text, message) => {
  const parse = () => parseReference(text)
  if (message === undefined) expect(parse).not.toThrow()
  else expect(parse).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message }))
})

it('a text that fits almost is gone over once', () => {
  const text = `${'a.'.repeat(500_000)}!`
  expect(() => parseReference(text)).toThrow('invalid reference format')
})
