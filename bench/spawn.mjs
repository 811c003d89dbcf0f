// How long a process that a process starts takes, from posix_spawn to the end of waitpid, and what is made
// of such processes: loops and pipelines of the shell, an exec, the end of a fork bomb. Beside it the same
// source, compiled for this machine, and dash do the same with the machine's own programs. They take turns,
// block by block.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createInProcessCell } from '../dist/cell/in-process-cell.js'
import { prepared, program, userland } from './guest-root.mjs'
import { specOf } from './inline-guest.mjs'
import { median, quantile } from './statistics.mjs'
import { withDirectory } from './with-directory.mjs'

const FULL = { blocks: 6, warm: 30, spawns: 100, shells: 6, loop: 40, execs: 30, bombs: 3 }
const QUICK = { blocks: 1, warm: 2, spawns: 3, shells: 2, loop: 2, execs: 2, bombs: 1 }
const SLOTS = 16
/** Processes of a container that is full of a bomb. */
const BOMB = 12
const COMPILER = process.env.CC ?? 'gcc'

const SOURCE = fileURLToPath(new URL('../guests/bench/spawns/main.c', import.meta.url))

const files = () => [
  ...userland('sh', 'true', 'cat'),
  program('/bin/spawns', 'spawns'),
  program('/p', 'hostile-processes'),
]

const loopOf = (count) => `i=0; while [ $i -lt ${count} ]; do /bin/true; i=$((i+1)); done`
const pipelineOf = (count) =>
  `i=0; while [ $i -lt ${count} ]; do /bin/true | /bin/cat | /bin/cat; i=$((i+1)); done`

/** What is measured in both worlds: a command, how often, and how many of what is named are in one. */
const cases = ({ spawns, shells, loop }) => ({
  'spawn and wait of true': { count: spawns, each: 1, command: ['/bin/true'] },
  'true in a loop of sh': { count: shells, each: loop, command: ['/bin/sh', '-c', loopOf(loop)] },
  'a pipeline of three in sh': {
    count: shells,
    each: loop / 2,
    command: ['/bin/sh', '-c', pipelineOf(loop / 2)],
  },
})

/** Milliseconds of each, of what `spawns` printed. */
const samplesOf = (text, each) =>
  text
    .trim()
    .split('\n')
    .map((line) => Number(line) / 1_000 / each)

const GUESTS = ['spawns', 'userland', 'endless', 'hostile-processes']

/** Input that never comes and never ends. */
const silence = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }
const environment = ['PATH=/bin']

function begin(cell, { root }, module, args, spec = {}) {
  let text = ''
  let hear
  const heard = new Promise((resolve) => {
    hear = resolve
  })
  const process = cell.start({
    module,
    root,
    guest: { ...specOf(args, spec), environment },
    stdin: silence,
    stdout: (piece) => {
      text += Buffer.from(piece)
      hear()
    },
    stderr: () => undefined,
  })
  return { process, heard, text: () => text }
}

async function inContainer(cell, parts, { count, each, command }) {
  const run = begin(cell, parts, parts.spawns, ['spawns', String(count), ...command])
  const { exitCode, message } = await run.process.ended
  if (exitCode !== 0) throw new Error(`spawns ${command} exited ${exitCode}: ${message}`)
  return samplesOf(run.text(), each)
}

function onMachine(binary, { count, each, command: [first, ...rest] }) {
  const name = first === '/bin/sh' ? 'dash' : first
  const text = execFileSync(binary, [String(count), name, ...rest], {
    stdio: ['ignore', 'pipe', 2],
  })
  return samplesOf(String(text), each)
}

/** One more process of a container whose PID 1 waits, or computes. */
async function execOf(cell, parts, args) {
  const { process, heard } = begin(cell, parts, parts.endless, ['guest', ...args])
  await heard
  const exec = { args: ['true'], environment, workingDirectory: '/', user: '' }
  const quiet = { stdin: undefined, stdout: () => undefined, stderr: () => undefined }
  const job = { ...quiet, module: parts.userland, exec, program: '/bin/userland' }
  return async () => {
    const from = performance.now()
    const { exitCode } = await process.exec(job).ended
    if (exitCode !== 0) throw new Error(`true exited ${exitCode}`)
    return performance.now() - from
  }
}

