// What a bench answers, and how it is printed.
//
// A bench answers rows: `figures` are ours, `baselines` the peers' of the same run, both { name, value,
// unit }; `ratios` are { name, value, unit, goal }: no unit for a plain ratio, goal { atMost } or
// { atLeast } where an issue sets one; `samples` keeps every raw value by name; `notes` are sentences. A bench of many rows adds a
// `table` { title, columns, rows } that a person reads instead of figures and baselines, and marks
// ratios that stand in it as `detail`.
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

const load = () => loadavg().map((value) => Number(value.toFixed(2)))

/** Everything about the machine that a reader of the figures must know. */
export function machineBefore() {
  return {
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    date: new Date().toISOString(),
    load: { before: load(), after: [] },
  }
}

export const machineAfter = (machine) => ({
  ...machine,
  load: { before: machine.load.before, after: load() },
})

export const met = (value, goal) =>
  goal.atMost === undefined ? value >= goal.atLeast : value <= goal.atMost

const judged = (row) => (row.goal === undefined ? row : { ...row, met: met(row.value, row.goal) })

/** The one object of `--json`. */
export function objectOf(name, { table: _, notes = [], ...result }, machine) {
  return { name, ...result, ratios: result.ratios.map(judged), notes, machine }
}

/** Four digits that count. */
const digits = (value) =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))

/** Rows of cells as lines, every column as wide as its widest cell. */
function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  )
}

const section = (title, rows) => (rows.length === 0 ? [] : ['', title, ...aligned(rows)])

const amounts = (rows) => rows.map(({ name, value, unit }) => [name, digits(value), unit])

function goalCells({ value, goal }) {
  if (goal === undefined) return ['', '']
  const wanted = goal.atMost === undefined ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`
  return [`goal ${wanted}`, met(value, goal) ? 'met' : 'MISSED']
}

/** The same for a person. */
export function textOf(name, { figures, baselines, ratios, table, notes = [] }, machine) {
  const { before, after } = machine.load
  const amountsOrTable = table
    ? section(table.title, [table.columns, ...table.rows])
    : [...section('figures', amounts(figures)), ...section('peers, same run', amounts(baselines))]
  return [
    `${name}: node ${machine.node} (V8 ${machine.v8}), ${machine.platform}, ${machine.cpu}`,
    `${machine.cores} cores, load ${before[0]} before, ${after[0]} after, ${machine.date}`,
    ...amountsOrTable,
    ...section(
      'ratios',
      ratios
        .filter(({ detail }) => !detail)
        .map((row) => [row.name, `${digits(row.value)}${row.unit ?? 'x'}`, ...goalCells(row)]),
    ),
    ...notes.map((note, index) => (index === 0 ? `\n${note}` : note)),
  ].join('\n')
}
