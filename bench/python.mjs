// CPython's `print(1)`, warm: the whole of a run in thread CPU time, in a new container and on
// node:wasi, the same module in the same thread in turn. And what a caller of the library waits for.
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHost } from '../dist/index.js'
import { inlineGuest } from './inline-guest.mjs'
import { safeWasi } from './node-wasi.mjs'
import { DATA_DIRECTORY, programFiles } from './programs.mjs'
import { interleaved, least, median } from './statistics.mjs'
import { threadCpuMs } from './thread-clock.mjs'
import { withDirectory } from './with-directory.mjs'

const ARGS = ['python', '-c', 'print(1)']
const FULL = { warm: 3, rounds: 15 }
const QUICK = { warm: 0, rounds: 1 }
const GOAL = { atMost: 1.3 }

function onNodeWasi(module, directory) {
  const output = join(directory, 'output')
  return () => {
    const stdout = openSync(output, 'w')
    const { wasi, imports } = safeWasi({ args: ARGS, stdout })
    const code = wasi.start(new WebAssembly.Instance(module, imports))
    closeSync(stdout)
    if (code !== 0) throw new Error(`node:wasi: python exited ${code}`)
    return readFileSync(output, 'utf8')
  }
}

export async function run({ quick }) {
  const { warm, rounds } = quick ? QUICK : FULL
  const [{ module: path }] = await programFiles(['python'])
  const host = await createHost({ dataDir: DATA_DIRECTORY })
  try {
    return await withDirectory(async (directory) => {
      const contained = inlineGuest(path, [])
      const bare = onNodeWasi(new WebAssembly.Module(readFileSync(path)), directory)
      const cpu = (work) => () => {
        const from = threadCpuMs()
        if (work() !== '1\n') throw new Error('python printed something else than 1')
        return threadCpuMs() - from
      }
      const wall = async () => {
        const from = performance.now()
        const done = await host.run({ image: 'python', cmd: ARGS.slice(1) })
        if (done.text() !== '1\n') throw new Error(`python: ${done.message}`)
        return performance.now() - from
      }
      const cases = {
        bulkhead: cpu(() => contained(ARGS)),
        'node:wasi': cpu(bare),
        'host.run': wall,
      }
      await interleaved(cases, warm)
      const samples = await interleaved(cases, rounds)
      const [ours, theirs] = [samples.bulkhead, samples['node:wasi']]
      return {
        figures: [
          { name: 'in a container, inline: least', value: least(ours), unit: 'ms CPU' },
          { name: 'in a container, inline: median', value: median(ours), unit: 'ms CPU' },
          { name: 'host.run: median', value: median(samples['host.run']), unit: 'ms wall' },
        ],
        baselines: [
          { name: 'node:wasi: least', value: least(theirs), unit: 'ms CPU' },
          { name: 'node:wasi: median', value: median(theirs), unit: 'ms CPU' },
        ],
        ratios: [
          { name: 'over node:wasi, least', value: least(ours) / least(theirs), goal: GOAL },
          { name: 'over node:wasi, median', value: median(ours) / median(theirs), goal: GOAL },
        ],
        samples,
      }
    })
  } finally {
    await host.close()
  }
}
