import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { globFits } from '../../../src/std/glob.ts'

describe('globFits', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'abc', true],
    ['*', 'a/b', false],
    ['a*', 'abc', true],
    ['*c', 'abc', true],
    ['a*b*c', 'aXbYbc', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a/*', 'a/b', true],
    ['*/*', 'a/b', true],
    ['a', 'b', false],
    ['.', 'a', false],
    ['a**b', 'ab', true],
  ])('%s and %s: %s', (pattern, text, fits) => {
    expect(globFits(pattern, text)).toBe(fits)
  })
  it('answers as the regular expression that it stands for', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 8 })
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 })
    fc.assert(
      fc.property(words, texts, (pattern, text) => {
        const source = pattern.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')
        expect(globFits(pattern, text)).toBe(new RegExp(`^${source}$`).test(text))
      }),
    )
  })
  it('takes no longer for a pattern made of stars', () => {
    expect(globFits('a*'.repeat(2_000), `${'a'.repeat(20_000)}/`)).toBe(false)
  })
})
