// Child of metering.mjs: every kernel plain and metered in turn, n as given, thread CPU time.
import { readFileSync } from 'node:fs'
import { instanceOf } from './metered-instance.mjs'
import { interleaved } from './statistics.mjs'
import { threadCpuMs } from './thread-clock.mjs'

/** Runs before the first sample: the code is compiled, the heap has its size. */
const WARM = 3

const { rounds, rows } = JSON.parse(readFileSync(process.argv[2], 'utf8'))

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
  for (let warm = 0; warm < WARM; warm += 1) {
    timed(forms.plain)
    timed(forms.metered)
  }
  const before = forms.metered.fuel()
  timed(forms.metered)
  const fuel = forms.metered.fuel() - before
  const cases = { plain: () => timed(forms.plain), metered: () => timed(forms.metered) }
  return { ...(await interleaved(cases, rounds)), fuel }
}

const results = {}
for (const row of rows) results[row.name] = await measure(row)
process.stdout.write(JSON.stringify(results))
