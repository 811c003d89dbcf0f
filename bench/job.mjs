// How fast hello jobs run: one at a time and 4 and 16 at once, beside the ways a service has otherwise
// to run a program: spawn a native one, spawn node. node:wasi in a pool of warm workers is no peer here: as
// Node gives it, it brings its process down (node-wasi.mjs).
//
// Every container is a new one. The peers take turns with us, block by block. Beside the wall
// times stands the CPU time of one job, all threads and children together: it holds on a busy machine.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { createHost } from '../dist/index.js'
import { familyCpuMs } from './process-cpu.mjs'
import { median, quantile } from './statistics.mjs'
import { WARM_JOBS, warmUp } from './warm-up.mjs'
import { withDirectory } from './with-directory.mjs'

const WIDTHS = [1, 4, 16]
/** Blocks in which all take turns: how long each is, and how many jobs it has at least. */
const FULL = { blocks: 4, warm: WARM_JOBS, ms: 500, least: 16 }
const QUICK = { blocks: 1, warm: 1, ms: 1, least: 2 }
const GOALS = { p50: { atMost: 0.08 }, throughput: { atLeast: 12 } }

const spawned = promisify(execFile)

/** Jobs, `width` at a time, until the block is over: each one's ms, the jobs in a second, CPU of one. */
async function block(job, { ms, least }, width) {
  const times = []
  const began = performance.now()
  const cpu = familyCpuMs()
  let started = 0
  const lane = async () => {
    while (started < least || performance.now() - began < ms) {
      started += 1
      const from = performance.now()
      await job()
      times.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
  const rate = (times.length * 1000) / (performance.now() - began)
  return { times, rate, cpu: cpu && (familyCpuMs() - cpu) / times.length }
}

/** The peers: name → one job. */
function jobs(host) {
  return {
    bulkhead: async () => {
      const { exitCode } = await host.run({ image: 'hello-world' })
      if (exitCode !== 0) throw new Error(`hello-world exited ${exitCode}`)
    },
    native: () => spawned('echo', ['hello']),
    node: () => spawned(process.execPath, ['-e', '0']),
  }
}

async function measured(peers, amounts) {
  const samples = {}
  await warmUp(peers.bulkhead, amounts.warm)
  for (const width of WIDTHS) {
    for (let turn = 0; turn < amounts.blocks; turn += 1) {
      for (const [peer, job] of Object.entries(peers)) {
        const key = `${peer} at ${width}`
        samples[key] ??= { times: [], rates: [], cpu: [] }
        const { times, rate, cpu } = await block(job, amounts, width)
        samples[key].times.push(...times)
        samples[key].rates.push(rate)
        if (cpu !== undefined) samples[key].cpu.push(cpu)
      }
    }
  }
  return samples
}

const TITLES = {
  bulkhead: 'hello-world in a container',
  native: 'spawn echo',
  node: 'spawn node -e 0',
}

const rowsOf = (samples, peer) =>
  WIDTHS.flatMap((width) => {
    const { times, rates, cpu } = samples[`${peer} at ${width}`]
    const name = `${TITLES[peer]}, ${width} at once`
    return [
      { name: `${name}: p50`, value: median(times), unit: 'ms' },
      { name: `${name}: p99`, value: quantile(times, 0.99), unit: 'ms' },
      { name: `${name}: rate`, value: median(rates), unit: 'jobs/s' },
      ...(cpu.length === 0
        ? []
        : [{ name: `${name}: CPU`, value: median(cpu), unit: 'ms CPU/job' }]),
    ]
  })

function ratiosOf(samples) {
  const p50 = (peer) => median(samples[`${peer} at 1`].times)
  const rate = (peer) => median(samples[`${peer} at 16`].rates)
  const cpu = (peer) => median(samples[`${peer} at 1`].cpu)
  return ['native', 'node'].flatMap((peer) => [
    {
      name: `p50 over ${TITLES[peer]}, 1 at once`,
      value: p50('bulkhead') / p50(peer),
      ...(peer === 'native' && { goal: GOALS.p50 }),
    },
    {
      name: `rate over ${TITLES[peer]}, 16 at once`,
      value: rate('bulkhead') / rate(peer),
      ...(peer === 'native' && { goal: GOALS.throughput }),
    },
    ...(familyCpuMs() === undefined
      ? []
      : [{ name: `CPU over ${TITLES[peer]}, 1 at once`, value: cpu('bulkhead') / cpu(peer) }]),
  ])
}

export async function run({ quick }) {
  return await withDirectory(async (dataDir) => {
    const host = await createHost({ dataDir })
    try {
      const samples = await measured(jobs(host), quick ? QUICK : FULL)
      return {
        figures: rowsOf(samples, 'bulkhead'),
        baselines: ['native', 'node'].flatMap((peer) => rowsOf(samples, peer)),
        ratios: ratiosOf(samples),
        samples,
        notes: ['Wall time: on a busy machine only the ratios say something.'],
      }
    } finally {
      await host.close()
    }
  })
}
