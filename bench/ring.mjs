// How fast bytes cross from one thread to another: through the product's rings in shared memory, by
// size of ring and of piece, against buffers transferred by MessagePort. In GB/s of wall time, and for
// each second of CPU that both threads spend together: on a busy machine only the latter means much.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createRing } from '../dist/thread/byte-ring.js'
import { interleaved, median } from './statistics.mjs'

const KIB = 1024
const RINGS = [16 * KIB, 64 * KIB, 256 * KIB]
const PIECES = [1 * KIB, 4 * KIB, 16 * KIB, 64 * KIB]
const FULL = { rounds: 7, bytes: 256 << 20, messages: 2_000 }
const QUICK = { rounds: 1, bytes: 1 << 20, messages: 8 }
const GOAL = { atLeast: 2.5 }
const sizeOf = (bytes) => `${bytes / KIB} KiB`

/** A worker that writes, and one that reads. */
const start = (role) =>
  new Worker(new URL('ring-worker.mjs', import.meta.url), { workerData: role })

/** Both ends do `job`; answers GB/s of wall time and of CPU time, from the reader's last byte. */
async function transfer(writer, reader, job) {
  const shared = new Int32Array(new SharedArrayBuffer(8))
  const { port1, port2 } = job.ring === undefined ? new MessageChannel() : {}
  const done = [once(writer, 'message'), once(reader, 'message')]
  writer.postMessage({ ...job, start: shared, port: port1 }, port1 ? [port1] : [])
  reader.postMessage({ ...job, start: shared, port: port2 }, port2 ? [port2] : [])
  const [[wrote], [read]] = await Promise.all(done)
  if (read.bytes !== job.bytes) throw new Error(`${read.bytes} of ${job.bytes} bytes arrived`)
  const wall = Math.max(wrote.end, read.end) - Math.max(wrote.began, read.began)
  return { wall: job.bytes / wall / 1e6, cpu: job.bytes / (wrote.cpu + read.cpu) / 1e6 }
}

function casesOf(writer, reader, { bytes, messages }) {
  const rings = RINGS.flatMap((ring) =>
    PIECES.map((piece) => [
      `ring of ${sizeOf(ring)}, pieces of ${sizeOf(piece)}`,
      () =>
        transfer(writer, reader, {
          ring: createRing(ring),
          bells: new SharedArrayBuffer(256),
          piece,
          bytes: Math.min(bytes, piece * 65_536),
        }),
    ]),
  )
  const ports = PIECES.map((piece) => [
    `MessagePort, buffers of ${sizeOf(piece)}`,
    () => transfer(writer, reader, { piece, bytes: piece * messages }),
  ])
  return Object.fromEntries([...rings, ...ports])
}

export async function run({ quick }) {
  const { rounds, ...amounts } = quick ? QUICK : FULL
  const [writer, reader] = [start('writer'), start('reader')]
  try {
    const samples = await interleaved(casesOf(writer, reader, amounts), rounds)
    const rate = (name, clock) => median(samples[name].map((sample) => sample[clock]))
    const rows = (start) =>
      Object.keys(samples)
        .filter((name) => name.startsWith(start))
        .flatMap((name) => [
          { name: `${name}: wall`, value: rate(name, 'wall'), unit: 'GB/s' },
          { name: `${name}: CPU`, value: rate(name, 'cpu'), unit: 'GB/CPU s' },
        ])
    const ring = `ring of ${sizeOf(65_536)}, pieces of `
    const best = PIECES.map((piece) => rate(ring + sizeOf(piece), 'wall'))
    return {
      figures: rows('ring'),
      baselines: rows('MessagePort'),
      ratios: [
        {
          name: 'ring of 64 KiB, best piece, wall time',
          value: Math.max(...best),
          unit: ' GB/s',
          goal: GOAL,
        },
        ...PIECES.flatMap((piece) =>
          ['wall', 'cpu'].map((clock) => ({
            name: `ring of 64 KiB over MessagePort, ${sizeOf(piece)}, ${clock}`,
            value:
              rate(ring + sizeOf(piece), clock) /
              rate(`MessagePort, buffers of ${sizeOf(piece)}`, clock),
          })),
        ),
      ],
      samples,
    }
  } finally {
    await Promise.all([writer.terminate(), reader.terminate()])
  }
}
