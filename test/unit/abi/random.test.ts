import { expect, it } from 'vitest'
import { LinearMemory } from '../../../src/abi/guest-memory.ts'
import { randomGet } from '../../../src/abi/preview1/random.ts'
import { callable } from '../../support/calls.ts'

it('a long random_get lets its process be ended between pieces, and fills every byte', () => {
  const size = 3 * 2 ** 20 + 5
  const owner = { buffer: new ArrayBuffer(size + 10) }
  const memory = new LinearMemory()
  memory.attach(owner)
  const call = { ...callable().call, memory }
  let pieces = 0
  let step = randomGet(call, 5, size)
  while (typeof step !== 'number') {
    pieces += 1
    expect(step.changed()).toBe(true)
    step = step.resume()
  }
  expect([step, pieces]).toEqual([0, 3])
  const bytes = new Uint8Array(owner.buffer)
  expect(bytes.subarray(5, 5 + size).every((byte) => byte === 9)).toBe(true)
  expect([...bytes.subarray(0, 5), ...bytes.subarray(5 + size)]).toEqual(Array(10).fill(0))
})
