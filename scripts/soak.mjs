// Many runs in one host, mixed with some that trap, time out, meet their limits, leave canaries or
// search for them: node scripts/soak.mjs [runs], after npm run build and npm run build:guests.
//
// Prints the figures every tenth part; fails when memory grows by more than 1 % per 10,000 runs after
// the warm-up, when threads, descriptors or slots are left behind, or when a canary is found.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHost } from '../dist/index.js'

const RUNS = Number(process.argv[2] ?? 100_000)
const LANES = 16
const PARTS = 10
/** Parts that count as warm-up: caches fill, code is compiled, the heap finds its size. */
const WARM = 3
const SLOPE_PER_10_000 = 0.01
const RESIDUE = 'guests/build/residue.wasm'

const directory = mkdtempSync(join(tmpdir(), 'soak-'))
const host = await createHost({ dataDir: directory, slots: 64 })

const expectEnd = (done, reason) => {
  if (done.reason !== reason) throw new Error(`ended for ${done.reason}, not ${reason}`)
}
const hostile = async (group, trouble, limits, reason) => {
  const module = `guests/build/hostile-${group}.wasm`
  const run = { module, args: [trouble], limits, stdout: 'ignore' }
  expectEnd(await host.run(run), reason)
}
const canaries = []
/** One run in fifty is none of the harmless ones: these take turns. */
const OTHERS = [
  () => hostile('cpu', 'trap', {}, 'trap'),
  () => hostile('cpu', 'spin', { timeoutMs: 20 }, 'timeout'),
  () => hostile('cpu', 'spin', { fuel: 1_000_000n }, 'fuel'),
  () => hostile('memory', 'grow', { memory: '8m' }, 'memory'),
  () => hostile('file', 'fd-flood', { openFiles: 20 }, 'exit'),
  () => hostile('file', 'disk', { disk: '1m' }, 'exit'),
  async () => {
    const canary = randomBytes(8).toString('hex')
    canaries.push(canary)
    if (canaries.length > 20) canaries.shift()
    const env = { CANARY: canary }
    expectEnd(
      await host.run({ module: RESIDUE, args: ['plant', canary], env, stdin: canary }),
      'exit',
    )
  },
  async () => {
    const canary = canaries[Math.floor(Math.random() * canaries.length)]
    if (canary === undefined) return
    const backwards = [...canary].reverse().join('')
    const done = await host.run({ module: RESIDUE, args: ['search', backwards] })
    if (done.text() !== 'found 0\n') throw new Error(`a canary was found: ${done.text()}`)
  },
]

async function hello() {
  const done = await host.run({ image: 'hello-world' })
  if (done.exitCode !== 0 || !done.text().includes('Hello from bulkhead')) {
    throw new Error(`hello ended with ${done.exitCode} and ${done.stdout.length} bytes`)
  }
}

const entries = (path) => {
  try {
    return readdirSync(path).length
  } catch {
    return undefined // not Linux
  }
}

/** What is held while nothing runs. */
function sample(runs, seconds) {
  return {
    runs,
    'runs/s': Math.round(runs / seconds),
    'rss MB': Number((process.memoryUsage().rss / 2 ** 20).toFixed(1)),
    'heap MB': Number((process.memoryUsage().heapUsed / 2 ** 20).toFixed(1)),
    ...host.inUse(),
    'os threads': entries('/proc/self/task'),
    fds: entries('/proc/self/fd'),
    handles: process.getActiveResourcesInfo().length,
  }
}

async function runMany(count, done) {
  let left = count
  const lane = async () => {
    while (left > 0) {
      left -= 1
      const number = done + count - left
      const other = OTHERS[Math.floor(number / 50) % OTHERS.length]
      await (number % 50 === 0 ? other() : hello())
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

/** Least squares: growth of `values` per step, as a share of their mean. */
function slope(values) {
  const mean = (numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  const x = mean(values.map((_, index) => index))
  const y = mean(values)
  const over = values.reduce((sum, value, index) => sum + (index - x) * (value - y), 0)
  const under = values.reduce((sum, _, index) => sum + (index - x) ** 2, 0)
  return over / under / y
}

console.log(
  `node ${process.version}, load ${loadavg()[0].toFixed(1)}, ${RUNS} runs, ${LANES} lanes`,
)
const began = performance.now()
const samples = []
for (let part = 1; part <= PARTS; part += 1) {
  await runMany(RUNS / PARTS, (RUNS / PARTS) * (part - 1))
  const now = sample((RUNS / PARTS) * part, (performance.now() - began) / 1000)
  samples.push(now)
  console.log(JSON.stringify(now))
}
await host.close()
rmSync(directory, { recursive: true })

const late = samples.slice(WARM)
const growth = (slope(late.map((one) => one['rss MB'])) * 10_000 * PARTS) / RUNS
const faults = []
if (growth > SLOPE_PER_10_000) faults.push('memory grows')
if (late.some(({ slots }) => slots !== 0)) faults.push('slots are left')
for (const what of ['os threads', 'fds', 'handles']) {
  const counts = late.map((one) => one[what])
  if (counts.at(-1) > Math.max(...samples.slice(0, WARM).map((one) => one[what]))) {
    faults.push(`${what} grow`)
  }
}
const after = { ...host.inUse(), 'os threads': entries('/proc/self/task') }
if (after.threads !== 0 || after.slots !== 0) faults.push('closing leaves something')
console.log(`memory per 10,000 runs after the warm-up: ${(growth * 100).toFixed(2)} %`)
console.log(`after close: ${JSON.stringify(after)}`)
console.log(faults.length === 0 ? 'ok' : `FAILED: ${faults.join(', ')}`)
process.exitCode = faults.length === 0 ? 0 : 1
