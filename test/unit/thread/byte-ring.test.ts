import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createRing,
  RING_HEADER_BYTES,
  RING_WORD,
  RingReader,
  RingWriter,
  resetRing,
} from '../../../src/thread/byte-ring.ts'

const CAPACITY = 16

/** A ring whose counters already stand at `start`. */
function ringAt(start: number, capacity = CAPACITY) {
  const memory = createRing(capacity)
  const words = new Int32Array(memory, 0, RING_HEADER_BYTES / 4)
  words[RING_WORD.HEAD] = start | 0
  words[RING_WORD.TAIL] = start | 0
  let rings = 0
  const wake = () => {
    rings += 1
  }
  return {
    memory,
    words,
    data: new Uint8Array(memory, RING_HEADER_BYTES),
    writer: new RingWriter(memory, wake),
    reader: new RingReader(memory, wake),
    rings: () => rings,
  }
}

/** What a ring should be: an array that holds at most so much, and two ends that may be closed. */
class Model {
  readonly queue: number[] = []
  writerClosed = false
  readerClosed = false

  get available(): number {
    return this.queue.length === 0 && this.writerClosed ? -1 : this.queue.length
  }

  get room(): number {
    return this.readerClosed ? -1 : CAPACITY - this.queue.length
  }

  write(bytes: Uint8Array): number | undefined {
    if (bytes.length === 0) return 0
    if (this.readerClosed) return undefined
    const taken = bytes.subarray(0, this.room)
    this.queue.push(...taken)
    return taken.length
  }

  read(length: number): readonly number[] | undefined {
    if (this.available === -1) return []
    const bytes = this.queue.splice(0, length)
    return bytes.length === 0 ? undefined : bytes
  }
}

type Call =
  | { readonly write: Uint8Array }
  | { readonly read: number }
  | { readonly take: number }
  | { readonly skip: number }
  | { readonly close: 'writer' | 'reader' }

const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ write: fc.uint8Array({ maxLength: 24 }) }) },
  { weight: 8, arbitrary: fc.record({ read: fc.nat(24) }) },
  { weight: 4, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 24 }) }) },
  { weight: 2, arbitrary: fc.record({ skip: fc.integer({ min: 1, max: 24 }) }) },
  { weight: 1, arbitrary: fc.record({ close: fc.constantFrom('writer', 'reader') }) },
)

type Reading = Extract<Call, { readonly read: number } | { readonly take: number }>

/** What a reader gets in one of its ways. */
function readBy({ reader }: ReturnType<typeof ringAt>, one: Reading) {
  if ('take' in one) {
    const bytes = reader.take(one.take)
    return bytes && [...bytes]
  }
  const into = new Uint8Array(one.read)
  const count = reader.read(into)
  return count === undefined ? undefined : [...into.subarray(0, count)]
}

describe('a byte ring beside an array', () => {
  const apply = (ring: ReturnType<typeof ringAt>, model: Model, one: Call): void => {
    if ('write' in one) {
      // Nobody writes behind his own end.
      if (!model.writerClosed) expect(ring.writer.write(one.write)).toBe(model.write(one.write))
    } else if ('close' in one) {
      ring[one.close].close()
      model[`${one.close}Closed`] = true
    } else if ('skip' in one) {
      ring.reader.skip(one.skip)
      model.read(one.skip)
    } else {
      expect(readBy(ring, one)).toEqual(model.read('take' in one ? one.take : one.read))
    }
  }
  it.each([
    ['at 0', 0],
    ['one byte before the counters wrap', 2 ** 32 - 1],
    ['one ring before the counters wrap', 2 ** 32 - CAPACITY],
    ['one ring and one byte before', 2 ** 32 - CAPACITY - 1],
    ['where the counters become negative', 2 ** 31 - 3],
  ])('does the same for every order of calls, from %s', (_, start) => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
        const ring = ringAt(start)
        const model = new Model()
        for (const one of calls) {
          apply(ring, model, one)
          expect(ring.reader.available()).toBe(model.available)
          expect(ring.writer.room()).toBe(model.room)
        }
      }),
    )
  })
  it.each(Array.from({ length: CAPACITY + 1 }, (_, filled) => filled))(
    'closed by either side with %i bytes in it says so to the other',
    (filled) => {
      for (const start of [0, 2 ** 32 - 8]) {
        const { writer, reader } = ringAt(start)
        writer.write(new Uint8Array(filled))
        writer.close()
        const into = new Uint8Array(99)
        if (filled > 0) expect(reader.read(into)).toBe(filled)
        expect([reader.available(), reader.read(into), reader.read(into)]).toEqual([-1, 0, 0])
        expect(reader.take(9)).toEqual(new Uint8Array())

        const other = ringAt(start)
        other.writer.write(new Uint8Array(filled))
        other.reader.close()
        expect([other.writer.room(), other.writer.write(Uint8Array.of(1))]).toEqual([-1, undefined])
      }
    },
  )
})

