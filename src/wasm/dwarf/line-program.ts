import type { LineHeader } from './line-header.ts'
import { address, type DebugReader } from './reader.ts'

/** A row of the table that a line program stands for: from this address on, this is the place. */
export interface LineRow {
  readonly address: number
  /** Index in the tables of the header. */
  readonly file: number
  readonly line: number
}

/** Rows that follow each other. @returns false to stop. */
export type VisitRows = (row: LineRow, next: LineRow) => boolean

/** Opcodes. @source DWARF version 5, 6.2.5.2 and 6.2.5.3 */
const STANDARD = {
  extended: 0,
  copy: 1,
  advanceAddress: 2,
  advanceLine: 3,
  setFile: 4,
  setColumn: 5,
  addConstant: 8,
  addFixed: 9,
} as const
const EXTENDED = { endSequence: 1, setAddress: 2 } as const
const LARGEST_OPCODE = 255

/** What a linker leaves in place of the address of code that it threw away: 0, or near the top. */
const FIRST_DEAD = 2 ** 32 - 2
const isDead = (start: number): boolean => start === 0 || start >= FIRST_DEAD

const FIRST: LineRow = { address: 0, file: 1, line: 1 }

/** The machine that a line program runs on, as far as places in wasm need it. */
class LineMachine {
  readonly #header: LineHeader
  readonly #visit: VisitRows
  #address = FIRST.address
  #file = FIRST.file
  #line = FIRST.line
  #last: LineRow | undefined
  #dead = true

  constructor(header: LineHeader, visit: VisitRows) {
    this.#header = header
    this.#visit = visit
  }

  /** Executes one instruction. @returns false to stop. */
  step(program: DebugReader): boolean {
    const { opcodeBase, lineBase, lineRange, operands } = this.#header
    const opcode = program.byte()
    if (opcode >= opcodeBase) {
      const adjusted = opcode - opcodeBase
      this.#advance(Math.floor(adjusted / lineRange))
      this.#line += lineBase + (adjusted % lineRange)
      return this.#row()
    }
    switch (opcode) {
      case STANDARD.extended:
        return this.#extended(program.piece(program.unsigned()))
      case STANDARD.copy:
        return this.#row()
      case STANDARD.advanceAddress:
        this.#advance(program.unsigned())
        break
      case STANDARD.advanceLine:
        this.#line += program.signed()
        break
      case STANDARD.setFile:
        this.#file = program.unsigned()
        break
      case STANDARD.addConstant:
        this.#advance(Math.floor((LARGEST_OPCODE - opcodeBase) / lineRange))
        break
      case STANDARD.addFixed:
        this.#address = address(this.#address + program.fixed(2))
        break
      default:
        // Columns, marks of the debugger, and what later versions may add.
        for (let left = operands[opcode - 1] ?? 0; left > 0; left -= 1) program.unsigned()
    }
    return true
  }

  #advance(steps: number): void {
    this.#address = address(this.#address + steps * this.#header.step)
  }

  #extended(instruction: DebugReader): boolean {
    if (instruction.done) return true
    switch (instruction.byte()) {
      case EXTENDED.endSequence:
        return this.#endSequence()
      case EXTENDED.setAddress:
        this.#address = address(instruction.fixed(instruction.end - instruction.at))
        if (this.#last === undefined) this.#dead = isDead(this.#address)
        break
      default:
    }
    return true
  }

  /** A sequence without a row before its end says nothing. */
  #row(): boolean {
    const row = { address: this.#address, file: this.#file, line: this.#line }
    const last = this.#last
    this.#last = row
    return last === undefined || this.#dead || this.#visit(last, row)
  }

  #endSequence(): boolean {
    const goesOn = this.#row()
    this.#address = FIRST.address
    this.#file = FIRST.file
    this.#line = FIRST.line
    this.#last = undefined
    this.#dead = true
    return goesOn
  }
}

/**
 * Runs a line program and shows its rows in twos. Each takes at least a byte of the program, and
 * none is kept.
 *
 * @throws EngineError: it is cut short.
 * @returns false when `visit` stopped it.
 */
export function runLineProgram(
  program: DebugReader,
  header: LineHeader,
  visit: VisitRows,
): boolean {
  const machine = new LineMachine(header, visit)
  while (!program.done) if (!machine.step(program)) return false
  return true
}
