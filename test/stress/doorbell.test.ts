import { Worker } from 'node:worker_threads'
import { afterAll, describe, expect, it } from 'vitest'
import { AsyncWaiter } from '../../src/thread/async-waiter.ts'
import { createRing, RingReader } from '../../src/thread/byte-ring.ts'
import type { Bell } from '../../src/thread/doorbell.ts'
import { HostBlock } from '../../src/thread/host-block.ts'
import { bundled } from '../support/bundled.ts'
import type { Part } from './programs/bells.ts'
import { delays, RING } from './programs/delays.ts'
import { Sequence } from './programs/sequence.ts'
import { othersWouldRun } from './programs/thread-state.ts'

/** When all threads sleep for so long, a wake was lost. */
const STALL_MS = 2_000
const LONG = Number(process.env['BULKHEAD_STRESS_FACTOR'] ?? 1)

const program = bundled('test/stress/programs/bells.ts')
afterAll(() => program.remove())

interface Shape {
  readonly rings: number
  /** Bytes of a ring; a message has four. */
  readonly capacity: number
  readonly messages: number
}
interface Attempt {
  readonly shape: Shape
  readonly seed: number
  readonly delay: number
  readonly mutant: Part['mutant']
}

const shared = (bytes: number) => new SharedArrayBuffer(bytes)
const bell = (memory: SharedArrayBuffer): Bell => ({
  words: new Int32Array(memory),
  doorbell: 0,
  sleeping: 1,
})

/** The rings and bells of an attempt, and a part for each producer. */
function stage({ shape, seed, delay, mutant }: Attempt, host?: HostBlock) {
  const rings = Array.from({ length: shape.rings }, () => createRing(shape.capacity))
  const bells = Array.from({ length: shape.rings + 1 }, () => shared(8))
  const progress = shared(4)
  const asleep = shared((shape.rings + 1) * 4)
  const common = { delay, mutant, messages: shape.messages, progress }
  const producers = rings.map((memory, index): Part => {
    const ends = { rings: [memory], bells: [bells[index], bells[shape.rings]].filter(defined) }
    const own = {
      ...common,
      role: 'producer' as const,
      seed: seed + index + 1,
      ...ends,
      whereabouts: { asleep, index },
    }
    return host === undefined ? own : { ...own, host: { memory: host.memory, slot: index * 5 } }
  })
  const consumer: Part = {
    ...common,
    role: 'consumer',
    seed,
    rings,
    bells,
    whereabouts: { asleep, index: shape.rings },
  }
  return { rings, bells, progress, producers, consumer }
}
const defined = <T>(value: T | undefined): value is T => value !== undefined

/** Runs the threads, and with them `also`, to their end: or how far they came until a stall. */
async function outcomeOf(
  parts: readonly Part[],
  { progress, whereabouts }: Part,
  also: Promise<void> = Promise.resolve(),
) {
  const workers = parts.map((part) => new Worker(program.file, { workerData: part }))
  const threads = workers.map(
    (worker) =>
      new Promise<void>((resolve, reject) => {
        worker.once('error', reject)
        worker.once('exit', () => resolve())
      }),
  )
  const ended = Promise.all([...threads, also]).then(() => 'ended' as const)
  const outcome = await Promise.race([ended, stall(progress, whereabouts.asleep)])
  await Promise.all(workers.map((worker) => worker.terminate()))
  return { outcome, received: Atomics.load(new Int32Array(progress), 0) }
}

/** Resolves when all have slept for a while: the watch, not the thing watched. */
async function stall(progress: SharedArrayBuffer, asleep: SharedArrayBuffer): Promise<'stalled'> {
  const taken = new Int32Array(progress)
  const threads = new Int32Array(asleep)
  for (let last = -1; ; ) {
    const all = threads.every((_, index) => Atomics.load(threads, index) === 1)
    const now = all ? Atomics.load(taken, 0) : -1
    if (all && now === last && !othersWouldRun()) return 'stalled'
    last = now
    await new Promise((resolve) => setTimeout(resolve, STALL_MS).unref())
  }
}

/** Producers and a consumer in a worker, which parks. */
function toWorker(attempt: Attempt) {
  const { producers, consumer } = stage(attempt)
  return outcomeOf([consumer, ...producers], consumer)
}

/** Producers and the main thread as consumer: one bell for all, a bit for each ring. */
async function toMain(attempt: Attempt) {
  const host = HostBlock.create(64)
  const { rings, bells, producers, consumer } = stage(attempt, host)
  const delay = delays(attempt.seed, attempt.delay, consumer.whereabouts)
  const words = new Int32Array(consumer.progress)
  const sequences = rings.map((memory, index) => {
    const producer = bells[index]
    const wake = (): void => {
      if (producer !== undefined) RING[attempt.mutant](bell(producer), delay)
    }
    return new Sequence(new RingReader(memory, wake))
  })
  const waiter = new AsyncWaiter(
    host.bell,
    () => {
      for (const slot of host.take()) Atomics.add(words, 0, sequences[slot / 5]?.take() ?? 0)
      if (sequences.every(({ ended }) => ended)) waiter.stop()
    },
    delay,
  )
  const done = await outcomeOf(
    producers,
    consumer,
    waiter.run().then(() => delay('sleeping')),
  )
  waiter.stop()
  return done
}

const CONSUMERS = [
  ['a worker', toWorker, 1],
  // A wake of the main thread takes a turn of the event loop.
  ['the main thread', toMain, 0.25],
] as const

const SHAPES: readonly (readonly [string, Shape])[] = [
  ['8 rings of 4 messages', { rings: 8, capacity: 16, messages: 2_000 * LONG }],
  ['1 ring of 4 messages', { rings: 1, capacity: 16, messages: 20_000 * LONG }],
  ['1 ring of 1 message', { rings: 1, capacity: 4, messages: 10_000 * LONG }],
]

describe.each(CONSUMERS)('with delays at every point, to %s', (_, run, share) => {
  it.each(SHAPES)('%s: nothing is lost and nothing out of order', async (_name, full) => {
    const shape = { ...full, messages: full.messages * share }
    for (const [seed, delay] of [
      [1, 1],
      [42, 200],
      [7, 2_000],
    ] as const) {
      const done = await run({ shape, seed, delay, mutant: 'none' })
      expect(done, `seed ${seed}, delay ${delay}`).toEqual({
        outcome: 'ended',
        received: shape.rings * shape.messages,
      })
    }
  })
})

/** The narrow shapes come first: in a wide one the next ring hides a lost wake. */
const NARROW = [SHAPES[2], SHAPES[1]].filter(defined)

describe('a shortcut is caught by the same test', () => {
  it.each([
    ['ring-if-sleeping', 'a worker', toWorker],
    ['take-sleeping', 'a worker', toWorker],
    ['ring-if-sleeping', 'the main thread', toMain],
    ['take-sleeping', 'the main thread', toMain],
  ] as const)(
    '%s loses a wake of %s',
    async (mutant, _name, run) => {
      const outcomes: string[] = []
      for (let seed = 1; seed <= 20 && !outcomes.includes('stalled'); seed += 1) {
        for (const [, narrow] of NARROW) {
          const shape = { ...narrow, messages: 50_000 }
          outcomes.push((await run({ shape, seed, delay: 2_000, mutant })).outcome)
          if (outcomes.includes('stalled')) break
        }
      }
      expect(outcomes).toContain('stalled')
    },
    300_000,
  )
})
