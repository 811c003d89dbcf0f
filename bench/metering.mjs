// What counting costs: each program plain and metered, in turn, in CPU time of the thread, warm and with
// the tiers of V8 that the product has. Plain twice: as Node compiles it, which is what somebody has who does
// without the product, and with the flags that the product gives V8, which is what counting alone costs.
// Several processes, because V8 inlines by what it counted while it was warmed up, and that differs. All
// forms answer the same checksum or the bench fails.
//
//   --set tuning|seen|unseen  one set of kernels, without the real programs
//   --only fib,vm,python      some kernels or programs
//   --processes N             how many processes measure each of them (3)
//   --rounds N                pairs in each process, of a kernel (20) and a program (5)
//   --node PATH|newest        another Node
//
// Without --set or --only it is everything but the unseen kernels.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flagsFor } from '../dist/cell/v8-flags.js'
import { meter } from '../dist/wasm/meter.js'
import { PROGRAMS, programFiles } from './programs.mjs'
import { geomean, least, median } from './statistics.mjs'
import { UsageError } from './usage-error.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const KERNELS = JSON.parse(readFileSync(join(HERE, 'kernels.json'), 'utf8'))
const SETS = ['tuning', 'seen', 'unseen']
/** Measured only when it is asked for: what every run shows soon has a part in decisions. */
const KEPT_BACK = 'unseen'
const NEWEST = join(HERE, '../scripts/newest-node.mjs')
/** `warm`: milliseconds of CPU that each form of a kernel gets before it is timed. */
const USUAL = { processes: 3, kernel: 20, program: 5, warm: 150 }
const QUICK = { processes: 1, kernel: 2, program: 1, warm: 0 }
/** Modules below this are rewritten before the pass itself is compiled: their speed says nothing. */
const SMALL = 1 << 20
/** One child's samples: every kernel, both forms, every round. */
const OUTPUT_BYTES = 64 << 20

/** What the product asks V8 for in a Node. */
const wantedFlags = (node) =>
  flagsFor(execFileSync(node, ['--print', 'process.versions.v8']).toString().trim())

const onlyNames = ({ only }) => only?.split(',')

function chosenKernels({ set, quick, ...options }) {
  const only = onlyNames(options)
  const known = [...KERNELS, ...PROGRAMS].map(({ name }) => name)
  const unknown = only?.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new UsageError(`metering: no kernel or program ${unknown}`)
  if (set !== undefined && !SETS.includes(set)) {
    throw new UsageError(`metering: no set ${set}: tuning, seen or unseen`)
  }
  const isOfSet = (kernel) =>
    set === undefined ? only !== undefined || kernel.set !== KEPT_BACK : kernel.set === set
  return KERNELS.filter((kernel) => isOfSet(kernel) && (only?.includes(kernel.name) ?? true)).map(
    (kernel) => ({ ...kernel, n: quick ? kernel.check.n : kernel.n }),
  )
}

async function chosenPrograms({ set, quick, ...options }) {
  const only = onlyNames(options)
  if (set !== undefined || (quick && only === undefined)) return []
  return await programFiles(only)
}

/** Meters a module and puts both forms where a child finds them. */
function prepared(directory, { module, ...rest }) {
  const original = readFileSync(module)
  const began = performance.now()
  const { bytes, manifest } = meter(original)
  const took = performance.now() - began
  const metered = join(directory, `${rest.name}.metered.wasm`)
  writeFileSync(metered, bytes)
  return {
    ...rest,
    plain: module,
    metered,
    manifest,
    growth: bytes.length / original.length,
    rewriteMBs: original.length < SMALL ? undefined : original.length / 1000 / took,
  }
}

