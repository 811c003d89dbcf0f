// Child of metering.mjs: every kernel plain and metered in turn, n as given, default tiering, thread CPU
// time. First all are compiled as V8 does it unasked, then plain and metered with the flags of the product:
// V8 reads them when it compiles.
import { readFileSync } from 'node:fs'
import { setTimeout as rest } from 'node:timers/promises'
import { setFlags } from '../dist/cell/v8-flags.js'
import { instanceOf } from './metered-instance.mjs'
import { moduleApart, moduleOf } from './module-apart.mjs'
import { interleaved } from './statistics.mjs'
import { threadCpuMs } from './thread-clock.mjs'

/** Runs between two rests, and how long V8's other threads may compile what has become hot: ms. */
const RUNS = 4
const REST_MS = 5
const LAST_REST_MS = 30

const { rounds, warm, rows } = JSON.parse(readFileSync(process.argv[2], 'utf8'))

/** A kernel asks its host for nothing: only its main, which is not run, would. */
function instantiate(module, manifest) {
  const imports = {}
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {}
    imports[from][name] = () => 0
  }
  const { instance, fuel } = instanceOf(module, manifest, imports)
  return { kernel: instance.exports.run, fuel }
}

/** Until `warm` ms are spent, and a few times at least: what is hot is optimised, by what was counted. */
async function warmUp(run) {
  let spent = 0
  for (let runs = 1; runs <= RUNS || spent < warm; runs += 1) {
    spent += run()
    if (runs % RUNS === 0) await rest(REST_MS)
  }
  await rest(LAST_REST_MS)
}

/** One form of a kernel, warm: it answers the milliseconds of a run. */
async function warmed({ kernel, fuel }, { name, n }, expected = kernel(n)) {
  const timed = () => {
    const from = threadCpuMs()
    const sum = kernel(n)
    const took = threadCpuMs() - from
    if (sum !== expected) throw new Error(`${name}: metered and plain disagree`)
    return took
  }
  await warmUp(timed)
  return { timed, fuel, expected }
}

async function measure(row, stock) {
  const forms = {
    plain: instantiate(moduleOf(row.plain)),
    metered: instantiate(moduleOf(row.metered), row.manifest),
  }
  const plain = await warmed(forms.plain, row, stock.expected)
  const metered = await warmed(forms.metered, row, stock.expected)
  const before = metered.fuel()
  metered.timed()
  const fuel = metered.fuel() - before
  const cases = { stock: stock.timed, plain: plain.timed, metered: metered.timed }
  return { ...(await interleaved(cases, rounds)), fuel }
}

const stock = []
for (const row of rows) stock.push(await warmed(instantiate(moduleApart(row.plain)), row))
setFlags()
const results = {}
for (const [index, row] of rows.entries()) results[row.name] = await measure(row, stock[index])
process.stdout.write(JSON.stringify(results))
