import { describe, expect, it } from 'vitest'
import { SpareMemory } from '../../../src/thread/spare-memory.ts'

const LIMITS = { min: 2, max: 4 }
const bytesOf = (memory: WebAssembly.Memory) => new Uint8Array(memory.buffer)
/** A memory that was taken, written all over, and given back. */
function written(spare: SpareMemory, limits = LIMITS): WebAssembly.Memory {
  const memory = spare.take(limits)
  bytesOf(memory).fill(7)
  return memory
}

describe('spare memory', () => {
  it.each([
    ['at once', () => {}],
    ['after it was wiped', (spare: SpareMemory) => spare.wipe()],
  ])('gives out the same memory, empty, %s', (_, between) => {
    const spare = new SpareMemory()
    const first = written(spare)
    spare.giveBack(first)
    between(spare)
    const second = spare.take(LIMITS)
    expect(second).toBe(first)
    expect(bytesOf(second).some((byte) => byte !== 0)).toBe(false)
  })
  it('gives it out once', () => {
    const spare = new SpareMemory()
    const first = written(spare)
    spare.giveBack(first)
    expect(spare.take(LIMITS)).toBe(first)
    expect(spare.take(LIMITS)).not.toBe(first)
  })
  it.each([
    ['of another least size', { min: 1, max: 4 }],
    ['of another greatest size', { min: 2, max: 3 }],
  ])('makes a new one where one %s is asked for', (_, limits) => {
    const spare = new SpareMemory()
    const first = written(spare)
    spare.giveBack(first)
    const second = spare.take(limits)
    expect(second).not.toBe(first)
    expect(bytesOf(second)).toHaveLength(limits.min * 65_536)
  })
  it('keeps none that has grown, and none that is large', () => {
    const spare = new SpareMemory()
    const grown = written(spare)
    grown.grow(1)
    spare.giveBack(grown)
    expect(spare.take(LIMITS)).not.toBe(grown)
    const large = { min: 17, max: 17 }
    const first = written(spare, large)
    spare.giveBack(first)
    expect(spare.take(large)).not.toBe(first)
  })
})
