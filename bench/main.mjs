// The one entry of all benches:
//
//   npm run bench                        lists them
//   npm run bench -- NAME [--json] [--quick] [options of that bench]
//
// Every bench runs its peers in the same run: absolute times drift with the machine, ratios much less.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { machineAfter, machineBefore, objectOf, textOf } from './report.mjs'
import { UsageError } from './usage-error.mjs'

/**
 * Every bench: what it measures, the guests it runs, and the options only it takes. `NAME.mjs` beside
 * this file exports run(options).
 */
const BENCHES = {
  job: {
    purpose: 'latency and throughput of a hello job, against spawning programs and pools',
    guests: ['hello-world'],
  },
  syscalls: {
    purpose: 'system calls of a C guest, against node:wasi, browser_wasi_shim and @wasmer/sdk',
    guests: ['syscalls'],
  },
  container: {
    purpose: 'making a container over an image of 3,000 files, against copying the tree',
    guests: [],
  },
  ring: {
    purpose: 'bytes between threads by ring and piece size, against MessagePort',
    guests: [],
  },
  pipe: {
    purpose: 'bytes between processes through pipes that are lent to them, against the kernel',
    guests: ['pipes', 'userland'],
  },
  kill: {
    purpose: 'from a kill to the freed slot, by what the guest does, against terminate()',
    guests: ['endless', /^hostile/],
    options: { kills: { type: 'string' }, only: { type: 'string' } },
  },
  looks: {
    purpose: 'the longest CPU time between two looks at a kill, by what the guest does',
    guests: ['endless', /^hostile/],
    options: { looks: { type: 'string' }, only: { type: 'string' } },
  },
  pause: {
    purpose: 'from a pause to stillness, by what the guest does; CPU used under a quota',
    guests: ['endless'],
    options: { pauses: { type: 'string' } },
  },
  exec: {
    purpose: 'one more process in a running container, against a container of its own',
    guests: ['endless', 'hello-world', 'streams'],
  },
  spawn: {
    purpose:
      'processes that processes start: spawn and wait, loops and pipelines of sh, against dash',
    guests: ['spawns', 'userland', 'endless', 'hostile-processes'],
  },
  density: {
    purpose: 'memory of 1, 50 and 200 containers, idle and running, against node processes',
    guests: ['endless'],
  },
  python: {
    purpose: "CPython's print(1), warm, in a container against node:wasi in CPU time",
    guests: [],
  },
  store: {
    purpose: 'creating containers on disk against in memory; opening and listing a thousand',
    guests: ['hello-world'],
  },
  'docker-run': {
    purpose: "docker run --rm by Docker's own client, against a daemon that does nothing; memory",
    guests: ['hello-world', 'endless'],
  },
  hostile: {
    purpose: 'hostile guests beside an honest neighbour',
    guests: [/^hostile/, 'hello-world', 'neighbour'],
    options: { only: { type: 'string' } },
  },
  metering: {
    purpose: 'what counting costs: 61 kernels and five real programs, metered against plain',
    guests: [/^kernel-/],
    options: {
      set: { type: 'string' },
      only: { type: 'string' },
      processes: { type: 'string' },
      rounds: { type: 'string' },
      node: { type: 'string' },
    },
  },
}

/** Options that say how many. */
const COUNTS = ['kills', 'looks', 'pauses', 'processes', 'rounds']
const COUNT = /^[1-9]\d{0,5}$/

const COMMON = { json: { type: 'boolean' }, quick: { type: 'boolean' } }

const moduleOf = (name) => new URL(`${name}.mjs`, import.meta.url)
const present = () => Object.entries(BENCHES).filter(([name]) => existsSync(moduleOf(name)))

function listing() {
  const width = Math.max(...present().map(([name]) => name.length))
  const flags = (options) => Object.keys(options).map((flag) => ` [--${flag} …]`)
  return [
    'npm run bench -- NAME [--json] [--quick]',
    '',
    ...present().map(
      ([name, { purpose, options = {} }]) =>
        `  ${name.padEnd(width)}  ${purpose}${flags(options).join('')}`,
    ),
    '',
    '--json   one object on one line: figures, baselines, ratios, machine, samples',
    '--quick  a few iterations: shows that a bench runs, its figures mean nothing',
  ].join('\n')
}

function parse(argv) {
  const [name, ...flags] = argv
  const row = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
  if (row === undefined || !existsSync(moduleOf(name))) {
    const known = present().map(([each]) => each)
    throw new UsageError(`no bench is called ${name}; there are ${known.join(', ')}`)
  }
  return { name, row, options: { json: false, quick: false, ...valuesOf(name, row, flags) } }
}

function valuesOf(name, { options = {} }, args) {
  let values
  try {
    ;({ values } = parseArgs({ args, options: { ...COMMON, ...options } }))
  } catch (error) {
    throw new UsageError(`${name}: ${error.message}`)
  }
  const wrong = COUNTS.find((count) => !COUNT.test(values[count] ?? '1'))
  if (wrong === undefined) return values
  throw new UsageError(`${name}: --${wrong} ${values[wrong]}: a whole number from 1 to 999999`)
}

const script = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Benches run what is built, so it is built first; nothing is done when nothing changed. */
async function build(guests) {
  const { guestsBelow } = await import('../guests/guest-list.mjs')
  const names = guestsBelow(script('guests'))
    .map(({ name }) => name)
    .filter((name) => guests.some((wanted) => name === wanted || wanted.test?.(name)))
  const builds = [[script('scripts/build.mjs')], [script('guests/build.mjs'), ...names]]
  for (const command of names.length > 0 ? builds : builds.slice(0, 1)) {
    // What a build says goes to stderr: stdout carries the result alone.
    const { status } = spawnSync(process.execPath, command, { stdio: ['ignore', 2, 2] })
    if (status !== 0) throw new Error(`${command[0]} failed: the bench would run an old build`)
  }
}

async function main(argv) {
  if (argv.length === 0) return listing()
  const { name, row, options } = parse(argv)
  await build(row.guests)
  const { run } = await import(moduleOf(name))
  const before = machineBefore()
  const result = await run(options)
  const machine = machineAfter(before)
  return options.json
    ? JSON.stringify(objectOf(name, result, machine))
    : textOf(name, result, machine)
}

try {
  process.stdout.write(`${await main(process.argv.slice(2))}\n`)
} catch (error) {
  const usage = error instanceof UsageError
  // What it had started holds the process: servers, cells.
  const end = () => process.exit(usage ? 2 : 1)
  process.stderr.write(`bench: ${usage ? error.message : error.stack}\n`, end)
}
