import { describe, expect, it } from 'vitest'
import { InputFeed } from '../../../src/cell/input-feed.ts'
import { OutputDrain } from '../../../src/cell/output-drain.ts'
import type { OutputConsumer } from '../../../src/contract/cell.ts'
import { createRing, RingReader, RingWriter, resetRing } from '../../../src/thread/byte-ring.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function ringOf(capacity: number) {
  const memory = createRing(capacity)
  return {
    memory,
    writer: new RingWriter(memory, () => {}),
    reader: new RingReader(memory, () => {}),
  }
}

describe('an output drain', () => {
  function drainOf(consume: OutputConsumer, capacity = 16) {
    const { writer, reader } = ringOf(capacity)
    const calls: string[] = []
    const again = () => void calls.push('again')
    const ended = () => void calls.push('ended')
    return { writer, calls, drain: new OutputDrain({ ring: reader, consume, again, ended }) }
  }
  it('sees the last bytes and the end in one turn', () => {
    const taken: number[][] = []
    const { writer, calls, drain } = drainOf((bytes) => void taken.push([...bytes]))
    writer.write(Uint8Array.of(1, 2))
    writer.close()
    drain.pump()
    drain.pump()
    expect([taken, calls]).toEqual([[[1, 2]], ['ended']])
  })
  it('takes a budget and asks for another turn', () => {
    let taken = 0
    const { writer, calls, drain } = drainOf((bytes) => {
      taken += bytes.length
    }, 131_072)
    writer.write(new Uint8Array(100_000))
    drain.pump()
    expect([taken, calls]).toEqual([65_536, ['again']])
    drain.pump()
    expect(taken).toBe(100_000)
  })
  it('takes nothing while the consumer has not settled, and ends only after it has', async () => {
    let settle = (): void => {}
    const taken: number[] = []
    const { writer, calls, drain } = drainOf((bytes) => {
      taken.push(bytes.length)
      return new Promise((resolve) => {
        settle = resolve
      })
    })
    writer.write(new Uint8Array(3))
    drain.pump()
    writer.write(new Uint8Array(5))
    writer.close()
    drain.pump()
    await turn()
    expect([taken, calls]).toEqual([[3], []])
    settle()
    await turn()
    expect([taken, calls]).toEqual([[3, 5], []])
    settle()
    await turn()
    expect(calls).toEqual(['ended'])
  })
})

describe('an input feed', () => {
  it('that ends after the process does not close the ring of the next one', async () => {
    const { memory, writer, reader } = ringOf(16)
    let end = (): void => {}
    const late: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise((resolve) => {
            end = () => resolve({ done: true, value: undefined })
          }),
      }),
    }
    const feed = new InputFeed(writer)
    const fed = feed.run(late)
    feed.stop()
    resetRing(memory)
    end()
    await fed
    expect(reader.available()).toBe(0)
  })
  it('that has a piece left when the process ends keeps it', async () => {
    const { memory, writer, reader } = ringOf(16)
    const feed = new InputFeed(writer)
    const fed = feed.run(new Uint8Array(40))
    feed.stop()
    resetRing(memory)
    await fed
    expect(reader.available()).toBe(0)
  })
})
