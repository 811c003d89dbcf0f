import fc from 'fast-check'
import { expect, it } from 'vitest'
import { patternOf } from '../../../src/std/pattern.ts'

it.each([
  ['', 'anything', true],
  ['b', 'abc', true],
  ['^b', 'abc', false],
  ['^a.c$', 'abc', true],
  ['^/?web[0-9]+$', '/web12', true],
  ['^/?web[0-9]+$', 'web', false],
  ['(db|cache)-\\d', 'my-cache-1', true],
  ['^(?:a|b)*$', 'abba', true],
  ['^(?:a|b)*$', 'abca', false],
  ['[^a-c]', 'abc', false],
  ['[]x]', ']', true],
  ['[a-]', '-', true],
  ['^\\w+\\.\\w+$', 'a_1.b', true],
  ['a|', 'zzz', true],
  ['x$|^y', 'yz', true],
  ['(a+)+$', `${'a'.repeat(200)}!`, false],
])('%s in %s: %j', (expression, text, fits) => {
  expect(patternOf(expression)?.(text)).toBe(fits)
})

it.each(['(', ')', '[', '[b-a]', '*a', 'a**', 'a{2}', '\\', '\\b', '(?=a)', 'a'.repeat(257)])(
  '%s is none',
  (expression) => {
    expect(patternOf(expression)).toBeUndefined()
  },
)
it('groups in groups are none beyond a depth', () => {
  expect(patternOf(`${'('.repeat(33)}a${')'.repeat(33)}`)).toBeUndefined()
})

const piece = fc.oneof(
  fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '^', '$', '(a|b)', '(?:ab)?', '(a*)*', '(b|^a)+'),
  fc.constantFrom('a*', 'b+', 'c?', '|'),
)
it('finds what the expressions of JavaScript find', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 6 }),
      fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 }),
      (pieces, text) => {
        const fits = patternOf(pieces.join(''))
        expect([pieces, text, fits?.(text)]).toEqual([
          pieces,
          text,
          new RegExp(pieces.join('')).test(text),
        ])
      },
    ),
    { seed: 7, numRuns: 3_000 },
  )
})
