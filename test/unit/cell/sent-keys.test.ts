import { expect, it } from 'vitest'
import { SentKeys } from '../../../src/cell/sent-keys.ts'

it('sends a value once, again after it was dropped, and drops the one used longest ago', () => {
  const sent = new SentKeys<number>(2)
  const ship = (key: string) => {
    const { value, drop } = sent.ship(key, 7)
    return [value, drop]
  }
  expect(ship('a')).toEqual([7, undefined])
  expect(ship('b')).toEqual([7, undefined])
  expect(ship('a')).toEqual([undefined, undefined])
  expect(ship('c')).toEqual([7, 'b'])
  expect(ship('a')).toEqual([undefined, undefined])
  expect(ship('b')).toEqual([7, 'c'])
})