/** From the kill of a container that is full to the end of its last process. */
async function bombRemoved(cell, parts) {
  const { process, heard } = begin(cell, parts, parts['hostile-processes'], ['/p', 'bomb'], {
    limits: { pids: BOMB },
  })
  await heard
  const from = performance.now()
  process.kill('killed')
  await process.ended
  while (cell.inUse().slots > 2) await new Promise(setImmediate)
  return performance.now() - from
}

async function measured(cell, binary, sizes) {
  const parts = await prepared(cell, GUESTS, files())
  const measures = {}
  for (const [name, one] of Object.entries(cases(sizes))) {
    measures[name] = () => inContainer(cell, parts, one)
    measures[`${name}, this machine`] = () => onMachine(binary, one)
    await inContainer(cell, parts, { ...one, count: Math.min(one.count, sizes.warm) })
  }
  for (const [name, args] of Object.entries({ asleep: ['asleep'], computing: ['counted'] })) {
    const exec = await execOf(cell, parts, args)
    measures[`exec of true, PID 1 ${name}`] = async () => {
      const times = []
      for (let turn = 0; turn < sizes.execs; turn += 1) times.push(await exec())
      return times
    }
  }
  measures['removal of a fork bomb'] = async () => {
    const times = []
    for (let turn = 0; turn < sizes.bombs; turn += 1) times.push(await bombRemoved(cell, parts))
    return times
  }
  const samples = Object.fromEntries(Object.keys(measures).map((name) => [name, []]))
  for (let block = 0; block < sizes.blocks; block += 1) {
    for (const [name, measure] of Object.entries(measures)) samples[name].push(...(await measure()))
  }
  return samples
}

const isPeer = (name) => name.endsWith(', this machine')
const GOALS = {
  'spawn and wait of true': 3,
  'exec of true, PID 1 asleep': 30,
  'exec of true, PID 1 computing': 60,
  'removal of a fork bomb': 1_000,
}

const rowsOf = (samples, wanted) =>
  Object.entries(samples)
    .filter(([name]) => wanted(name))
    .flatMap(([name, times]) => [
      { name: `${name}: p50`, value: median(times), unit: 'ms' },
      { name: `${name}: p99`, value: quantile(times, 0.99), unit: 'ms' },
    ])

const bounded = (samples) =>
  Object.entries(GOALS).map(([name, atMost]) => ({
    name: `p50 of ${name}`,
    value: median(samples[name]),
    unit: ' ms',
    goal: { atMost },
  }))
const compared = (samples) =>
  Object.keys(samples)
    .filter(isPeer)
    .map((peer) => {
      const name = peer.slice(0, peer.lastIndexOf(', '))
      const value = median(samples[name]) / median(samples[peer])
      return { name: `p50 of ${name} over this machine's`, value }
    })

export async function run({ quick }) {
  return await withDirectory(async (dataDirectory) => {
    const binary = join(dataDirectory, 'spawns')
    execFileSync(COMPILER, ['-O2', '-D_GNU_SOURCE', SOURCE, '-o', binary])
    const cell = createInProcessCell({ dataDirectory, slots: SLOTS })
    try {
      const samples = await measured(cell, binary, quick ? QUICK : FULL)
      return {
        figures: rowsOf(samples, (name) => !isPeer(name)),
        baselines: rowsOf(samples, isPeer),
        ratios: [...bounded(samples), ...compared(samples)],
        samples,
        notes: [
          'Wall time of threads that work together: on a busy machine only the ratios say something.',
          `The bomb has ${BOMB} processes. Loops and pipelines: per turn, p99 over whole shells.`,
        ],
      }
    } finally {
      await cell[Symbol.asyncDispose]()
    }
  })
}
