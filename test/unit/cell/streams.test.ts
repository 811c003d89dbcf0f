import { describe, expect, it } from 'vitest'
import { DrainTurns, Turn } from '../../../src/cell/drain-turns.ts'
import { InputFeed } from '../../../src/cell/input-feed.ts'
import { OutputDrain } from '../../../src/cell/output-drain.ts'
import { DISCARD, type OutputConsumer } from '../../../src/contract/cell.ts'
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

/** Rounds that end when the test says so. */
function turnsOf() {
  const rounds: { readonly ms: number; readonly ends: () => void }[] = []
  const turns = new DrainTurns({
    nextTurn: (ends) => void rounds.push({ ms: 0, ends }),
    later: (ms, ends) => void rounds.push({ ms, ends }),
  })
  return {
    turns,
    /** Ms until the round ends that is under way; 0: with the turn of the event loop. */
    open: () => rounds.map(({ ms }) => ms),
    next: () => rounds.shift()?.ends(),
  }
}
const KIB = 1_024
/** After which a flood ends: one that has no end would show a missing bound by hanging. */
const MUCH = 1_024 * KIB

describe('an output drain', () => {
  function drainOf(consume: OutputConsumer, capacity = 16) {
    const { writer, reader } = ringOf(capacity)
    const { turns, open, next } = turnsOf()
    const calls: string[] = []
    const ended = () => void calls.push('ended')
    const hurried = () => false
    const drain = new OutputDrain({ ring: reader, consume, turns, hurried, ended })
    return { writer, calls, open, next, drain }
  }
  it('sees the last bytes and the end in one turn', () => {
    const taken: number[][] = []
    const { writer, calls, open, drain } = drainOf((bytes) => void taken.push([...bytes]))
    writer.write(Uint8Array.of(1, 2))
    writer.close()
    drain.pump()
    drain.pump()
    expect([taken, calls, open()]).toEqual([[[1, 2]], ['ended'], []])
  })
  it('takes its share and waits for the next round, however often it is called', () => {
    let taken = 0
    const { writer, open, next, drain } = drainOf((bytes) => {
      taken += bytes.length
    }, 128 * KIB)
    writer.write(new Uint8Array(100 * KIB))
    drain.pump()
    drain.pump()
    expect([taken, open()]).toEqual([64 * KIB, [0]])
    next()
    expect(taken).toBe(100 * KIB)
  })
  it('takes no more than a quota for a consumer that settles at once', async () => {
    let taken = 0
    const { writer, next, drain } = drainOf(async (bytes) => {
      taken += bytes.length
      // A guest as fast as this thread.
      if (taken < MUCH) writer.write(bytes)
    }, 64 * KIB)
    writer.write(new Uint8Array(64 * KIB))
    drain.pump()
    await turn()
    expect(taken).toBe(256 * KIB)
    next()
    await turn()
    expect(taken).toBe(512 * KIB)
  })
  it('takes what nobody wants in its rounds too, to the end', () => {
    const { writer, calls, open, next, drain } = drainOf(DISCARD, 128 * KIB)
    writer.write(new Uint8Array(100 * KIB))
    drain.pump()
    expect([writer.room(), open()]).toEqual([92 * KIB, [0]])
    writer.close()
    next()
    expect([writer.room(), calls]).toEqual([128 * KIB, ['ended']])
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
  it('that was stopped takes nothing in the round it waited for', () => {
    let taken = 0
    const { writer, next, drain } = drainOf((bytes) => {
      taken += bytes.length
    }, 128 * KIB)
    writer.write(new Uint8Array(100 * KIB))
    drain.pump()
    drain.stop()
    next()
    drain.pump()
    expect(taken).toBe(64 * KIB)
  })
})

describe('the turns of drains', () => {
  /** Guests that fill their ring of 64 KiB again as soon as it was read. */
  function floods(count: number, hurried = () => false) {
    const rounds = turnsOf()
    const taken = Array.from({ length: count }, () => 0)
    const drains = taken.map((_, index) => {
      const { writer, reader } = ringOf(64 * KIB)
      writer.write(new Uint8Array(64 * KIB))
      return new OutputDrain({
        ring: reader,
        consume: (bytes) => {
          const all = (taken[index] ?? 0) + bytes.length
          taken[index] = all
          if (all < MUCH) writer.write(bytes)
        },
        turns: rounds.turns,
        hurried,
        ended: () => {},
      })
    })
    const marked = () => {
      for (const drain of drains) drain.pump()
    }
    return { ...rounds, taken, marked }
  }
  it('give all floods together a quota for each round, first come first served', () => {
    const { taken, marked, next } = floods(6)
    const rounds: number[][] = []
    for (let round = 0; round < 4; round += 1) {
      if (round > 0) next()
      marked()
      marked()
      rounds.push(taken.map((bytes) => bytes / KIB))
    }
    expect(rounds).toEqual([
      [64, 64, 64, 64, 0, 0],
      [128, 128, 128, 128, 0, 0],
      [192, 192, 128, 128, 64, 64],
      [192, 192, 192, 192, 128, 128],
    ])
  })
  it('let what is small pass when the quota is used up', () => {
    const { turns, marked } = floods(6)
    marked()
    const { writer, reader } = ringOf(8 * KIB)
    const taken: number[] = []
    const prompt = new OutputDrain({
      ring: reader,
      consume: (bytes) => void taken.push(bytes.length),
      turns,
      hurried: () => false,
      ended: () => {},
    })
    for (const size of [3_000, 1_000, 200]) {
      writer.write(new Uint8Array(size))
      prompt.pump()
    }
    // What is small in one piece after the other is not.
    expect(taken).toEqual([3_000, 1_000])
  })
  it('are a millisecond long while others have only just begun, and a turn of the loop else', () => {
    let hurried = true
    const { marked, open, next } = floods(1, () => hurried)
    marked()
    expect(open()).toEqual([1])
    hurried = false
    next()
    expect(open()).toEqual([0])
  })
  it('open no round while a quota lasts and nobody has begun', () => {
    const { turns, open } = turnsOf()
    const taker = { turn: new Turn(), pump: () => {}, hurried: () => false }
    const granted = [1, 2, 3, 4, 5].map(() => turns.grant(taker, 64 * KIB))
    expect(granted).toEqual([64, 64, 64, 64, 0].map((size) => size * KIB))
    expect(open()).toEqual([0])
  })
  it('give a flood nothing more of a round in which others begin', () => {
    const { turns, open } = turnsOf()
    let begins = false
    const taker = { turn: new Turn(), pump: () => {}, hurried: () => begins }
    const granted = [false, true].map((value) => {
      begins = value
      return turns.grant(taker, 64 * KIB)
    })
    expect([granted, open()]).toEqual([[64 * KIB, 0], [1]])
  })
  it('open no round for what is small', () => {
    const { turns, open } = turnsOf()
    for (let job = 0; job < 100; job += 1) {
      const taker = { turn: new Turn(), pump: () => {}, hurried: () => true }
      expect(turns.grant(taker, 100)).toBe(100)
      turns.forget(taker)
    }
    expect(open()).toEqual([])
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
