// How long a kill takes, by what the guest is doing: from the call to the moment the slot is free
// again. What guests/bench/endless does, and every row of the hostile corpus that never ends. Against ending a bare worker in an endless loop by terminate(), which gives no report, loses
// the worker, and is the only way there is without metering.
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { createHost } from '../dist/index.js'
import { begun } from './begun.mjs'
import { median, quantile } from './statistics.mjs'
import { endlessGuests } from './test-support.mjs'
import { UsageError } from './usage-error.mjs'
import { withDirectory } from './with-directory.mjs'

const GUEST = fileURLToPath(new URL('../guests/build/endless.wasm', import.meta.url))
/** What guests/bench/endless can do for ever. */
const ENDLESS = [
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

const bench = (name) => ({ name, module: GUEST, args: [name], speaks: true })
const ofCorpus = ({ id, trouble, module, args, limits }) => ({
  name: `${id} ${trouble}`,
  module: typeof module === 'string' ? module : module(),
  args,
  limits,
  speaks: false,
})

/** Milliseconds in which a guest that says nothing has begun. */
const SILENT_START = 20

/** Starts the guest, waits for its first output, then a while that differs, kills it: ms to its end. */
async function killOne(host, pattern, round) {
  const abort = new AbortController()
  let resolve
  const started = new Promise((settle) => {
    resolve = settle
  })
  const run = host.run({
    module: pattern.module,
    ...(pattern.args && { args: pattern.args }),
    limits: pattern.limits ?? {},
    stdin: silence(abort.signal),
    stdout: () => resolve(),
    stderr: 'ignore',
    signal: abort.signal,
  })
  const ended = run.then(
    () => new Error(`${pattern.name} ended by itself`),
    (reason) => (reason === abort.signal.reason ? undefined : reason),
  )
  if (pattern.speaks) await Promise.race([started, ended])
  else {
    await begun(host)
    await new Promise((go) => setTimeout(go, SILENT_START))
  }
  await new Promise((go) => setTimeout(go, 1 + (round % 7)))
  const from = performance.now()
  abort.abort()
  const failure = await ended
  const took = performance.now() - from
  if (failure !== undefined) throw failure
  return took
}

/** Who missed the goal, and how often. */
function lateNotes(names, samples) {
  const late = names.flatMap((name) => {
    const over = samples[name].filter((ms) => ms > GOALS.worst.atMost)
    return over.length === 0 ? [] : [`${name} (${over.length} of ${samples[name].length})`]
  })
  return late.length === 0 ? [] : [`later than ${GOALS.worst.atMost} ms: ${late.join(', ')}`]
}

const worstOf = (values) => values.reduce((a, b) => Math.max(a, b), 0)

async function terminateOne() {
  const worker = new Worker(SPIN, { eval: true })
  await once(worker, 'message')
  const from = performance.now()
  await worker.terminate()
  return performance.now() - from
}

/** @param options.kills - of each pattern; @param options.only - a word that its name must have. */
export async function run({ quick, kills, only = '' }) {
  const rounds = kills === undefined ? (quick ? QUICK : FULL).rounds : Number(kills)
  const all = [...ENDLESS.map(bench), ...(await endlessGuests()).map(ofCorpus)]
  const patterns = all.filter(({ name }) => name.includes(only))
  if (patterns.length === 0) throw new UsageError(`kill: no pattern has ${only} in its name`)
  return await withDirectory(async (dataDir) => {
    const host = await createHost({ dataDir })
    const samples = { terminate: [] }
    try {
      // The first of each compiles its module, and is not counted.
      for (const pattern of patterns) {
        await killOne(host, pattern, 0)
        samples[pattern.name] = []
      }
      for (let round = 0; round < rounds; round += 1) {
        for (const pattern of patterns) {
          samples[pattern.name].push(await killOne(host, pattern, round))
        }
        samples.terminate.push(await terminateOne())
      }
    } finally {
      await host.close()
    }
    const names = patterns.map(({ name }) => name)
    const taken = names.flatMap((name) => samples[name])
    const rows = (name) => [
      { name: `${name}: median`, value: median(samples[name]), unit: 'ms' },
      { name: `${name}: worst`, value: worstOf(samples[name]), unit: 'ms' },
    ]
    return {
      figures: names.flatMap(rows),
      baselines: rows('terminate'),
      ratios: [
        { name: 'all patterns: median', value: median(taken), unit: ' ms', goal: GOALS.median },
        { name: 'all patterns: p99', value: quantile(taken, 0.99), unit: ' ms' },
        { name: 'all patterns: worst', value: worstOf(taken), unit: ' ms', goal: GOALS.worst },
        { name: 'median over terminate()', value: median(taken) / median(samples.terminate) },
      ],
      samples,
      table: {
        title: `${rounds} kills of each`,
        columns: ['pattern', 'median ms', 'p99', 'worst'],
        rows: [...names, 'terminate'].map((name) => [
          name,
          ...[median(samples[name]), quantile(samples[name], 0.99), worstOf(samples[name])].map(
            (value) => value.toFixed(2),
          ),
        ]),
      },
      notes: [
        ...lateNotes(names, samples),
        'Wall time, with the hop of the result to the caller: only an idle machine shows it.',
      ],
    }
  })
}
