import fc from 'fast-check'
import { expect, it } from 'vitest'
import { copyShared } from '../../../src/thread/shared-copy.ts'

const SIZE = 40_000

it('copies every byte and no other, wherever both sides lie', () => {
  const source = Uint8Array.from({ length: SIZE }, (_, index) => (index * 7) ^ (index >> 8))
  const place = fc.record({
    from: fc.nat(16),
    to: fc.nat(16),
    length: fc.oneof(fc.nat(600), fc.constantFrom(8_191, 8_192, 8_193, 20_000, 30_001)),
    isShared: fc.constantFrom('from', 'into'),
  })
  fc.assert(
    fc.property(place, ({ from, to, length, isShared }) => {
      const memory = (shared: boolean): Uint8Array =>
        shared ? new Uint8Array(new SharedArrayBuffer(SIZE)) : new Uint8Array(SIZE)
      const given = memory(isShared === 'from')
      const taken = memory(isShared === 'into')
      given.set(source)
      taken.fill(0x3f)
      const part = given.subarray(from, from + length)
      const into = taken.subarray(to, to + length)
      copyShared(into, part, isShared === 'from' ? part : into)
      const expected = new Uint8Array(SIZE).fill(0x3f)
      expected.set(source.subarray(from, from + length), to)
      expect(Buffer.compare(taken, expected)).toBe(0)
    }),
    { numRuns: 300 },
  )
})
