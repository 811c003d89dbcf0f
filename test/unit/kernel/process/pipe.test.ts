import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { ATOMIC_BYTES, makePipe, PIPE_BYTES } from '../../../../src/kernel/process/pipe.ts'
import { must, said } from '../../../support/errno.ts'

const filled = (length: number, value = 7): Uint8Array => new Uint8Array(length).fill(value)

function pipe(nonblock = false) {
  const ledger = new Ledger()
  return { ledger, ...must(makePipe(ledger, { nonblock })) }
}

describe('a pipe', () => {
  it('is paid for until both ends are closed, whichever is first', () => {
    for (const order of [
      ['reader', 'writer'],
      ['writer', 'reader'],
    ] as const) {
      const ends = pipe()
      expect(ends.ledger.used('memory')).toBe(PIPE_BYTES)
      ends[order[0]].release()
      expect(ends.ledger.used('memory')).toBe(PIPE_BYTES)
      ends[order[1]].release()
      expect(ends.ledger.used('memory')).toBe(0)
    }
    expect(said(makePipe(new Ledger({ memory: PIPE_BYTES - 1 }), { nonblock: false }))).toBe(
      'NOMEM',
    )
  })
  it('ends when the last writer has closed, after what it wrote', () => {
    const { reader, writer } = pipe()
    const second = writer.retain()
    must(writer.write([filled(3)]))
    writer.release()
    const into = filled(9, 0)
    expect(must(reader.read([into]))).toBe(3)
    expect(said(reader.read([into]))).toBe('blocked')
    second.release()
    expect(must(reader.read([into]))).toBe(0)
    expect(reader.handle?.readable()).toEqual({ bytes: 0, hangup: true })
  })
  it('fails to write when the last reader has closed', () => {
    const { reader, writer } = pipe()
    must(writer.write([filled(PIPE_BYTES)]))
    const step = writer.write([filled(1)])
    if (step.ok !== 'blocked') throw new Error('it should block')
    expect(step.changed()).toBe(false)
    reader.release()
    expect(step.changed()).toBe(true)
    expect(said(writer.write([filled(1)]))).toBe('PIPE')
    expect(writer.handle?.writable()).toMatchObject({ hangup: true })
  })
  it('takes a small write whole or not at all, in however many buffers it comes', () => {
    const { reader, writer } = pipe()
    must(writer.write([filled(PIPE_BYTES - 100)]))
    const parts = [filled(60), filled(60)]
    const step = writer.write(parts)
    if (step.ok !== 'blocked') throw new Error('it should block')
    expect(writer.handle?.writable()).toBeUndefined()
    must(reader.read([filled(19)]))
    expect(step.changed()).toBe(false)
    must(reader.read([filled(1)]))
    expect(step.changed()).toBe(true)
    expect(must(writer.write(parts))).toBe(120)
  })
  it('takes as much of a large write as there is room for', () => {
    const { writer } = pipe()
    must(writer.write([filled(PIPE_BYTES - 100)]))
    expect(must(writer.write([filled(ATOMIC_BYTES + 1)]))).toBe(100)
  })
  it.each([
    ['an empty one is not read', 0, 'read', 'AGAIN'],
    ['a full one is not written', PIPE_BYTES, 'write', 'AGAIN'],
    ['an end that reads is not written', 0, 'write to the reader', 'BADF'],
    ['an end that writes is not read', 0, 'read from the writer', 'BADF'],
  ] as const)('without waiting: %s', (_, before, what, answer) => {
    const { reader, writer } = pipe(true)
    if (before > 0) must(writer.write([filled(before)]))
    const answers = {
      read: () => reader.read([filled(1)]),
      write: () => writer.write([filled(1)]),
      'write to the reader': () => reader.write([filled(1)]),
      'read from the writer': () => writer.read([filled(1)]),
    }
    expect(said(answers[what]())).toBe(answer)
    expect(said(writer.seek(0n, 'set'))).toBe('SPIPE')
  })
  it('writes nothing for no bytes, also when nobody reads', () => {
    const { reader, writer } = pipe()
    reader.release()
    expect(must(writer.write([filled(0)]))).toBe(0)
  })

  type Step =
    | { readonly do: 'read' | 'write'; readonly sizes: readonly number[] }
    | { readonly do: 'close reader' | 'close writer' }
  const size = fc.oneof(
    fc.constantFrom(0, 1, ATOMIC_BYTES - 1, ATOMIC_BYTES, ATOMIC_BYTES + 1, PIPE_BYTES),
    fc.nat(70_000),
    fc.nat(50),
  )
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        do: fc.constantFrom('read' as const, 'write' as const),
        sizes: fc.array(size, { maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('close reader', 'close writer') }) },
  )

  /** The pipe, and an array of the bytes that should be in it. */
  class Run {
    readonly ends = pipe()
    bytes = Buffer.alloc(0)
    readonly open = { reader: true, writer: true }
    next = 0

    take(one: Step): void {
      if (one.do === 'read') this.read(one.sizes)
      else if (one.do === 'write') this.write(one.sizes)
      else this.close(one.do === 'close reader' ? 'reader' : 'writer')
    }

    close(end: 'reader' | 'writer'): void {
      if (this.open[end]) this.ends[end].release()
      this.open[end] = false
    }

    write(sizes: readonly number[]): void {
      if (!this.open.writer) return
      const buffers = sizes.map((length) => Uint8Array.from({ length }, () => this.next++ % 251))
      const all = Buffer.concat(buffers)
      const room = PIPE_BYTES - this.bytes.length
      const answer = this.ends.writer.write(buffers)
      if (all.length === 0) expect(answer).toMatchObject({ ok: true, value: 0 })
      else if (!this.open.reader) expect(said(answer)).toBe('PIPE')
      else if (all.length <= ATOMIC_BYTES ? room < all.length : room === 0) {
        expect(answer.ok).toBe('blocked')
      } else this.wrote(all, must(answer), room)
      if (answer.ok !== true) this.next -= all.length
    }

    wrote(all: Buffer, count: number, room: number): void {
      if (all.length <= ATOMIC_BYTES) expect(count).toBe(all.length)
      expect(count).toBeGreaterThan(0)
      expect(count).toBeLessThanOrEqual(Math.min(room, all.length))
      this.bytes = Buffer.concat([this.bytes, all.subarray(0, count)])
      this.next -= all.length - count
    }

    read(sizes: readonly number[]): void {
      if (!this.open.reader) return
      const buffers = sizes.map((length) => filled(length, 255))
      const wanted = sizes.reduce((sum, one) => sum + one, 0)
      const answer = this.ends.reader.read(buffers)
      if (wanted > 0 && this.bytes.length === 0) {
        if (this.open.writer) expect(answer.ok).toBe('blocked')
        else expect(must(answer)).toBe(0)
        return
      }
      const count = must(answer)
      expect(count).toBe(Math.min(wanted, this.bytes.length))
      const got = Buffer.concat(buffers).subarray(0, count)
      expect(got.equals(this.bytes.subarray(0, count))).toBe(true)
      this.bytes = this.bytes.subarray(count)
    }
  }

  it('is an array of bytes, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
        const run = new Run()
        for (const one of steps) run.take(one)
        run.close('writer')
        run.close('reader')
        expect(run.ends.ledger.used('memory')).toBe(0)
      }),
      { numRuns: 50 },
    )
  })
})
