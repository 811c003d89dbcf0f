// What a system call costs a C guest, libc included: ns of CPU and of wall time for each operation,
// in a container, on node:wasi over a directory in memory, on browser_wasi_shim's file system of
// objects, and on @wasmer/sdk, which runs in threads of its own, so that only its wall time is known.
//
// The cost of one is (COUNT operations - none) / COUNT, least of all rounds, all peers in turn.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  Directory,
  File,
  OpenFile,
  PreopenDirectory,
  WASI as ShimWasi,
} from '@bjorn3/browser_wasi_shim'
import { Wasmer } from '@wasmer/sdk/node'
import { collector } from './collector.mjs'
import { fileEntry, inlineGuest } from './inline-guest.mjs'
import { directWasi } from './node-wasi.mjs'
import { interleaved, least } from './statistics.mjs'
import { threadCpuMs } from './thread-clock.mjs'
import { withDirectory } from './with-directory.mjs'

const GUEST = fileURLToPath(new URL('../guests/build/syscalls.wasm', import.meta.url))
/** The one place of a sandbox of @wasmer/sdk where files may be. */
const WORKSPACE = '/workspace'
const BYTES = new Uint8Array(65_536).fill(0x61)
/** The guest's operations, what each is, and the goal against node:wasi where there is one. */
const OPERATIONS = {
  open: { title: 'open + close', goal: { atMost: 0.5 } },
  pread: { title: 'pread 4 KiB', goal: { atMost: 1 } },
  seek: { title: 'seek + read 64 B' },
  pwrite: { title: 'pwrite 4 KiB' },
  stat: { title: 'stat' },
  missing: { title: 'stat of a missing file' },
  clock: { title: 'clock_gettime' },
}
const FULL = { rounds: 9, count: 4_000 }
const QUICK = { rounds: 1, count: 50 }

/** Ours first, then the peers on this thread: name → run(args). */
function localPeers(directory) {
  const module = new WebAssembly.Module(readFileSync(GUEST))
  const contained = inlineGuest(GUEST, [fileEntry('/data/file', BYTES)])
  mkdirSync(join(directory, 'data'))
  writeFileSync(join(directory, 'data', 'file'), BYTES)
  const runs = {
    bulkhead: contained,
    'node:wasi': (args) => {
      const preopens = { '/': directory }
      const { wasi, imports } = directWasi({ args, preopens })
      return wasi.start(new WebAssembly.Instance(module, imports))
    },
    browser_wasi_shim: (args) => {
      const data = new Directory(new Map([['file', new File(BYTES)]]))
      const streams = [0, 1, 2].map(() => new OpenFile(new File([])))
      const root = new PreopenDirectory('/', new Map([['data', data]]))
      const wasi = new ShimWasi(args, [], [...streams, root], { debug: false })
      const imports = { wasi_snapshot_preview1: wasi.wasiImport }
      return wasi.start(new WebAssembly.Instance(module, imports))
    },
  }
  const local = Object.entries(runs).map(([name, run]) => [name, { local: true, run }])
  return Object.fromEntries(local)
}

/** @wasmer/sdk: one sandbox, a new process for each run. Undefined where it does not start. */
async function openWasmer(notes) {
  try {
    const wasmer = await new Wasmer().ready()
    const guest = await wasmer.packages.load(readFileSync(GUEST))
    const sandbox = await wasmer.sandboxes.create({ packages: [guest] })
    await sandbox.fs.writeFile(`${WORKSPACE}/file`, BYTES)
    const run = async ([, operation, times]) => {
      const command = sandbox.command(guest.command('main'), [operation, times, WORKSPACE])
      return (await command.run({ check: false })).exitCode
    }
    const code = await run(['syscalls', 'open', '1'])
    if (code !== 0) throw new Error(`the guest exits ${code}`)
    return { run, close: () => wasmer.close() }
  } catch (error) {
    notes.push(`@wasmer/sdk is left out: ${error.message}`)
    return undefined
  }
}

/** CPU and wall ms of one run. */
async function timed(run, args) {
  const [cpu, wall] = [threadCpuMs(), performance.now()]
  const code = await run(args)
  const took = { cpu: threadCpuMs() - cpu, wall: performance.now() - wall }
  if (typeof code === 'number' && code !== 0) throw new Error(`${args.join(' ')} exited ${code}`)
  return took
}

async function measured(peers, operation, { rounds, count }) {
  // See node-wasi.mjs. Not before each run: V8 forgets code that no run between two collections used.
  collector()()
  const cases = Object.entries(peers).flatMap(([peer, { run }]) =>
    [0, count].map((times) => [
      `${peer} x ${times}`,
      () => timed(run, ['syscalls', operation, String(times), '/data']),
    ]),
  )
  // The first round compiles and is not looked at.
  const samples = await interleaved(Object.fromEntries(cases), rounds + 1)
  const each = (peer, clock) => {
    const best = (times) => least(samples[`${peer} x ${times}`].slice(1).map((took) => took[clock]))
    return ((best(count) - best(0)) / count) * 1e6
  }
  return { samples, each }
}

/** Rows of one operation: ours, the peers' and the ratios. */
function rowsOf({ title, goal }, peers, each) {
  const clocksOf = ({ local }) => (local ? ['cpu', 'wall'] : ['wall'])
  const rows = ([name, peer]) =>
    clocksOf(peer).map((clock) => ({
      name: `${title}: ${name}, ${clock}`,
      value: each(name, clock),
      unit: 'ns',
    }))
  const [own, ...others] = Object.entries(peers)
  return {
    figures: rows(own),
    baselines: others.flatMap(rows),
    ratios: others.map(([name, peer]) => {
      const [clock] = clocksOf(peer)
      return {
        name: `${title} over ${name}, ${clock}`,
        value: each(own[0], clock) / each(name, clock),
        ...(name === 'node:wasi' && goal && { goal }),
      }
    }),
  }
}

export async function run({ quick }) {
  const notes = []
  return await withDirectory(async (directory) => {
    const peers = localPeers(directory)
    const wasmer = await openWasmer(notes)
    if (wasmer !== undefined) peers['@wasmer/sdk'] = { local: false, run: wasmer.run }
    try {
      const result = { figures: [], baselines: [], ratios: [], samples: {}, notes }
      for (const [operation, row] of Object.entries(OPERATIONS)) {
        const { each, samples } = await measured(peers, operation, quick ? QUICK : FULL)
        const rows = rowsOf(row, peers, each)
        for (const kind of Object.keys(rows)) result[kind].push(...rows[kind])
        result.samples[operation] = samples
      }
      return result
    } finally {
      await wasmer?.close()
    }
  })
}
