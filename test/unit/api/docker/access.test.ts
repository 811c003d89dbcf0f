import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accessWith } from '../../../../src/api/docker/access.ts'
import { Token } from '../../../../src/api/docker/token.ts'

const TEXT = 'zP4-secret.token~0123456789'
const tokenOf = (text: string): Token => {
  const token = Token.parse(text)
  if (token === undefined) throw new Error(`${text} is no token`)
  return token
}
const authorization = `Bearer ${TEXT}`

describe('a daemon with a token', () => {
  const access = accessWith(tokenOf(TEXT))

  it.each(['/_ping', '/livez', '/readyz'])('answers %s to everybody', (path) => {
    expect(() => access(path, {})).not.toThrow()
  })
  it.each(['/metrics', '/info', '/containers/create', '/nowhere', '/_ping/', '/%5fping'])(
    'answers %s to whoever has it',
    (path) => {
      expect(() => access(path, {})).toThrow('this daemon asks for a token')
      expect(() => access(path, { authorization })).not.toThrow()
    },
  )
  it.each([
    ['another', 'Bearer zP4-secret.token~0123456780'],
    ['its beginning', 'Bearer zP4-secret.token~'],
    ['one that is longer', `${authorization}0`],
    ['none', 'Bearer '],
    ['another scheme', `Basic ${TEXT}`],
    ['no scheme', TEXT],
    ['a megabyte', `Bearer ${'a'.repeat(2 ** 20)}`],
    ['two', `${authorization}, ${authorization}`],
  ])('refuses %s, and repeats nothing of it', (_, given) => {
    expect(() => access('/info', { authorization: given })).toThrow(
      /^the token of this request is not the token of this daemon$/,
    )
  })
  it('takes the name of the scheme in any case', () => {
    expect(() => access('/info', { authorization: `bearer ${TEXT}` })).not.toThrow()
  })
  it('answers under any name, and never a page', () => {
    const headers = { authorization, host: 'containers.example:2375' }
    expect(() => access('/info', headers)).not.toThrow()
    const page = { ...headers, origin: 'http://containers.example:2375' }
    expect(() => access('/info', page)).toThrow('requests with an Origin are refused')
    expect(() => access('/_ping', page)).toThrow('requests with an Origin are refused')
  })
})

it('a daemon without a token answers what is of this machine', () => {
  const access = accessWith(undefined)
  expect(() => access('/info', { host: 'localhost' })).not.toThrow()
  expect(() => access('/info', { host: 'evil.example' })).toThrow('the Host is not of loopback')
})

describe('a token', () => {
  it('is itself and no other text', () => {
    const text = fc.stringMatching(/^[A-Za-z0-9._~+/-]{16,64}$/)
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(tokenOf(one).is(one)).toBe(true)
        expect(tokenOf(one).is(other)).toBe(one === other)
      }),
    )
  })
  it.each([
    '',
    'short',
    'a'.repeat(1_025),
    'with a blank inside it',
    'lines\nlines\nlines\n',
    'ünïcödé-ünïcödé!',
  ])('%j is none', (text) => {
    expect(Token.parse(text)).toBeUndefined()
  })
  it('is not shown by what prints it', () => {
    const token = tokenOf(TEXT)
    expect(`${JSON.stringify(token)} ${inspect(token, { showHidden: true })}`).not.toContain('zP4')
  })
})
