import { expect, it } from 'vitest'
import { parseSizeBytes } from '../../../src/std/size.ts'

it.each([
  ['64m', 64 * 2 ** 20],
  ['1g', 2 ** 30],
  ['512kb', 512 * 1024],
  ['1.5K', 1536],
  ['2GiB', 2 ** 31],
  ['4096', 4096],
  ['10b', 10],
])('reads %s as %d bytes', (text, bytes) => {
  expect(parseSizeBytes(text)).toBe(bytes)
})

it.each(['', 'm', '-1', '1x', '1mm', ' 1m', '1e3', '99999999t'])('refuses %j', (text) => {
  expect(parseSizeBytes(text)).toBeUndefined()
})
