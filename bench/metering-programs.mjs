// Child of metering.mjs: real programs plain and metered in turn, all on node:wasi, so that only the
// counting differs; default tiering, thread CPU time. As the kernels, first as V8 compiles unasked.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { heedSize, setFlags } from '../dist/cell/v8-flags.js'
import { instanceOf } from './metered-instance.mjs'
import { moduleApart, moduleOf } from './module-apart.mjs'
import { safeWasi } from './node-wasi.mjs'
import { interleaved } from './statistics.mjs'
import { threadCpuMs } from './thread-clock.mjs'

const ENOSYS = 52
/** What a container has. With none at all node:wasi's environ_get fails, which SQLite does not survive. */
const ENVIRONMENT = { PATH: '/bin' }

const { rounds, rows } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const directory = mkdtempSync(join(tmpdir(), 'bench-'))
const output = join(directory, 'output')

/** node:wasi, with an errno for calls it does not know (WasmEdge's sockets). */
function withMissing(module, imports) {
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {}
    imports[from][name] ??= () => ENOSYS
  }
  return imports
}

/** Which WASI a module wants: SQLite's is older than preview1. */
const versionOf = (module) =>
  WebAssembly.Module.imports(module).some((wanted) => wanted.module === 'wasi_unstable')
    ? 'unstable'
    : 'preview1'

/** One run from start to exit: its time, its output and its fuel. */
function runOnce(module, manifest, { args, name }) {
  const stdout = openSync(output, 'w')
  const { wasi, imports } = safeWasi({
    version: versionOf(module),
    args,
    env: ENVIRONMENT,
    stdout,
    preopens: { '/': directory },
  })
  const { instance, fuel } = instanceOf(module, manifest, withMissing(module, imports))
  const from = threadCpuMs()
  const code = wasi.start(instance)
  const took = threadCpuMs() - from
  closeSync(stdout)
  if (code !== 0) throw new Error(`${name} exited ${code}`)
  return { took, text: readFileSync(output, 'utf8'), fuel: fuel() }
}

/** One form of a program after two runs: what is hot is optimised. And what the second printed and used. */
function warmed(row, module, manifest) {
  const run = () => runOnce(module, manifest, row)
  run()
  const { text, fuel } = run()
  return { run, text, fuel }
}

/** A process measures one program, since the flags stay. */
async function measure(row) {
  for (const [name, text] of Object.entries(row.files)) writeFileSync(join(directory, name), text)
  const stock = warmed(row, moduleApart(row.plain))
  if (stock.text === '') throw new Error(`${row.name} printed nothing`)
  // As the product does, for both forms.
  setFlags()
  heedSize(row.manifest.largestBody)
  const forms = {
    stock,
    plain: warmed(row, moduleOf(row.plain)),
    metered: warmed(row, moduleOf(row.metered), row.manifest),
  }
  const timed = ({ run }) => {
    const { took, text } = run()
    if (text !== stock.text) throw new Error(`${row.name}: metered and plain disagree`)
    return took
  }
  const cases = Object.fromEntries(
    Object.entries(forms).map(([name, form]) => [name, () => timed(form)]),
  )
  return { ...(await interleaved(cases, rounds)), fuel: forms.metered.fuel }
}

try {
  const results = {}
  for (const row of rows) results[row.name] = await measure(row)
  process.stdout.write(JSON.stringify(results))
} finally {
  rmSync(directory, { recursive: true })
}
