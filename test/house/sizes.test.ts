import { expect, it } from 'vitest'
import { findings, plantTree } from './planted-tree.ts'

const CHECK = 'scripts/check-sizes.mjs'

/** A tree with one source file of each size. */
const filesOf = (sizes: readonly number[]) =>
  Object.fromEntries(sizes.map((lines, at) => [`src/std/a${at}.ts`, 'f()\n'.repeat(lines)]))
const times = (count: number, lines: number) => Array.from({ length: count }, () => lines)

it.each([
  ['a median and a 90th percentile at the budget', [...times(5, 90), ...times(4, 250), 400], []],
  [
    'a median one line too high',
    [...times(4, 1), ...times(6, 91)],
    ['median-size: 91 lines, at most 90'],
  ],
  [
    'one file in nine too long',
    [...times(8, 1), 251],
    ['ninetieth-percentile-size: 251 lines, at most 250'],
  ],
  [
    'no file at all',
    [],
    [
      'empty-input: nothing was checked',
      'median-size: NaN lines, at most 90',
      'ninetieth-percentile-size: NaN lines, at most 250',
    ],
  ],
])('for %s the check finds what it should', (_, sizes, expected) => {
  const tree = plantTree([], filesOf(sizes))
  const { status, text } = tree.run(CHECK)
  tree.remove()
  expect(findings(text)).toEqual(expected)
  expect(status).toBe(expected.length > 0 ? 1 : 0)
})
