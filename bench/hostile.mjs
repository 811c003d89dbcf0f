// What hostile guests cost others: for each guest of the corpus that must be killed, how long that
// takes, and how much slower hello jobs beside it become.
//
// Latency: from the abort to the settled run. The neighbour's jobs are taken in turns, some alone, some
// beside the guest, and who begins changes: a machine that is slow for a moment is slow for both. A p99 of a
// turn is the twentieth worst of its jobs. How far those of the turns alone lie apart says what a
// ratio can mean. The medians are there as well: what a crowded machine does to the p99 of both, it does not
// do to them. And the same beside a bare thread that spins: what any program costs that wants a CPU.
// Floods of output are measured with and without somebody who takes the bytes.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createHost } from '../dist/index.js'
import { begun } from './begun.mjs'
import { interleaved, median, quantile } from './statistics.mjs'
import { endlessGuests } from './test-support.mjs'
import { UsageError } from './usage-error.mjs'
import { WARM_JOBS, warmUp } from './warm-up.mjs'
import { withDirectory } from './with-directory.mjs'

const FULL = { warm: WARM_JOBS, kills: 20, turns: 6, jobs: 2_000 }
const QUICK = { warm: 1, kills: 1, turns: 1, jobs: 2 }
const GOALS = { beside: { atMost: 2 }, kill: { atMost: 50 } }
/** Of the corpus: output without end. */
const OUTPUT = 'H47'
const SPIN = 'require("node:worker_threads").parentPort.postMessage(0); for (;;) {}'

async function hello(host) {
  const { exitCode } = await host.run({ image: 'hello-world' })
  if (exitCode !== 0) throw new Error('the neighbour failed')
}

/** `count` hello jobs one after the other: their times in ms. */
async function hellos(host, count) {
  const times = []
  for (let job = 0; job < count; job += 1) {
    const from = performance.now()
    await hello(host)
    times.push(performance.now() - from)
  }
  return times
}

const never = {
  async *[Symbol.asyncIterator]() {
    await new Promise(() => {})
    yield new Uint8Array()
  },
}

