import { describe, expect, it } from 'vitest'
import {
  argsGet,
  argsSizesGet,
  environGet,
  environSizesGet,
} from '../../../src/abi/preview1/args.ts'
import { Errno } from '../../../src/contract/errno.ts'
import { callable } from '../../support/calls.ts'

describe('a guest that asks for its own texts', () => {
  it.each([
    ['args_get', argsGet],
    ['args_sizes_get', argsSizesGet],
    ['environ_get', environGet],
    ['environ_sizes_get', environSizesGet],
  ])('%s is charged by their length', (_, ask) => {
    const costs = [10, 1_010].map((length) => {
      const { call, charged } = callable()
      const { process } = call
      process.args = ['x'.repeat(length)]
      process.environment = process.args
      expect(ask(call, 0, 8)).toBe(Errno.SUCCESS)
      return charged()
    })
    expect((costs[1] ?? 0) - (costs[0] ?? 0)).toBe(8_000)
  })
})
