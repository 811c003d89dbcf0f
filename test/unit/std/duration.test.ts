import { expect, it } from 'vitest'
import { durationText, parseDurationMs } from '../../../src/std/duration.ts'

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

it.each([
  [0.5, '0.5ms'],
  [500, '500ms'],
  [1_000, '1s'],
  [1_500, '1.5s'],
  [59_999, '59.999s'],
  [60_000, '1m0s'],
  [90_000, '1m30s'],
  [3_600_000, '1h0m0s'],
  [90_061_001, '25h1m1.001s'],
])('says %d ms as %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})
