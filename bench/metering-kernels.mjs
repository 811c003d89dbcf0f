// Child of metering.mjs: every kernel plain and metered in turn, n as given, default tiering, thread CPU
// time.
import { readFileSync } from 'node:fs'
import { setTimeout as rest } from 'node:timers/promises'
import { instanceOf } from './metered-instance.mjs'
import { interleaved } from './statistics.mjs'
import { threadCpuMs } from './thread-clock.mjs'

/** Runs between two rests, and how long V8's other threads may compile what has become hot: ms. */
const RUNS = 4
const REST_MS = 5
const LAST_REST_MS = 30

const { rounds, warm, rows } = JSON.parse(readFileSync(process.argv[2], 'utf8'))

/** A kernel asks its host for nothing: only its main, which is not run, would. */
function instantiate(path, manifest) {
  const module = new WebAssembly.Module(readFileSync(path))
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

async function measure({ name, n, plain, metered, manifest }) {
  const forms = { plain: instantiate(plain), metered: instantiate(metered, manifest) }
  const expected = forms.plain.kernel(n)
  const timed = ({ kernel }) => {
    const from = threadCpuMs()
    const sum = kernel(n)
    const took = threadCpuMs() - from
    if (sum !== expected) throw new Error(`${name}: metered and plain disagree`)
    return took
  }
  await warmUp(() => timed(forms.plain))
  await warmUp(() => timed(forms.metered))
  const before = forms.metered.fuel()
  timed(forms.metered)
  const fuel = forms.metered.fuel() - before
  const cases = { plain: () => timed(forms.plain), metered: () => timed(forms.metered) }
  return { ...(await interleaved(cases, rounds)), fuel }
}

const results = {}
for (const row of rows) results[row.name] = await measure(row)
process.stdout.write(JSON.stringify(results))
