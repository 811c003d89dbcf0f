import { expect, it } from 'vitest'
import { parseDurationMs } from '../../../src/std/duration.ts'

it.each([
  ['500ms', 500],
  ['10s', 10_000],
  ['2m', 120_000],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['7', 7000],
  ['0', 0],
])('reads %s as %d ms', (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms)
})

it.each(['', 'ms', '-1s', '1 s', '10x', '1s2', 'Infinity', 'NaN', '1e3s'])('refuses %j', (text) => {
  expect(parseDurationMs(text)).toBeUndefined()
})
