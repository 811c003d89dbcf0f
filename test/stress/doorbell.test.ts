import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRing } from '../../src/thread/byte-ring.ts'
import type { Part } from './programs/bells.ts'

/** Without a message for so long, with everything written, a wake was lost. */
const STALL_MS = 2_000
const LONG = Number(process.env['BULKHEAD_STRESS_FACTOR'] ?? 1)

let directory = ''
let program = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bells-'))
  program = join(directory, 'bells.mjs')
  buildSync({
    entryPoints: ['test/stress/programs/bells.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: program,
  })
})
afterAll(() => rmSync(directory, { recursive: true }))

interface Shape {
  readonly rings: number
  /** Bytes of a ring; a message has four. */
  readonly capacity: number
  readonly messages: number
}

/** Runs producers and a consumer to their end: the messages that arrived, or how many until a stall. */
async function run(shape: Shape, seed: number, delay: number, mutant: Part['mutant']) {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes)
  const rings = Array.from({ length: shape.rings }, () => createRing(shape.capacity))
  const bells = Array.from({ length: shape.rings + 1 }, () => shared(8))
  const progress = shared(4)
  const common = { delay, mutant, messages: shape.messages, progress }
  const own = bells[shape.rings]
  const parts: Part[] = [{ ...common, role: 'consumer', seed, rings, bells }]
  for (const [index, memory] of rings.entries()) {
    const ownBell = bells[index]
    if (ownBell === undefined || own === undefined) continue
    const ends = { rings: [memory], bells: [ownBell, own] }
    parts.push({ ...common, role: 'producer', seed: seed + index + 1, ...ends })
  }
  const workers = parts.map((part) => new Worker(program, { workerData: part }))
  const ended = Promise.all(
    workers.map(
      (worker) =>
        new Promise<void>((resolve, reject) => {
          worker.once('error', reject)
          worker.once('exit', () => resolve())
        }),
    ),
  ).then(() => 'ended' as const)
  const outcome = await Promise.race([ended, stall(progress)])
  await Promise.all(workers.map((worker) => worker.terminate()))
  return { outcome, received: Atomics.load(new Int32Array(progress), 0) }
}

/** Resolves when nothing has arrived for a while: the watch, not the thing watched. */
async function stall(progress: SharedArrayBuffer): Promise<'stalled'> {
  const words = new Int32Array(progress)
  for (let last = -1; ; ) {
    const now = Atomics.load(words, 0)
    if (now === last) return 'stalled'
    last = now
    await new Promise((resolve) => setTimeout(resolve, STALL_MS).unref())
  }
}

const SHAPES: readonly (readonly [string, Shape])[] = [
  ['8 rings of 4 messages', { rings: 8, capacity: 16, messages: 2_000 * LONG }],
  ['1 ring of 4 messages', { rings: 1, capacity: 16, messages: 20_000 * LONG }],
  ['1 ring of 1 message', { rings: 1, capacity: 4, messages: 10_000 * LONG }],
]

describe('bytes through rings, wakes through doorbells, with delays at every point', () => {
  it.each(SHAPES)('%s: nothing is lost and nothing out of order', async (_, shape) => {
    for (const [seed, delay] of [
      [1, 1],
      [42, 200],
      [7, 2_000],
    ] as const) {
      const done = await run(shape, seed, delay, 'none')
      expect(done, `seed ${seed}, delay ${delay}`).toEqual({
        outcome: 'ended',
        received: shape.rings * shape.messages,
      })
    }
  })
})

describe('the shortcuts of the doorbell are caught by the same test', () => {
  it.each(['ring-if-sleeping', 'take-sleeping'] as const)('%s loses a wake', async (mutant) => {
    const outcomes: string[] = []
    for (let seed = 1; seed <= 20 && !outcomes.includes('stalled'); seed += 1) {
      for (const [, shape] of SHAPES.slice(0, 2)) {
        outcomes.push((await run({ ...shape, messages: 50_000 }, seed, 2_000, mutant)).outcome)
        if (outcomes.includes('stalled')) break
      }
    }
    expect(outcomes).toContain('stalled')
  })
})
