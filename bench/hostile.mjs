// What hostile guests cost others: for each guest of the corpus that must be killed, how long that
// takes, and how much slower hello jobs beside it become.
//
//   node bench/hostile.mjs [--kills N] [--jobs N] [--only WORD] [--json]
//
// after npm run build and npm run build:guests. Latency: from the abort to the settled run. The
// quiet p99 of hello jobs is taken again before each guest, in this very run.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { createHost } from '../dist/index.js'

const TABLE = fileURLToPath(new URL('../test/support/hostile-corpus.ts', import.meta.url))

/** The same table that the tests hold every row of. */
async function corpus() {
  const { outputFiles } = await build({
    entryPoints: [TABLE],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  })
  const text = Buffer.from(outputFiles[0].contents).toString('base64')
  const { CORPUS } = await import(`data:text/javascript;base64,${text}`)
  return CORPUS.filter(({ expect }) => expect.end === 'killed' || expect.end === 'woken')
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
const sorted = (values) => [...values].sort((a, b) => a - b)

/** `count` hello jobs one after the other: their times in ms. */
async function hellos(host, count) {
  const times = []
  for (let job = 0; job < count; job += 1) {
    const from = performance.now()
    const { exitCode } = await host.run({ image: 'hello-world' })
    if (exitCode !== 0) throw new Error('the neighbour failed')
    times.push(performance.now() - from)
  }
  return sorted(times)
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
    stdout: 'ignore',
    stderr: 'ignore',
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

async function measure(host, row, { kills, jobs }) {
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
  const quiet = await hellos(host, jobs)
  const guest = begin(host, row, module)
  const beside = await hellos(host, jobs)
  ends.add((await guest.kill()).end)
  const ordered = sorted(latencies)
  return {
    guest: `${row.id} ${row.trouble}`,
    end: [...ends].join(', '),
    killMedianMs: at(ordered, 0.5),
    killWorstMs: at(ordered, 1),
    quietP99Ms: at(quiet, 0.99),
    besideP99Ms: at(beside, 0.99),
    ratio: at(beside, 0.99) / at(quiet, 0.99),
  }
}

/**
 * @param options.kills - kills of each guest; 20 unless given.
 * @param options.jobs - hello jobs of each series; 200 unless given.
 * @param options.only - a word that the guest's name must have.
 */
export default async function hostile({ kills = 20, jobs = 200, only = '' } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'))
  const host = await createHost({ dataDir: directory })
  try {
    await hellos(host, jobs)
    const figures = []
    for (const row of await corpus()) {
      if (!`${row.id} ${row.trouble}`.includes(only)) continue
      figures.push(await measure(host, row, { kills, jobs }))
    }
    return {
      figures,
      baselines: Object.fromEntries(figures.map(({ guest, quietP99Ms }) => [guest, quietP99Ms])),
      ratios: Object.fromEntries(figures.map(({ guest, ratio }) => [guest, ratio])),
    }
  } finally {
    await host.close()
    rmSync(directory, { recursive: true })
  }
}

function print({ figures }) {
  console.log(`node ${process.version}, load ${loadavg()[0].toFixed(2)}`)
  console.table(
    figures.map(({ guest, end, ...numbers }) => ({
      guest,
      end,
      ...Object.fromEntries(Object.entries(numbers).map(([key, n]) => [key, Number(n.toFixed(2))])),
    })),
  )
  const worst = Math.max(...figures.map(({ killWorstMs }) => killWorstMs))
  const median = at(sorted(figures.map(({ killMedianMs }) => killMedianMs)), 0.5)
  console.log(`kills: median of medians ${median.toFixed(2)} ms, worst ${worst.toFixed(2)} ms`)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string' },
      jobs: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const result = await hostile({
    ...(values.kills && { kills: Number(values.kills) }),
    ...(values.jobs && { jobs: Number(values.jobs) }),
    ...(values.only && { only: values.only }),
  })
  if (values.json) console.log(JSON.stringify(result))
  else print(result)
}
