// How long a guest that is told to pause runs on, by what it is doing, and how near a guest under a CPU
// quota comes to it. On a busy machine a guest may get less than its quota, never more.
import { fileURLToPath } from 'node:url'
import { createInProcessCell } from '../dist/cell/in-process-cell.js'
import { median, quantile } from './statistics.mjs'
import { testSupport } from './test-support.mjs'
import { withDirectory } from './with-directory.mjs'

const GUEST = fileURLToPath(new URL('../guests/build/endless.wasm', import.meta.url))
const PATTERNS = [
  ...['empty', 'counted', 'odd', 'table', 'recursion', 'indirect', 'divide', 'fill', 'copy'],
  ...['calls', 'flood', 'reading', 'asleep'],
]
const THROTTLED = ['empty', 'recursion', 'fill', 'calls']
const QUOTAS = [0.1, 0.5]
const PERIOD_US = 100_000
const FULL = { pauses: 50, throttleMs: 3_000 }
const QUICK = { pauses: 1, throttleMs: 100 }
const GOALS = { median: { atMost: 5 }, worst: { atMost: 50 }, quota: { atMost: 1.05 } }

const wait = (ms) => new Promise((go) => setTimeout(go, ms))

/** A guest that has said that it began. */
async function begun(cell, { jobOf, never, GUEST: spec }, pattern, limits = {}) {
  let started = () => {}
  const spoke = new Promise((resolve) => {
    started = resolve
  })
  const job = await jobOf(cell, {
    module: GUEST,
    args: [pattern],
    stdin: never().input,
    stdout: () => started(),
    guest: { limits: { ...spec.limits, ...limits } },
  })
  const process = cell.start(job)
  await spoke
  return process
}

async function pauses(cell, jobs, pattern, rounds) {
  const process = await begun(cell, jobs, pattern)
  const samples = []
  for (let round = 0; round < rounds; round += 1) {
    await wait(1 + (round % 7))
    const from = performance.now()
    await process.pause()
    samples.push(performance.now() - from)
    process.unpause()
  }
  process.kill('killed')
  await process.ended
  return samples
}

/** CPU time over wall time, over the quota. */
async function throttled(cell, jobs, pattern, quota, ms) {
  const limits = { cpuQuota: quota * PERIOD_US, cpuPeriod: PERIOD_US }
  const process = await begun(cell, jobs, pattern, limits)
  await wait(ms)
  process.kill('killed')
  const { usage } = await process.ended
  return usage.cpuMs / usage.wallMs / quota
}

const worstOf = (values) => values.reduce((a, b) => Math.max(a, b), 0)

/** @param options.pauses - of each pattern. */
export async function run({ quick, pauses: asked }) {
  const amounts = quick ? QUICK : FULL
  const rounds = asked === undefined ? amounts.pauses : Number(asked)
  const jobs = await testSupport('cell-jobs')
  return await withDirectory(async (dataDirectory) => {
    const cell = createInProcessCell({ dataDirectory, slots: 2 })
    const samples = {}
    const shares = []
    try {
      for (const pattern of PATTERNS) samples[pattern] = await pauses(cell, jobs, pattern, rounds)
      for (const quota of QUOTAS) {
        for (const pattern of THROTTLED) {
          const name = `${pattern} at ${quota} CPU`
          const value = await throttled(cell, jobs, pattern, quota, amounts.throttleMs)
          samples[name] = [value]
          shares.push({ name: `${name}: used over quota`, value, goal: GOALS.quota })
        }
      }
    } finally {
      await cell[Symbol.asyncDispose]()
    }
    const all = PATTERNS.flatMap((pattern) => samples[pattern])
    return {
      figures: PATTERNS.flatMap((pattern) => [
        { name: `${pattern}: still, median`, value: median(samples[pattern]), unit: 'ms' },
        { name: `${pattern}: still, worst`, value: worstOf(samples[pattern]), unit: 'ms' },
      ]),
      baselines: [],
      ratios: [
        { name: 'all patterns: median', value: median(all), unit: ' ms', goal: GOALS.median },
        { name: 'all patterns: p99', value: quantile(all, 0.99), unit: ' ms' },
        { name: 'all patterns: worst', value: worstOf(all), unit: ' ms', goal: GOALS.worst },
        ...shares,
      ],
      samples,
      notes: ['Wall time, with the hop to the caller: only an idle machine shows it.'],
    }
  })
}
