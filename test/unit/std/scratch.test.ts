import { expect, it } from 'vitest'
import { Scratch } from '../../../src/std/scratch.ts'

const KEPT = 2 ** 18

it('hands out the same memory again, as much of it as is asked for', () => {
  const scratch = new Scratch()
  const first = scratch.take(100)
  const second = scratch.take(60)
  expect([first.length, second.length, second.buffer === first.buffer]).toEqual([100, 60, true])
  expect(scratch.take(70_000)).toHaveLength(70_000)
})
it('keeps nothing that is longer than what is usual', () => {
  const scratch = new Scratch()
  const usual = scratch.take(KEPT)
  const long = scratch.take(KEPT + 1)
  expect(long).toHaveLength(KEPT + 1)
  expect(scratch.take(KEPT).buffer).toBe(usual.buffer)
})
