// How long a kill takes, by what the guest is doing: from the call to the moment the slot is free
// again. Against ending a bare worker in an endless loop by terminate(), which gives no report, loses
// the worker, and is the only way there is without metering.
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { createHost } from '../dist/index.js'
import { median, quantile } from './statistics.mjs'
import { withDirectory } from './with-directory.mjs'

const GUEST = fileURLToPath(new URL('../guests/build/endless.wasm', import.meta.url))
/** What guests/bench/endless can do for ever. */
const PATTERNS = [
  ...['empty', 'counted', 'odd', 'table', 'recursion', 'indirect', 'divide', 'fill', 'copy'],
  ...['calls', 'flood', 'reading', 'asleep'],
]
const FULL = { rounds: 25 }
const QUICK = { rounds: 1 }
const GOALS = { median: { atMost: 5 }, worst: { atMost: 50 } }
const SPIN = 'require("node:worker_threads").parentPort.postMessage(0); for (;;) {}'

/** Input that never comes and never ends. */
async function* silence(signal) {
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
  yield* []
}

/** Starts the guest, waits for its first output, then a while that differs, kills it: ms to its end. */
async function killOne(host, pattern, round) {
  const abort = new AbortController()
  let resolve
  const started = new Promise((settle) => {
    resolve = settle
  })
  const run = host.run({
    module: GUEST,
    args: [pattern],
    stdin: silence(abort.signal),
    stdout: () => resolve(),
    signal: abort.signal,
  })
  const ended = run.then(
    () => new Error(`${pattern} ended by itself`),
    (reason) => (reason === abort.signal.reason ? undefined : reason),
  )
  await Promise.race([started, ended])
  await new Promise((go) => setTimeout(go, 1 + (round % 7)))
  const from = performance.now()
  abort.abort()
  const failure = await ended
  const took = performance.now() - from
  if (failure !== undefined) throw failure
  return took
}

async function terminateOne() {
  const worker = new Worker(SPIN, { eval: true })
  await once(worker, 'message')
  const from = performance.now()
  await worker.terminate()
  return performance.now() - from
}

export async function run({ quick }) {
  const { rounds } = quick ? QUICK : FULL
  return await withDirectory(async (dataDir) => {
    const host = await createHost({ dataDir })
    const samples = { terminate: [] }
    try {
      for (let round = 0; round < rounds; round += 1) {
        for (const pattern of PATTERNS) {
          samples[pattern] ??= []
          samples[pattern].push(await killOne(host, pattern, round))
        }
        samples.terminate.push(await terminateOne())
      }
    } finally {
      await host.close()
    }
    const all = PATTERNS.flatMap((pattern) => samples[pattern])
    const rows = (name) => [
      { name: `${name}: median`, value: median(samples[name]), unit: 'ms' },
      { name: `${name}: worst`, value: Math.max(...samples[name]), unit: 'ms' },
    ]
    return {
      figures: PATTERNS.flatMap(rows),
      baselines: rows('terminate'),
      ratios: [
        { name: 'all patterns: median', value: median(all), unit: ' ms', goal: GOALS.median },
        { name: 'all patterns: p99', value: quantile(all, 0.99), unit: ' ms' },
        { name: 'all patterns: worst', value: Math.max(...all), unit: ' ms', goal: GOALS.worst },
        { name: 'median over terminate()', value: median(all) / median(samples.terminate) },
      ],
      samples,
      notes: [
        'Wall time, with the hop of the result to the caller: only an idle machine shows it.',
      ],
    }
  })
}
