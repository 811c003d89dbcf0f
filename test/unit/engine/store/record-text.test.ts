import fc from 'fast-check'
import { expect, it } from 'vitest'
import { recordOf, recordText } from '../../../../src/engine/store/record-text.ts'

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('$bigint', '$', '$$'),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  // JSON has one zero.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0),
  fc.bigInt(),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array(),
)
const key = fc.oneof(
  fc.string().filter((name) => name !== '__proto__'),
  fc.constantFrom('$bigint', '$date', '$bytes', '$undefined', '$$bytes', '$'),
)
const { record } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('record')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  record: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}))

it('every plain record comes back as it was', () => {
  fc.assert(
    fc.property(record, (value) => {
      expect(recordOf(recordText(value))).toStrictEqual(value)
    }),
    { numRuns: 2_000 },
  )
})

it('a key that names a prototype stays a key', () => {
  const hostile: unknown = JSON.parse('{"__proto__":{"polluted":"yes"}}')
  const back = recordOf(recordText(hostile))
  expect(Object.keys(back as object)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
})

it.each([
  ['a function', () => {}, 'a function cannot be kept'],
  ['a Map', new Map(), 'a Map cannot be kept'],
  ['a number without a value', Number.NaN, 'the number NaN cannot be kept'],
  ['infinity', Number.POSITIVE_INFINITY, 'the number Infinity cannot be kept'],
  ['a symbol', Symbol('x'), 'a symbol cannot be kept'],
])('%s is refused, not changed', (_, value, text) => {
  expect(() => recordText({ value })).toThrow(text)
})
