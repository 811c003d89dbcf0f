// What hostile guests cost others: for each guest of the corpus that must be killed, how long that
// takes, and how much slower hello jobs beside it become.
//
// Latency: from the abort to the settled run. The neighbour's jobs are taken in turns, some alone, some
// beside the guest: a machine that is slow for a moment is slow for both, and a p99 of a few hundred
// jobs is one job's luck. Their medians are there as well: what a crowded machine does to the p99 of both,
// it does not do to them. Floods of output are measured with and without somebody who takes the bytes.
import { createHost } from '../dist/index.js'
import { median, quantile } from './statistics.mjs'
import { endlessGuests } from './test-support.mjs'
import { UsageError } from './usage-error.mjs'
import { withDirectory } from './with-directory.mjs'

const FULL = { kills: 20, turns: 5, jobs: 240 }
const QUICK = { kills: 1, turns: 1, jobs: 2 }
const GOALS = { beside: { atMost: 2 } }
/** Of the corpus: output without end. */
const OUTPUT = 'H47'

/** `count` hello jobs one after the other: their times in ms. */
async function hellos(host, count) {
  const times = []
  for (let job = 0; job < count; job += 1) {
    const from = performance.now()
    const { exitCode } = await host.run({ image: 'hello-world' })
    if (exitCode !== 0) throw new Error('the neighbour failed')
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

/** Starts the guest; `kill` answers how long it lived on, in ms. */
function begin(host, row, module) {
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
    const guest = begin(host, row, module)
    // Not always at the same point of the guest's life.
    await pause(20 + ((round * 7) % 30))
    const { end, ms } = await guest.kill()
    ends.add(end)
    latencies.push(ms)
  }
  const [quiet, beside] = [[], []]
  for (let turn = 0; turn < turns; turn += 1) {
    quiet.push(...(await hellos(host, jobs)))
    const guest = begin(host, row, module)
    beside.push(...(await hellos(host, jobs)))
    ends.add((await guest.kill()).end)
  }
  return { name: `${row.id} ${row.trouble}`, end: [...ends].join(', '), latencies, quiet, beside }
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
      await hellos(host, amounts.jobs)
      const measured = []
      for (const row of rows) measured.push(await measure(host, row, amounts))
      return report(measured)
    } finally {
      await host.close()
    }
  })
}

const p99 = (times) => quantile(times, 0.99)

function report(measured) {
  const slower = ({ quiet, beside }) => p99(beside) / p99(quiet)
  const slowerMedian = ({ quiet, beside }) => median(beside) / median(quiet)
  const medians = measured.map(({ latencies }) => median(latencies))
  const ms = (name, value) => ({ name, value, unit: 'ms' })
  return {
    figures: measured.flatMap(({ name, latencies, beside }) => [
      ms(`${name}: kill, median`, median(latencies)),
      ms(`${name}: kill, worst`, Math.max(...latencies)),
      ms(`${name}: hello beside it, p99`, p99(beside)),
    ]),
    baselines: measured.map(({ name, quiet }) => ms(`${name}: hello alone, p99`, p99(quiet))),
    ratios: [
      ...measured.map((row) => ({
        name: `${row.name}: p99 beside over alone`,
        value: slower(row),
        goal: GOALS.beside,
        detail: true,
      })),
      { name: 'p99 beside over alone, median', value: median(measured.map(slower)) },
      {
        name: 'p99 beside over alone, worst guest',
        value: Math.max(...measured.map(slower)),
        goal: GOALS.beside,
      },
      {
        name: 'median beside over alone, worst guest',
        value: Math.max(...measured.map(slowerMedian)),
      },
      { name: 'kill, median of medians', value: median(medians), unit: ' ms' },
      {
        name: 'kill, worst',
        value: Math.max(...measured.flatMap(({ latencies }) => latencies)),
        unit: ' ms',
      },
    ],
    table: {
      title: 'guests',
      columns: [
        'guest',
        'end',
        'kill median ms',
        'kill worst ms',
        'alone p99',
        'beside p99',
        'ratio',
        'alone p50',
        'beside p50',
        'ratio',
      ],
      rows: measured.map((row) => [
        row.name,
        row.end,
        ...[
          median(row.latencies),
          Math.max(...row.latencies),
          p99(row.quiet),
          p99(row.beside),
          slower(row),
          median(row.quiet),
          median(row.beside),
          slowerMedian(row),
        ].map((value) => value.toFixed(2)),
      ]),
    },
    samples: Object.fromEntries(
      measured.map(({ name, latencies, quiet, beside }) => [name, { latencies, quiet, beside }]),
    ),
  }
}
