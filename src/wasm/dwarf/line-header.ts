import { invalidModule } from '../decode/reader.ts'
import type { DebugReader } from './reader.ts'

/** What stands in front of a line program. */
export interface LineHeader {
  readonly version: number
  /** Bytes by which an address grows for each step of the program. */
  readonly step: number
  readonly lineBase: number
  readonly lineRange: number
  readonly opcodeBase: number
  /** Of each opcode below the base, from 1 on: how many numbers follow it. */
  readonly operands: readonly number[]
  /** The directories and the names of files. */
  readonly tables: DebugReader
}

/** From these to these versions the program itself is the same. */
const OLDEST = 2
const NEWEST = 5
/** From this one on, a step may hold several operations, and from the next one, tables say what they hold. */
const WITH_OPERATIONS = 4
const WITH_FORMATS = 5

/**
 * Reads the header of a unit; the reader is left where its program starts.
 *
 * @throws EngineError: it is not one of these versions, or cut short.
 * @source DWARF version 5, 6.2.4 "The Line Number Program Header"
 */
export function lineHeader(unit: DebugReader): LineHeader {
  const version = unit.fixed(2)
  if (version < OLDEST || version > NEWEST) throw invalidModule(`debug lines of version ${version}`)
  // Sizes of an address and of a segment's number.
  if (version >= WITH_FORMATS) unit.skip(2)
  const tables = unit.piece(unit.fixed(4))
  const step = tables.byte()
  // Operations in a step; whether a row is a statement if nothing is said.
  tables.skip(version >= WITH_OPERATIONS ? 2 : 1)
  const lineBase = tables.signedByte()
  const lineRange = tables.byte()
  const opcodeBase = tables.byte()
  if (lineRange === 0 || opcodeBase === 0) throw invalidModule('debug lines without a range')
  const operands = Array.from({ length: opcodeBase - 1 }, () => tables.byte())
  return { version, step, lineBase, lineRange, opcodeBase, operands, tables }
}

/** A value of an entry: passed over, or, where it can be a path, read. */
interface Form {
  readonly skip: (tables: DebugReader) => void
  readonly text?: (tables: DebugReader, texts: DebugReader) => string
}
const sized = (size: number): Form => ({ skip: (tables) => tables.skip(size) })

/** @source DWARF version 5, 7.5.6 */
const FORMS: ReadonlyMap<number, Form> = new Map([
  [0x05, sized(2)],
  [0x06, sized(4)],
  [0x07, sized(8)],
  [0x08, { skip: (tables) => void tables.text(), text: (tables) => tables.text() }],
  [0x09, { skip: (tables) => tables.skip(tables.unsigned()) }],
  [0x0b, sized(1)],
  [0x0d, { skip: (tables) => void tables.unsigned() }],
  // In .debug_str, which is not kept.
  [0x0e, sized(4)],
  [0x0f, { skip: (tables) => void tables.unsigned() }],
  [0x1e, sized(16)],
  [0x1f, { ...sized(4), text: (tables, texts) => texts.from(tables.fixed(4)).text() }],
])
const PATH = 1

interface Field {
  readonly content: number
  readonly form: Form
}

function fieldsOf(tables: DebugReader): readonly Field[] {
  return Array.from({ length: tables.byte() }, () => {
    const content = tables.unsigned()
    const number = tables.unsigned()
    const form = FORMS.get(number)
    if (form === undefined) throw invalidModule(`debug lines with values of form ${number}`)
    return { content, form }
  })
}

/**
 * The path of entry `wanted` of a table that says itself what its entries hold. Only this one is read:
 * many entries may share a long text.
 */
function pathIn(tables: DebugReader, texts: DebugReader, wanted: number): string | undefined {
  const fields = fieldsOf(tables)
  const count = tables.count('debug entries', Number.POSITIVE_INFINITY)
  let path: string | undefined
  for (let index = 0; index < count; index += 1) {
    for (const { content, form } of fields) {
      const isPath = index === wanted && content === PATH && path === undefined
      if (isPath && form.text !== undefined) path = form.text(tables, texts)
      else form.skip(tables)
    }
  }
  return path
}

const NO_ENTRY = -1

/** Before version 5: texts, each file's followed by three numbers, up to an empty one. */
function oldPath(tables: DebugReader, wanted: number): string | undefined {
  while (tables.text() !== '');
  for (let index = 1; ; index += 1) {
    const path = tables.text()
    if (path === '') return undefined
    if (index === wanted) return path
    for (let left = 3; left > 0; left -= 1) tables.unsigned()
  }
}

/**
 * The name of a file, without its directories; undefined where the tables have none.
 *
 * @param texts - `.debug_line_str`.
 * @throws EngineError: the tables are cut short, or hold what we cannot read.
 * @source DWARF version 5, 6.2.4.1 and appendix D.5.1 for the versions before
 */
export function fileName(
  { version, tables }: LineHeader,
  texts: DebugReader,
  file: number,
): string | undefined {
  if (version < WITH_FORMATS) return lastPart(oldPath(tables, file))
  pathIn(tables, texts, NO_ENTRY)
  return lastPart(pathIn(tables, texts, file))
}

const lastPart = (path: string | undefined): string | undefined =>
  path?.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