describe('a byte ring', () => {
  it('rings after every piece that was published, and after room was made', () => {
    const { writer, reader, rings } = ringAt(0)
    writer.write(new Uint8Array(4))
    expect(rings()).toBe(1)
    reader.read(new Uint8Array(4))
    expect(rings()).toBe(2)
    reader.read(new Uint8Array(4))
    expect(rings()).toBe(2)
    // A quarter of the ring at a time, so that both sides work at once.
    writer.write(new Uint8Array(16))
    expect(rings()).toBe(6)
    writer.close()
    reader.close()
    expect(rings()).toBe(8)
  })
  it.each([
    ['read', (reader: RingReader) => reader.read(new Uint8Array(3))],
    ['skipped', (reader: RingReader) => reader.skip(3)],
  ])('says after bytes were %s how many there were', (_, readSome) => {
    const said = Array.from({ length: CAPACITY + 1 }, (__, filled) => {
      const { memory, writer } = ringAt(2 ** 32 - 3)
      const were: number[] = []
      writer.write(new Uint8Array(filled))
      readSome(new RingReader(memory, (count) => void were.push(count)))
      return were
    })
    expect(said).toEqual(said.map((__, filled) => (filled === 0 ? [] : [filled])))
  })
  it('counts what a writer put in while bytes were being read, and went to sleep', () => {
    const { memory, writer } = ringAt(0)
    const were: number[] = []
    const reader = new RingReader(
      memory,
      (count) => void were.push(count),
      () => void writer.write(new Uint8Array(CAPACITY)),
    )
    writer.write(new Uint8Array(1))
    reader.read(new Uint8Array(1))
    expect([writer.room(), were]).toEqual([1, [CAPACITY]])
  })
  it('stays within its bytes whatever the counters were tampered to', () => {
    const value = fc.oneof(fc.integer(), fc.constantFrom(-1, 17, 2 ** 31 - 1, -(2 ** 31)))
    fc.assert(
      fc.property(value, value, fc.nat(64), (head, tail, size) => {
        const { words, writer, reader } = ringAt(0)
        words[RING_WORD.HEAD] = head
        words[RING_WORD.TAIL] = tail
        const within = (count: number) => {
          expect(count).toBeGreaterThanOrEqual(0)
          expect(count).toBeLessThanOrEqual(CAPACITY)
        }
        within(reader.available())
        within(writer.room())
        within(reader.read(new Uint8Array(size)) ?? 0)
        within(reader.take(size + 1)?.length ?? 0)
        within(writer.write(new Uint8Array(size)) ?? 0)
      }),
    )
  })
})

describe('a ring that others get next', () => {
  it.each([
    ['a few bytes', 3, 0],
    ['more than it holds', 50, 0],
    ['past 2^32, where HEAD is small again', 12, 2 ** 32 - 8],
  ])('is empty, open and without a byte of those before, after %s', (_, total, start) => {
    const ring = ringAt(start)
    for (let at = 0; at < total; at += 1) {
      ring.writer.write(Uint8Array.of(0xaa))
      ring.reader.read(new Uint8Array(1))
    }
    ring.writer.close()
    ring.reader.close()
    expect(ring.data).toContain(0xaa)
    resetRing(ring.memory)
    expect(ring.data).toEqual(new Uint8Array(CAPACITY))
    expect([ring.reader.available(), ring.writer.room()]).toEqual([0, CAPACITY])
    expect([...ring.words]).toEqual([...new Int32Array(RING_HEADER_BYTES / 4)])
  })
})
