import { expect, it } from 'vitest'
import { printable } from '../../../src/std/printable.ts'

it.each([
  ['plain text is left alone', 'fd_write ü', 'fd_write ü'],
  ['a newline', 'a\nb', 'a\\u{a}b'],
  ['a terminal’s escape', '\u001b[31m', '\\u{1b}[31m'],
  ['a NUL', '\0', '\\u{0}'],
  ['a line separator', '\u2028', '\\u{2028}'],
  ['a turn of direction', '\u202e', '\\u{202e}'],
  ['half of a pair', '\ud800', '\\u{d800}'],
])('%s', (_, text, shown) => {
  expect(printable(text)).toBe(shown)
})
it('cuts a long text and says so', () => {
  expect(printable('x'.repeat(1_000))).toBe(`${'x'.repeat(80)}…`)
  expect(printable('abcdef', 3)).toBe('abc…')
})
