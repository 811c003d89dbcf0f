import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8Length } from '../../../src/std/utf8.ts'

const encoder = new TextEncoder()
/** Any units, halves of pairs among them. */
const text = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units))
const halves = fc
  .array(fc.constantFrom(0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff))
  .map((units) => String.fromCharCode(...units))

describe('utf8Length', () => {
  it('is what TextEncoder writes', () => {
    fc.assert(
      fc.property(fc.oneof(text, halves, fc.string({ unit: 'grapheme' })), (value) => {
        expect(utf8Length(value)).toBe(encoder.encode(value).length)
      }),
    )
  })
})
