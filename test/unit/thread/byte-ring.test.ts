import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRing, RingReader, RingWriter } from '../../../src/thread/byte-ring.ts'

/** A ring whose counters already stand at `start`. */
function ringAt(start: number, capacity = 16) {
  const memory = createRing(capacity)
  const words = new Int32Array(memory)
  words[0] = start | 0
  words[16] = start | 0
  let rings = 0
  const wake = () => {
    rings += 1
  }
  return {
    words,
    writer: new RingWriter(memory, wake),
    reader: new RingReader(memory, wake),
    rings: () => rings,
  }
}

describe('a byte ring', () => {
  it('behaves as a bounded queue, also where its counters wrap', () => {
    const call = fc.oneof(
      fc.record({ write: fc.uint8Array({ maxLength: 24 }) }),
      fc.record({ read: fc.nat(24) }),
    )
    const starts = fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32 - 17, 2 ** 31 - 3)
    fc.assert(
      fc.property(starts, fc.array(call, { maxLength: 60 }), (start, calls) => {
        const { writer, reader } = ringAt(start)
        const queue: number[] = []
        for (const one of calls) {
          if ('write' in one) {
            const count = writer.write(one.write) ?? -1
            expect(count).toBe(Math.min(one.write.length, 16 - queue.length))
            queue.push(...one.write.subarray(0, count))
          } else {
            const into = new Uint8Array(one.read)
            const count = reader.read(into) ?? 0
            expect([...into.subarray(0, count)]).toEqual(queue.splice(0, one.read))
          }
          expect(reader.available()).toBe(queue.length)
          expect(writer.room()).toBe(16 - queue.length)
        }
      }),
    )
  })
  it('rings after every piece that was published, and after room was made', () => {
    const { writer, reader, rings } = ringAt(0)
    writer.write(new Uint8Array(4))
    expect(rings()).toBe(1)
    reader.read(new Uint8Array(4))
    expect(rings()).toBe(2)
    reader.read(new Uint8Array(4))
    expect(rings()).toBe(2)
  })
  it('is at its end when the writer has closed and everything was read', () => {
    const { writer, reader } = ringAt(0)
    writer.write(Uint8Array.of(1, 2))
    writer.close()
    expect(reader.available()).toBe(2)
    expect(reader.read(new Uint8Array(9))).toBe(2)
    expect(reader.available()).toBe(-1)
    expect(reader.read(new Uint8Array(9))).toBe(0)
    expect(reader.read(new Uint8Array(9))).toBe(0)
  })
  it('is broken for the writer when the reader has closed', () => {
    const { writer, reader } = ringAt(0)
    reader.close()
    expect(writer.room()).toBe(-1)
    expect(writer.write(Uint8Array.of(1))).toBeUndefined()
  })
  it.each([
    ['HEAD', 0, 1_000_000],
    ['TAIL', 16, -5],
  ])('stays within its bytes when %s was tampered with', (_, word, value) => {
    const { words, writer, reader } = ringAt(0)
    words[word] = value
    expect(reader.available()).toBeLessThanOrEqual(16)
    expect(writer.room()).toBeGreaterThanOrEqual(0)
    expect(reader.read(new Uint8Array(64))).toBeLessThanOrEqual(16)
    expect(writer.write(new Uint8Array(64))).toBeLessThanOrEqual(16)
  })
})