/** Starts the guest and waits until it is there; `kill` answers how long it lived on, in ms. */
async function begin(host, row, module) {
  const controller = new AbortController()
  const run = host.run({
    module,
    ...(row.args && { args: row.args }),
    limits: row.limits ?? {},
    stdout: row.isRead ? () => {} : 'ignore',
    stderr: row.isRead ? () => {} : 'ignore',
    stdin: never,
    signal: controller.signal,
  })
  const ended = run.then(
    () => 'ended by itself',
    (reason) => (reason === controller.signal.reason ? 'killed' : `failed: ${reason}`),
  )
  await begun(host)
  return {
    kill: async () => {
      const from = performance.now()
      controller.abort(new Error('kill'))
      const end = await ended
      return { end, ms: performance.now() - from }
    },
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function measure(host, row, { kills, turns, jobs }) {
  const module = typeof row.module === 'string' ? row.module : row.module()
  const latencies = []
  const ends = new Set()
  for (let round = 0; round < kills; round += 1) {
    const guest = await begin(host, row, module)
    // Not always at the same point of the guest's life.
    await pause(20 + ((round * 7) % 30))
    const { end, ms } = await guest.kill()
    ends.add(end)
    latencies.push(ms)
  }
  const alone = async () => await hellos(host, jobs)
  const besideIt = async () => {
    const guest = await begin(host, row, module)
    const times = await hellos(host, jobs)
    ends.add((await guest.kill()).end)
    return times
  }
  const besideThread = async () => {
    const thread = new Worker(SPIN, { eval: true })
    await once(thread, 'message')
    const times = await hellos(host, jobs)
    await thread.terminate()
    return times
  }
  // Times by turn.
  const series = await interleaved({ quiet: alone, beside: besideIt, thread: besideThread }, turns)
  return { name: `${row.id} ${row.trouble}`, end: [...ends].join(', '), latencies, ...series }
}

const withReader = (row) => ({ ...row, trouble: `${row.trouble}, read`, isRead: true })

/** Those that never end, and those of them that write once more with a reader. */
async function guests() {
  const rows = await endlessGuests()
  return [...rows, ...rows.filter(({ id }) => id === OUTPUT).map(withReader)]
}

/** @param options.only - a word that the guest's name must have. */
export async function run({ quick, only = '' }) {
  const amounts = quick ? QUICK : FULL
  const rows = (await guests()).filter(({ id, trouble }) => `${id} ${trouble}`.includes(only))
  if (rows.length === 0) throw new UsageError(`no hostile guest has ${only} in its name`)
  return await withDirectory(async (dataDir) => {
    const host = await createHost({ dataDir })
    try {
      await warmUp(() => hello(host), amounts.warm)
      const measured = []
      for (const row of rows) measured.push(await measure(host, row, amounts))
      return report(measured)
    } finally {
      await host.close()
    }
  })
}

const p99 = (turns) => quantile(turns.flat(), 0.99)
const p50 = (turns) => median(turns.flat())

/** What the p99 of a turn alone was at least and at most. */
function spread({ quiet }) {
  const ofTurns = quiet.map((turn) => quantile(turn, 0.99))
  return { least: Math.min(...ofTurns), most: Math.max(...ofTurns) }
}

/** Which kills were late, by their place in the row. */
function lateNotes(measured) {
  const late = measured.flatMap(({ name, latencies }) =>
    latencies.flatMap((ms, index) =>
      ms > GOALS.kill.atMost ? [`${name} (number ${index + 1}: ${ms.toFixed(1)} ms)`] : [],
    ),
  )
  return late.length === 0 ? [] : [`kills later than ${GOALS.kill.atMost} ms: ${late.join(', ')}`]
}

const COLUMNS = [
  ...['guest', 'end', 'kill median ms', 'kill worst ms'],
  ...['alone p99', 'of a turn', 'beside p99', 'ratio', 'beside a thread', 'ratio'],
  ...['alone p50', 'beside p50', 'ratio'],
]

function tableRow(row) {
  const { name, end, latencies, quiet, beside, thread } = row
  const { least, most } = spread(row)
  return [
    name,
    end,
    median(latencies).toFixed(2),
    Math.max(...latencies).toFixed(2),
    p99(quiet).toFixed(2),
    `${least.toFixed(2)}..${most.toFixed(2)}`,
    ...[p99(beside), slower(row), p99(thread), overThread(row)].map((value) => value.toFixed(2)),
    ...[p50(quiet), p50(beside), slowerMedian(row)].map((value) => value.toFixed(2)),
  ]
}

const slower = ({ quiet, beside }) => p99(beside) / p99(quiet)
/** Over what a bare thread that spins costs. */
const overThread = ({ beside, thread }) => p99(beside) / p99(thread)
const slowerMedian = ({ quiet, beside }) => p50(beside) / p50(quiet)

function ratiosOf(measured) {
  const kills = measured.flatMap(({ latencies }) => latencies)
  const spreads = measured.map(spread).map(({ least, most }) => most / least)
  const worst = (values) => Math.max(...values)
  return [
    ...measured.map((row) => ({
      name: `${row.name}: p99 beside over alone`,
      value: slower(row),
      goal: GOALS.beside,
      detail: true,
    })),
    { name: 'p99 beside over alone, median', value: median(measured.map(slower)) },
    {
      name: 'p99 beside over alone, worst guest',
      value: worst(measured.map(slower)),
      goal: GOALS.beside,
    },
    {
      name: 'p99 beside over beside a bare thread, median',
      value: median(measured.map(overThread)),
    },
    {
      name: 'p99 beside over beside a bare thread, worst guest',
      value: worst(measured.map(overThread)),
    },
    { name: 'median beside over alone, worst guest', value: worst(measured.map(slowerMedian)) },
    { name: 'p99 alone, worst turn over best, median', value: median(spreads) },
    { name: 'p99 alone, worst turn over best, worst guest', value: worst(spreads) },
    { name: 'kill, median', value: median(kills), unit: ' ms' },
    { name: 'kill, p99', value: quantile(kills, 0.99), unit: ' ms' },
    { name: 'kill, worst', value: worst(kills), unit: ' ms', goal: GOALS.kill },
  ]
}

function report(measured) {
  const ms = (name, value) => ({ name, value, unit: 'ms' })
  return {
    figures: measured.flatMap(({ name, latencies, beside }) => [
      ms(`${name}: kill, median`, median(latencies)),
      ms(`${name}: kill, worst`, Math.max(...latencies)),
      ms(`${name}: hello beside it, p99`, p99(beside)),
    ]),
    baselines: measured.flatMap(({ name, quiet, thread }) => [
      ms(`${name}: hello alone, p99`, p99(quiet)),
      ms(`${name}: hello beside a bare thread, p99`, p99(thread)),
    ]),
    ratios: ratiosOf(measured),
    table: { title: 'guests', columns: COLUMNS, rows: measured.map(tableRow) },
    samples: Object.fromEntries(measured.map(({ name, end: _, ...times }) => [name, times])),
    notes: lateNotes(measured),
  }
}
