/** `.debug_line` as a compiler writes it, from the rows it stands for. */
const uleb = (value: number): number[] =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...uleb(Math.floor(value / 0x80))]
const sleb = (value: number): number[] => {
  const low = value & 0x7f
  const rest = value >> 7
  const last = (rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40)
  return last ? [low] : [low | 0x80, ...sleb(rest)]
}
const fixed = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, place) => Math.floor(value / 2 ** (8 * place)) % 256)
const text = (words: string): number[] => [...Buffer.from(words), 0]

export interface Row {
  /** Bytes of code since the row before, or from the start of the sequence. */
  readonly after: number
  /** Index in `files`. */
  readonly file: number
  readonly line: number
}

export interface Sequence {
  readonly start: number
  readonly rows: readonly Row[]
  /** Bytes of code from the last row to the end. */
  readonly last: number
}

export interface Unit {
  readonly version: number
  readonly files: readonly string[]
  readonly sequences: readonly Sequence[]
}

const LINE_BASE = -5
const LINE_RANGE = 14
const OPCODE_BASE = 13
const OPERANDS = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]

/** Directories and files, as the versions before 5 have them: the first file is 1. */
const oldTables = (files: readonly string[]): number[] => [
  ...text('a directory'),
  ...text(''),
  ...files.flatMap((file) => [...text(file), 1, ...uleb(300), ...uleb(70_000)]),
  ...text(''),
]

const [PATH, DIRECTORY, DIGEST] = [1, 2, 5]
const [IN_PLACE, IN_TEXTS, NUMBER, BYTES] = [0x08, 0x1f, 0x0b, 0x1e]

/** Of version 5: directories with their text in place, files with it in `.debug_line_str`; the first is 0. */
const newTables = (offsets: readonly number[]): number[] => [
  ...[1, PATH, IN_PLACE, 1, ...text('/a/directory')],
  ...[3, PATH, IN_TEXTS, DIRECTORY, NUMBER, DIGEST, BYTES],
  ...uleb(offsets.length),
  ...offsets.flatMap((offset) => [...fixed(offset, 4), 0, ...Array.from({ length: 16 }, () => 7)]),
]

function rowsOf({ start, rows, last }: Sequence, firstFile: number): number[] {
  const out = [0, 5, 2, ...fixed(start, 4)]
  let [line, file] = [1, 1]
  for (const [index, row] of rows.entries()) {
    const number = row.file + firstFile
    if (number !== file) out.push(4, ...uleb(number))
    file = number
    const special = row.line - line - LINE_BASE + LINE_RANGE * row.after + OPCODE_BASE
    const fits = row.line - line >= LINE_BASE && row.line - line < LINE_BASE + LINE_RANGE
    // Columns and marks say nothing of lines.
    out.push(5, ...uleb(index + 1), 6, 10)
    if (fits && special <= 255) out.push(special)
    else if (index % 2 === 0) out.push(2, ...uleb(row.after), 3, ...sleb(row.line - line), 1)
    else out.push(9, ...fixed(row.after, 2), 3, ...sleb(row.line - line), 1)
    line = row.line
  }
  return [...out, 2, ...uleb(last), 0, 1, 1]
}

/** @param offsets - of the files' names in `.debug_line_str`. */
function unitOf({ version, files, sequences }: Unit, offsets: readonly number[]): number[] {
  const isNew = version >= 5
  const header = [
    ...[1, ...(version >= 4 ? [1] : []), 1, LINE_BASE & 0xff, LINE_RANGE, OPCODE_BASE],
    ...OPERANDS,
    ...(isNew ? newTables(offsets) : oldTables(files)),
  ]
  const program = sequences.flatMap((sequence) => rowsOf(sequence, isNew ? 0 : 1))
  const unit = [
    ...[...fixed(version, 2), ...(isNew ? [4, 0] : [])],
    ...[...fixed(header.length, 4), ...header, ...program],
  ]
  return [...fixed(unit.length, 4), ...unit]
}

export interface DebugSections {
  readonly programs: Uint8Array
  readonly texts: Uint8Array
}

/** Both sections of a module. */
export function debugSections(units: readonly Unit[]): DebugSections {
  const texts: number[] = []
  const programs = units.flatMap((unit) => {
    const offsets = unit.files.map((file) => texts.push(...text(file)) - file.length - 1)
    return unitOf(unit, offsets)
  })
  return { programs: Uint8Array.from(programs), texts: Uint8Array.from(texts) }
}

/** As `findLine` takes them. */
export const packed = ({ programs, texts }: DebugSections): Uint8Array =>
  Uint8Array.from([...uleb(programs.length), ...programs, ...texts])

/** As custom sections behind a module. */
export function withDebugSections(module: Uint8Array, sections: DebugSections): Uint8Array {
  const custom = (name: string, content: Uint8Array): number[] => {
    const header = [name.length, ...Buffer.from(name)]
    return [0, ...uleb(header.length + content.length), ...header, ...content]
  }
  const { programs, texts } = sections
  return Uint8Array.from([
    ...[...module, ...custom('.debug_line', programs), ...custom('.debug_line_str', texts)],
  ])
}
