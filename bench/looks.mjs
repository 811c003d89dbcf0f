// How late a guest can see that it must end: the longest CPU time of its thread between two looks at its
// flags, by what the guest does. Every row of the hostile corpus that must be killed, and what
// guests/bench/endless does, each in a container on this thread. A kill on an idle machine takes this
// and two wake-ups; the bench `kill` measures all of it, and on a busy machine mostly the machine.
//
//   --looks N     of each pattern (2000)
//   --only WORD   patterns that have it in their name
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runGuest } from '../dist/thread/run-guest.js'
import { meter } from '../dist/wasm/meter.js'
import { ports, rootOf, specOf } from './inline-guest.mjs'
import { median, quantile } from './statistics.mjs'
import { endlessGuests } from './test-support.mjs'
import { threadCpuMs } from './thread-clock.mjs'
import { UsageError } from './usage-error.mjs'

const ROOT = new URL('..', import.meta.url)
const ENDLESS = [
  ...['empty', 'counted', 'odd', 'table', 'recursion', 'indirect', 'divide', 'fill', 'copy'],
  ...['calls', 'flood'],
]
const FULL = 2_000
const QUICK = 20
/** A kill takes at most 50 ms: the wake-ups of two threads have the rest. */
const GOAL = { atMost: 25 }
/** Beside the looks: a pattern whose looks are far apart ends after this much CPU time. */
const MOST_MS = 4_000

async function patternsOf(only) {
  const endless = ENDLESS.map((name) => ({
    name,
    module: 'guests/build/endless.wasm',
    args: [name],
  }))
  // Those that sleep look when they are woken.
  const corpus = (await endlessGuests())
    .filter(({ expect }) => expect.end === 'killed')
    .map(({ id, trouble, ...row }) => ({ ...row, name: `${id} ${trouble}` }))
  const patterns = [...endless, ...corpus].filter(({ name }) => name.includes(only))
  if (patterns.length === 0) throw new UsageError(`looks: no pattern has ${only} in its name`)
  return patterns
}

/** Says nothing until it has been looked at `wanted` times, then that the guest must end. */
function watcher(wanted) {
  const gaps = []
  const began = threadCpuMs()
  let last = began
  const look = () => {
    gaps.push(threadCpuMs() - last)
    // Not the time of this look.
    last = threadCpuMs()
    return gaps.length >= wanted || last - began > MOST_MS
  }
  const control = {
    raised: look,
    // In the middle of a call nothing else is looked at.
    condemned: () => (look() ? { reason: 'killed', signal: 0 } : undefined),
    pausing: () => false,
    takeSignals: () => undefined,
    changedLimits: () => undefined,
    publish: () => {},
  }
  return { gaps, control }
}

/** Takes all and keeps nothing. */
const nowhere = { write: (from) => from.length, room: () => Number.MAX_SAFE_INTEGER }

/** CPU ms between looks, from the guest's first to its end. */
function gapsOf({ module, args = [], limits }, wanted) {
  const file =
    typeof module === 'string' ? readFileSync(fileURLToPath(new URL(module, ROOT))) : module()
  const { bytes, manifest } = meter(file)
  const guest = specOf(['guest', ...args], { limits })
  const compiled = new WebAssembly.Module(bytes)
  const { gaps, control } = watcher(wanted)
  const outside = { ...ports(), stdout: nowhere, stderr: nowhere, control }
  const run = { module: compiled, manifest, root: rootOf([]), guest }
  const { reason, message } = runGuest(run, outside).report
  if (reason !== 'killed') throw new Error(`it ended by ${reason}: ${message}`)
  // Before the first stands the making of the container.
  return gaps.slice(1)
}

export async function run({ quick, looks, only = '' }) {
  const wanted = looks === undefined ? (quick ? QUICK : FULL) : Number(looks)
  const patterns = await patternsOf(only)
  const samples = {}
  for (const pattern of patterns) {
    try {
      samples[pattern.name] = gapsOf(pattern, wanted)
    } catch (error) {
      throw new Error(`${pattern.name}: ${error.message}`, { cause: error })
    }
  }
  const rows = Object.entries(samples).map(([name, gaps]) => ({
    name,
    median: median(gaps),
    p99: quantile(gaps, 0.99),
    most: gaps.reduce((a, b) => Math.max(a, b), 0),
  }))
  const worst = rows.reduce((a, b) => (a.most >= b.most ? a : b))
  return {
    figures: rows.map(({ name, most }) => ({ name: `${name}: most`, value: most, unit: 'ms CPU' })),
    baselines: [],
    ratios: [
      { name: `worst pattern (${worst.name})`, value: worst.most, unit: ' ms CPU', goal: GOAL },
      { name: 'median of the worst', value: median(rows.map(({ most }) => most)), unit: ' ms CPU' },
    ],
    samples,
    table: {
      title: 'CPU ms between two looks',
      columns: ['pattern', 'median', 'p99', 'most'],
      rows: rows.map(({ name, ...row }) => [
        name,
        ...[row.median, row.p99, row.most].map((value) => value.toFixed(2)),
      ]),
    },
    notes: ['CPU time of the thread, with what V8 compiles on it: load disturbs it little.'],
  }
}
