// How fast hello jobs run, beside spawning a native program and node in the same run.
//
//   node bench/job.mjs          after npm run build and npm run build:guests
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createHost } from '../dist/index.js'

const run = promisify(execFile)
const directory = mkdtempSync(join(tmpdir(), 'bench-'))
const host = await createHost({ dataDir: directory })
const hello = () => host.run({ image: 'hello-world' })

const at = (sorted, share) => sorted[Math.floor(sorted.length * share)] ?? 0

/** `count` runs, `width` at a time: p50 and p99 in ms, and how many a second. */
async function measure(job, count, width) {
  const times = []
  let left = count
  const began = performance.now()
  const lane = async () => {
    while (left > 0) {
      left -= 1
      const from = performance.now()
      await job()
      times.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
  const seconds = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  return { p50: at(times, 0.5), p99: at(times, 0.99), rate: count / seconds }
}

const rows = []
const bench = async (name, job, count, width) => {
  const { p50, p99, rate } = await measure(job, count, width)
  rows.push({
    name,
    width,
    'p50 ms': p50.toFixed(2),
    'p99 ms': p99.toFixed(2),
    'jobs/s': rate.toFixed(0),
  })
  return rate
}

console.log(`node ${process.version}, load ${loadavg()[0].toFixed(2)}`)
for (let warm = 0; warm < 200; warm += 1) await hello()
const one = await bench('bulkhead hello-world', hello, 2000, 1)
const many = await bench('bulkhead hello-world', hello, 4000, 16)
const native = await bench('spawn /bin/echo', () => run('/bin/echo', ['hello']), 300, 16)
const node = await bench('spawn node -e 0', () => run(process.execPath, ['-e', '0']), 30, 16)
console.table(rows)
console.log(
  `ratio to spawn /bin/echo: ${(many / native).toFixed(1)}, to spawn node: ${(many / node).toFixed(0)}`,
)
console.log(`16 lanes over 1: ${(many / one).toFixed(2)}`)
await host.close()
rmSync(directory, { recursive: true })
