import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LinearMemory } from '../../../src/abi/guest-memory.ts'
import { Errno } from '../../../src/contract/errno.ts'
import { fail } from '../../../src/contract/result.ts'
import { PAGE } from '../../../src/wasm/instance.ts'

const FILL = 0x3f

function memoryOf(size: number) {
  const owner = { buffer: new ArrayBuffer(size) }
  new Uint8Array(owner.buffer).fill(FILL)
  const memory = new LinearMemory()
  memory.attach(owner)
  return { memory, owner, bytes: () => new Uint8Array(owner.buffer) }
}

describe('GuestMemory', () => {
  it.each([
    ['one byte too far', 3, 8],
    ['an address that arrived negative', -8, 4],
    ['a length that arrived negative', 0, -1],
    ['both at their most', 0xffff_ffff, 0xffff_ffff],
  ])('answers FAULT for %s', (_, pointer, length) => {
    expect(memoryOf(10).memory.view(pointer, length)).toEqual(fail(Errno.FAULT))
  })
  it('gives no bytes from anywhere', () => {
    const view = memoryOf(10).memory.view(0xffff_ffff, 0)
    expect(view.ok && view.value.length).toBe(0)
  })
  it('writes little-endian and nothing else', () => {
    const { memory, bytes } = memoryOf(10)
    expect(memory.writeU32(1, 0x01020304)).toBe(Errno.SUCCESS)
    expect([...bytes()]).toEqual([FILL, 4, 3, 2, 1, FILL, FILL, FILL, FILL, FILL])
    expect(memory.writeU64(3, 1n)).toBe(Errno.FAULT)
    expect(bytes()[3]).toBe(2)
  })
  it('sees a memory that has grown', () => {
    const owner = new WebAssembly.Memory({ initial: 1 })
    const memory = new LinearMemory()
    memory.attach(owner)
    expect(memory.covers(PAGE, 8)).toBe(false)
    owner.grow(1)
    expect(memory.covers(PAGE, 8)).toBe(true)
    expect(memory.zeroed(PAGE, 0).ok).toBe(true)
    expect(memory.size).toBe(2 * PAGE)
  })
  it('gives the bytes of now where a view was asked for before it had grown', () => {
    const owner = new WebAssembly.Memory({ initial: 1 })
    const memory = new LinearMemory()
    memory.attach(owner)
    const before = memory.view(8, 4)
    expect(memory.view(8, 4)).toBe(before)
    owner.grow(1)
    const after = memory.view(8, 4)
    expect(after.ok && after.value.buffer).toBe(owner.buffer)
    expect(after.ok && after.value.length).toBe(4)
  })
  it('gives other bytes for another address, and for another length', () => {
    const { memory, bytes } = memoryOf(16)
    bytes().set([1, 2, 3, 4, 5, 6, 7, 8])
    const read = (at: number, length: number) => {
      const view = memory.view(at, length)
      return view.ok ? [...view.value] : view.errno
    }
    expect([read(0, 2), read(2, 2), read(2, 3), read(0, 2)]).toEqual([
      [1, 2],
      [3, 4],
      [3, 4, 5],
      [1, 2],
    ])
    expect(read(2, -2)).toBe(Errno.FAULT)
  })
  it('writes strings one behind the other, each with a NUL and its pointer', () => {
    const { memory, bytes } = memoryOf(32)
    expect(memory.writeStrings(0, 8, ['a', 'é€😀'], 12)).toBe(Errno.SUCCESS)
    const text = new TextEncoder().encode('a\0é€😀\0')
    expect(bytes().subarray(0, 8)).toEqual(Uint8Array.of(8, 0, 0, 0, 10, 0, 0, 0))
    expect(bytes().subarray(8, 20)).toEqual(text)
    expect(bytes().subarray(20)).toEqual(new Uint8Array(12).fill(FILL))
    expect(memory.writeStrings(0, 21, ['a', 'é€😀'], 12)).toBe(Errno.FAULT)
    expect(memory.writeStrings(29, 8, ['a'], 2)).toBe(Errno.FAULT)
  })
  it('answers ILSEQ for what is not UTF-8', () => {
    const { memory, bytes } = memoryOf(4)
    bytes().set([0xc3, 0x28])
    expect(memory.text(0, 2)).toEqual(fail(Errno.ILSEQ))
  })
  it('checks a whole list of buffers before it gives any', () => {
    const { memory, bytes } = memoryOf(32)
    const view = new DataView(bytes().buffer)
    view.setUint32(0, 16, true)
    view.setUint32(4, 4, true)
    view.setUint32(8, 30, true)
    view.setUint32(12, 4, true)
    expect(memory.buffers(0, 2)).toEqual(fail(Errno.FAULT))
    expect(memory.buffers(0, 1_025)).toEqual(fail(Errno.INVAL))
    const one = memory.buffers(0, 1)
    expect(one.ok && one.value.map((part) => part.length)).toEqual([4])
  })
  it('moves at most 1 MiB in one call', () => {
    const { memory, bytes } = memoryOf(3 * 2 ** 20)
    const view = new DataView(bytes().buffer)
    for (const index of [0, 1]) {
      view.setUint32(index * 8, 2 ** 20, true)
      view.setUint32(index * 8 + 4, 2 ** 20 - 1, true)
    }
    const list = memory.buffers(0, 2)
    const sum = list.ok ? list.value.reduce((total, part) => total + part.length, 0) : -1
    expect(sum).toBe(2 ** 20)
  })
  it('finds the buffer of a list of one where it finds those of longer ones', () => {
    const { memory, bytes } = memoryOf(64)
    const list = new DataView(bytes().buffer)
    const number = fc.oneof(fc.nat(80), fc.integer())
    fc.assert(
      fc.property(number, number, number, (pointer, at, length) => {
        list.setUint32(40, at, true)
        list.setUint32(44, length, true)
        const from = pointer % 2 === 0 ? 40 : pointer
        const pieces = memory.pieces(from, 1)
        const buffers = memory.buffers(from, 1)
        const found = buffers.ok
          ? buffers.value.map((one) => ({ at: one.byteOffset, length: one.length }))
          : buffers
        expect(found).toEqual(pieces.ok ? pieces.value : pieces)
      }),
    )
  })
  it('moves at most 1 MiB of a single buffer', () => {
    const { memory, bytes } = memoryOf(3 * 2 ** 20)
    const entry = new DataView(bytes().buffer)
    entry.setUint32(0, 0, true)
    entry.setUint32(4, 2 ** 20 + 1, true)
    const list = memory.buffers(0, 1)
    expect(list.ok && list.value.map(({ length }) => length)).toEqual([2 ** 20])
  })
  it.each([0, 1, 64, 65, 100])('wipes %i bytes, and none beside them', (length) => {
    const { memory, bytes } = memoryOf(200)
    const view = memory.zeroed(50, length)
    expect(view.ok && view.value.byteLength).toBe(length)
    const wiped = Array.from(bytes(), (_, at) => (at >= 50 && at < 50 + length ? 0 : FILL))
    expect([...bytes()]).toEqual(wiped)
  })
  it('covers just what it has a view of', () => {
    const { memory } = memoryOf(100)
    const number = fc.oneof(fc.integer(), fc.nat(110))
    fc.assert(
      fc.property(number, number, (pointer, length) => {
        expect(memory.covers(pointer, length)).toBe(memory.view(pointer, length).ok)
      }),
    )
  })
  it('never throws, whatever the numbers', () => {
    const { memory } = memoryOf(100)
    const number = fc.oneof(fc.integer(), fc.nat(200))
    fc.assert(
      fc.property(number, number, (pointer, length) => {
        for (const answer of [
          memory.view(pointer, length),
          memory.text(pointer, length),
          memory.buffers(pointer, length),
          memory.readU32(pointer),
        ]) {
          expect(typeof answer.ok).toBe('boolean')
        }
      }),
    )
  })
})
