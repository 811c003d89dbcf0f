import { EngineError } from '../../contract/errors.ts'
import { fileName, type LineHeader, lineHeader } from './line-header.ts'
import { type LineRow, runLineProgram } from './line-program.ts'
import { DebugReader } from './reader.ts'

/** A place in the text that a module was compiled from. */
export interface SourceLine {
  /** A file's name without its directories, as the guest's author wrote it: not to be printed as it is. */
  readonly file: string
  readonly line: number
}

/** One of several addresses, and its place. */
export interface FoundLine extends SourceLine {
  /** Which of the addresses. */
  readonly which: number
}

/** No text is longer; what is past it is not a line. */
const MOST_LINE = 2 ** 31

/** Looks for the row that holds the first of some addresses. */
class Search {
  readonly #addresses: readonly number[]
  #which: number
  #row: LineRow | undefined

  constructor(addresses: readonly number[]) {
    this.#addresses = addresses
    this.#which = addresses.length
  }

  /** Of the addresses, the first that was found so far. */
  get which(): number {
    return this.#which
  }

  /** The row of a better one that was found since the last time this was asked. */
  takeRow(): LineRow | undefined {
    const row = this.#row
    this.#row = undefined
    return row
  }

  /** @returns false when no better one can come. */
  visit(row: LineRow, next: LineRow): boolean {
    // Line 0 is code that stands for no line.
    if (row.line < 1 || row.line > MOST_LINE) return true
    for (let index = 0; index < this.#which; index += 1) {
      const at = this.#addresses[index] ?? -1
      if (row.address > at || at >= next.address) continue
      this.#which = index
      this.#row = row
    }
    return this.#which > 0
  }
}

function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    return undefined
  }
}

/**
 * The place of the first of some addresses that has one. Lines are the guest's: what is malformed
 * counts as absent, and a unit of them does not hide another.
 *
 * @param packed - from `debugLines`.
 * @param addresses - in bytes from the start of the code section's content. Few: each is compared
 *   with each row.
 * @source DWARF version 5, 6.2; WebAssembly tool conventions, "Dwarf", for what an address is
 */
export function findLine(packed: Uint8Array, addresses: readonly number[]): FoundLine | undefined {
  const reader = new DebugReader(packed)
  const programs = reader.piece(reader.u32())
  const texts = new DebugReader(packed.subarray(reader.at))
  const search = new Search(addresses)
  let found: FoundLine | undefined
  while (!programs.done && search.which > 0) {
    const unit = unlessMalformed(() => programs.unit())
    if (unit === undefined) break
    found = inUnit(unit, texts, search) ?? found
  }
  return found
}

/** The header of a unit whose program was run: as far as it goes, where it is cut short. */
function searched(unit: DebugReader, search: Search): LineHeader | undefined {
  const header = unlessMalformed(() => lineHeader(unit))
  if (header === undefined) return undefined
  unlessMalformed(() => runLineProgram(unit, header, (row, next) => search.visit(row, next)))
  return header
}

/** The same in one unit: undefined where what was found before is not bettered. */
function inUnit(unit: DebugReader, texts: DebugReader, search: Search): FoundLine | undefined {
  const header = searched(unit, search)
  const row = search.takeRow()
  if (header === undefined || row === undefined) return undefined
  const file = unlessMalformed(() => fileName(header, texts, row.file))
  return file === undefined || file === ''
    ? undefined
    : { which: search.which, file, line: row.line }
}