/** Runs the rows in one child: name → { stock: ms[], plain: ms[], metered: ms[], fuel }. */
function measuredOnce(kind, job, { node }) {
  const child = join(HERE, `metering-${kind}.mjs`)
  const { status, signal, stdout } = spawnSync(node, ['--no-warnings', child, job], {
    maxBuffer: OUTPUT_BYTES,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0)
    throw new Error(`the child that measures ${kind} ended with ${signal ?? status}`)
  return JSON.parse(stdout.toString())
}

/** What several processes measured of one program. Its fuel may differ by the random numbers it got. */
function together(each) {
  const all = (form) => each.flatMap((one) => one[form])
  const forms = { stock: all('stock'), plain: all('plain'), metered: all('metered') }
  return { each, ...forms, fuel: each[0].fuel }
}

/** The same from several children, each of which runs all rows. */
function measured(kind, rows, { processes, rounds, warm, directory, ...child }) {
  if (rows.length === 0) return {}
  const job = join(directory, `${kind}.json`)
  writeFileSync(job, JSON.stringify({ rounds, warm, rows }))
  const each = Array.from({ length: processes }, () => measuredOnce(kind, job, child))
  const ofOne = (name) => each.map((samples) => samples[name])
  return Object.fromEntries(rows.map(({ name }) => [name, together(ofOne(name))]))
}

const pairs = ({ metered }, base) => metered.map((value, index) => value / base[index])
/** The machine may be quicker in one process than in another: least is compared inside of each. */
const overhead = ({ each }, base) => ({
  least: median(each.map((one) => least(one.metered) / least(one[base]))),
  median: median(each.flatMap((one) => pairs(one, one[base]))),
})

/** What metered is compared with. */
const BASES = {
  stock: 'over plain as Node compiles it',
  plain: 'over plain with the same flags',
}

/** With each of them, by each of what `overhead` answers. */
const COMPARISONS = Object.entries(BASES).flatMap(([base, words]) =>
  ['least', 'median'].map((by) => ({ base, words, by })),
)

function worst(rows, of) {
  return rows.reduce((a, b) => (of(a) >= of(b) ? a : b))
}

const GOALS = {
  geomean: { atMost: 1.03 },
  worst: { atMost: 1.15 },
  python: { atMost: 1.05 },
  quickjs: { atMost: 1.1 },
  leastFuel: { atLeast: 0.7 },
  mostFuel: { atMost: 1.3 },
}

function setRatios(set, rows) {
  return COMPARISONS.flatMap(({ base, words, by }) => {
    const of = (row) => row.over[base][by]
    const values = rows.map(of)
    const peak = worst(rows, of)
    const named = `${set}, ${words}`
    return [
      { name: `${named}: geomean of ${by}`, value: geomean(values), goal: GOALS.geomean },
      {
        name: `${named}: the same, speed-ups counted as none`,
        value: geomean(values.map((value) => Math.max(1, value))),
      },
      { name: `${named}: worst of ${by} (${peak.name})`, value: of(peak), goal: GOALS.worst },
    ]
  })
}

/** Of one kernel or program, against both. */
const ownRatios = (row, rest) =>
  COMPARISONS.map(({ base, words, by }) => ({
    ...{ name: `${row.name}, ${words}: ${by}`, value: row.over[base][by] },
    ...rest,
  }))

function kernelRatios(rows) {
  const sets = [...new Set(rows.map(({ set }) => set))]
  const whole = sets.flatMap((set) => {
    const members = rows.filter((row) => row.set === set)
    return members.length > 1 ? setRatios(set, members) : []
  })
  // In the table for a person, so not again among the ratios.
  return [...whole, ...rows.flatMap((row) => ownRatios(row, { detail: true }))]
}

/** Of each set, its kernels' units per ns over their median. */
const strayedBy = (rows) =>
  [...new Set(rows.map(({ set }) => set))].map((set) => {
    const members = rows.filter((row) => row.set === set)
    const middle = median(members.map(({ unitsPerNs }) => unitsPerNs))
    const strays = members.map(({ name, unitsPerNs }) => ({ name, by: unitsPerNs / middle }))
    return { set, members, strays: strays.sort((a, b) => a.by - b.by) }
  })

const isWithin = ({ by }) => by >= GOALS.leastFuel.atLeast && by <= GOALS.mostFuel.atMost

/** The kernels whose fuel does not follow time: below 1 they take longer than their fuel says. */
const fuelNotes = (rows) =>
  strayedBy(rows).map(({ set, strays }) => {
    const outside = strays.filter((stray) => !isWithin(stray))
    const names = outside.map(({ name, by }) => `${name} ${by.toFixed(2)}`).join(', ')
    return `${set}, units/ns over the median outside 0.7 to 1.3: ${names || 'none'}`
  })

/** How well fuel follows time: units per ns of a set's kernels against their median. */
function fuelRatios(rows) {
  return strayedBy(rows).flatMap(({ set, members, strays }) => {
    const [low, high] = [strays[0].by, strays.at(-1).by]
    const within = strays.filter(isWithin)
    return [
      { name: `${set}: units/ns over their median, least`, value: low, goal: GOALS.leastFuel },
      { name: `${set}: units/ns over their median, most`, value: high, goal: GOALS.mostFuel },
      { name: `${set}: kernels within 30 % of it`, value: within.length / members.length },
    ]
  })
}

const programRatios = (rows) => rows.flatMap((row) => ownRatios(row, { goal: GOALS[row.name] }))

const COLUMNS = [
  ...['', 'set', 'plain ms', 'least', 'median', 'same flags', 'median'],
  ...['units/ns', 'size', 'pass MB/s'],
]

const tableOf = (rows) => ({
  title: 'metered over plain as Node compiles it, and with the same flags; thread CPU time',
  columns: COLUMNS,
  rows: rows.map((row) => [
    row.name,
    row.set ?? 'program',
    row.plainMs.toFixed(2),
    ...COMPARISONS.map(({ base, by }) => row.over[base][by].toFixed(3)),
    row.unitsPerNs.toFixed(1),
    row.growth.toFixed(2),
    row.rewriteMBs?.toFixed(1) ?? '',
  ]),
})

const figuresOf = (row) => [
  { name: `${row.name}: metered, least`, value: row.meteredMs, unit: 'ms CPU' },
  { name: `${row.name}: fuel`, value: row.unitsPerNs, unit: 'units/ns plain' },
  { name: `${row.name}: size`, value: row.growth, unit: 'of the original' },
  ...(row.rewriteMBs === undefined
    ? []
    : [{ name: `${row.name}: rewriting`, value: row.rewriteMBs, unit: 'MB/s' }]),
]

/** Raw values, process after process. */
const rawOf = (samples) =>
  Object.fromEntries(
    Object.entries(samples).map(([name, { stock, plain, metered, fuel }]) => [
      name,
      { stock, plain, metered, fuel },
    ]),
  )

function judged(row, samples) {
  const plainMs = least(samples.plain)
  return {
    ...row,
    over: { stock: overhead(samples, 'stock'), plain: overhead(samples, 'plain') },
    plainMs,
    meteredMs: least(samples.metered),
    unitsPerNs: samples.fuel / plainMs / 1e6,
  }
}

function nodeOf({ node = process.execPath }) {
  if (node !== 'newest') return node
  return execFileSync(process.execPath, [NEWEST]).toString().trim()
}

export async function run(options) {
  const node = nodeOf(options)
  const flags = wantedFlags(node)
  const usual = options.quick ? QUICK : USUAL
  const rounds = (kind) => Number(options.rounds ?? usual[kind])
  const processes = Number(options.processes ?? usual.processes)
  const directory = mkdtempSync(join(tmpdir(), 'bench-'))
  const common = { node, directory, processes, warm: usual.warm }
  try {
    const kernels = chosenKernels(options).map(({ name, set, n }) =>
      prepared(directory, {
        name,
        set,
        n,
        module: join(HERE, `../guests/build/kernel-${name}.wasm`),
      }),
    )
    const programs = (await chosenPrograms(options)).map((row) => prepared(directory, row))
    const samples = measured('kernels', kernels, { ...common, rounds: rounds('kernel') })
    for (const [name, { each, fuel }] of Object.entries(samples)) {
      if (each.some((one) => one.fuel !== fuel)) throw new Error(`${name}: fuel differs`)
    }
    // Each in processes of its own: a large one changes how V8 compiles from then on.
    for (const program of programs) {
      const own = measured('programs', [program], { ...common, rounds: rounds('program') })
      Object.assign(samples, own)
    }
    const rows = (chosen) => chosen.map((row) => judged(row, samples[row.name]))
    const all = [...rows(kernels), ...rows(programs)]
    const version = execFileSync(node, ['--version']).toString().trim()
    return {
      figures: all.flatMap(figuresOf),
      baselines: all.map(({ name, plainMs }) => ({
        name: `${name}: plain, least`,
        value: plainMs,
        unit: 'ms CPU',
      })),
      ratios: [
        ...kernelRatios(rows(kernels)),
        ...fuelRatios(rows(kernels)),
        ...programRatios(rows(programs)),
      ],
      samples: rawOf(samples),
      table: tableOf(all),
      notes: [
        ...fuelNotes(rows(kernels)),
        `Measured in node ${version} with ${flags.join(' ')}, in ${processes} processes.`,
        'CPU time of the thread: the load of the machine disturbs it through caches only.',
      ],
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}
