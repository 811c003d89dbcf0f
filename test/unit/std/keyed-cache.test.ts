import { expect, it } from 'vitest'
import { KeyedCache } from '../../../src/std/keyed-cache.ts'

it('makes a value once, however many ask at the same time', async () => {
  const cache = new KeyedCache<number>(4)
  let made = 0
  const make = async () => {
    made += 1
    return made
  }
  expect(await Promise.all([cache.get('a', make), cache.get('a', make)])).toEqual([1, 1])
  expect(await cache.get('b', make)).toBe(2)
})
it('forgets a failure', async () => {
  const cache = new KeyedCache<number>(4)
  await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await cache.get('a', async () => 7)).toBe(7)
})
it('lets go of what was asked for longest ago', async () => {
  const cache = new KeyedCache<string>(2)
  const make = (value: string) => async () => value
  await cache.get('a', make('1'))
  await cache.get('b', make('1'))
  await cache.get('a', make('2'))
  await cache.get('c', make('1'))
  expect(cache.size).toBe(2)
  expect(await cache.get('a', make('3'))).toBe('1')
  expect(await cache.get('b', make('3'))).toBe('3')
})
