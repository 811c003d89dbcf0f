// How long one more process in a running container takes, from its start to its end, by what the
// container's first process does meanwhile, beside a plain start of the same program in a container of
// its own. They take turns, block by block: on a busy machine only the ratios say something.
import { createInProcessCell } from '../dist/cell/in-process-cell.js'
import { built, directory } from './guest-root.mjs'
import { specOf } from './inline-guest.mjs'
import { median, quantile } from './statistics.mjs'
import { withDirectory } from './with-directory.mjs'

const FULL = { blocks: 8, warm: 60, runs: 60, bytes: 2 ** 22 }
const QUICK = { blocks: 1, warm: 1, runs: 2, bytes: 2 ** 16 }
const SLOTS = 8

const FILES = [directory('/')]
const GUEST = specOf(['guest'])
const SILENT = { stdin: undefined, stdout: () => undefined, stderr: () => undefined }

/** Input that never comes and never ends. */
const silence = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }

/** What the first process does. */
const LEADERS = {
  'PID 1 asleep': { args: ['guest', 'asleep'], stdin: silence },
  'PID 1 computing': { args: ['guest', 'counted'], stdin: silence },
}

async function prepared(cell) {
  const [endless, hello, streams] = await Promise.all(
    ['endless', 'hello-world', 'streams'].map((name) =>
      cell.prepareModule({ kind: 'host-file', path: built(name) }),
    ),
  )
  const root = await cell.prepareRoot('bench', async () => FILES)
  return { endless, hello, streams, root }
}

/** Starts a container, and answers when its first process has said something. */
async function lead(cell, { endless, root }, { args, stdin }) {
  let hear
  const heard = new Promise((resolve) => {
    hear = resolve
  })
  const guest = { ...GUEST, args }
  const process = cell.start({
    ...SILENT,
    module: endless,
    root,
    guest,
    stdin,
    stdout: () => hear(),
  })
  await heard
  return process
}

const execOf = (module, args = ['guest'], stdin = undefined) => {
  const { environment, workingDirectory, user } = GUEST
  return { ...SILENT, module, stdin, exec: { args, environment, workingDirectory, user } }
}

async function timed(times, job) {
  const from = performance.now()
  const { exitCode } = await job().ended
  times.push(performance.now() - from)
  if (exitCode !== 0) throw new Error(`a run exited ${exitCode}`)
}

/** The peers: name → one run of hello, or of a copy of so many bytes. */
async function peersOf(cell, parts, bytes) {
  const { hello, streams, root } = parts
  const input = new Uint8Array(bytes)
  const start = (module, args, stdin) =>
    cell.start({ ...SILENT, module, root, stdin, guest: { ...GUEST, args } })
  const peers = {
    'start hello': () => start(hello, ['guest']),
    'start copy': () => start(streams, ['guest', 'copy'], input),
  }
  for (const [name, leader] of Object.entries(LEADERS)) {
    const process = await lead(cell, parts, leader)
    peers[`exec hello, ${name}`] = () => process.exec(execOf(hello))
    peers[`exec copy, ${name}`] = () => process.exec(execOf(streams, ['guest', 'copy'], input))
  }
  return peers
}

async function measured(cell, { blocks, warm, runs, bytes }) {
  const peers = await peersOf(cell, await prepared(cell), bytes)
  const samples = {}
  for (const [name, job] of Object.entries(peers)) {
    samples[name] = []
    for (let turn = 0; turn < warm; turn += 1) await timed([], job)
  }
  for (let block = 0; block < blocks; block += 1) {
    for (const [name, job] of Object.entries(peers)) {
      const many = name.includes('copy') ? Math.ceil(runs / 20) : runs
      for (let turn = 0; turn < many; turn += 1) await timed(samples[name], job)
    }
  }
  return samples
}

const rowsOf = (samples, names) =>
  names.flatMap((name) => [
    { name: `${name}: p50`, value: median(samples[name]), unit: 'ms' },
    { name: `${name}: p99`, value: quantile(samples[name], 0.99), unit: 'ms' },
  ])

export async function run({ quick }) {
  return await withDirectory(async (dataDirectory) => {
    const cell = createInProcessCell({ dataDirectory, slots: SLOTS })
    try {
      const samples = await measured(cell, quick ? QUICK : FULL)
      const names = Object.keys(samples)
      const execs = names.filter((name) => name.startsWith('exec'))
      const peerOf = (name) => `start ${name.includes('copy') ? 'copy' : 'hello'}`
      return {
        figures: rowsOf(samples, execs),
        baselines: rowsOf(
          samples,
          names.filter((name) => name.startsWith('start')),
        ),
        ratios: execs.map((name) => ({
          name: `p50 of ${name} over ${peerOf(name)}`,
          value: median(samples[name]) / median(samples[peerOf(name)]),
        })),
        samples,
        notes: ['Wall time: on a busy machine only the ratios say something.'],
      }
    } finally {
      await cell[Symbol.asyncDispose]()
    }
  })
}
