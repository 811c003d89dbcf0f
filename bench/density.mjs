// Memory of many containers at once: resident bytes for each that is idle (blocked in a read) and each
// that runs (spins), at 1, 50 and 200, in a process of its own. Against one node process for each
// guest, the same module on node:wasi.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median } from './statistics.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const GUEST = fileURLToPath(new URL('../guests/build/endless.wasm', import.meta.url))
const FULL = { counts: [1, 50, 200], processes: 5 }
const QUICK = { counts: [1, 2], processes: 1 }
const MIB = 1 << 20

/** Resident bytes that are only this process's, where the platform tells; else all resident ones. */
function residentOf(pid) {
  if (process.platform === 'linux') {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const own = [...rollup.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB/gm)]
    return own.reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0)
  }
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) * 1024
}

const child = (script, args) =>
  spawn(process.execPath, ['--no-warnings', `${HERE}${script}`, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })

async function ended(child) {
  child.stdin.end()
  if (child.exitCode === null) await once(child, 'exit')
}

/** Resident bytes of a host with none, then with each of `counts` containers. */
async function containers(pattern, counts) {
  const host = child('density-host.mjs', [GUEST, pattern])
  const bytes = []
  for (const count of [0, ...counts]) {
    host.stdin.write(`${count}\n`)
    await once(host.stdout, 'data')
    bytes.push(residentOf(host.pid))
  }
  await ended(host)
  return bytes
}

async function processes(count) {
  const children = []
  for (let at = 0; at < count; at += 1) {
    const started = child('density-process.mjs', [GUEST])
    await once(started.stdout, 'data')
    children.push(started)
  }
  const bytes = children.map(({ pid }) => residentOf(pid))
  await Promise.all(children.map(ended))
  return bytes
}

export async function run({ quick }) {
  const { counts, processes: peers } = quick ? QUICK : FULL
  const samples = {
    idle: await containers('reading', counts),
    running: await containers('counted', counts),
    process: await processes(peers),
  }
  const each = (state, index) => (samples[state][index + 1] - samples[state][0]) / counts[index]
  const process = median(samples.process)
  const mib = (name, bytes) => ({ name, value: bytes / MIB, unit: 'MiB' })
  return {
    figures: ['idle', 'running'].flatMap((state) => [
      mib(`${state}: the host alone`, samples[state][0]),
      ...counts.map((count, index) =>
        mib(`${state}: each of ${count} containers`, each(state, index)),
      ),
    ]),
    baselines: [mib('a node process for each guest, idle', process)],
    ratios: ['idle', 'running'].map((state) => ({
      name: `${state}, each of ${counts.at(-1)}, over a process for each`,
      value: each(state, counts.length - 1) / process,
    })),
    samples,
    notes: [
      'Linux: private resident bytes; elsewhere all resident ones. The host itself is taken off.',
    ],
  }
}
