import type { DecodedModule } from '../decode/module.ts'
import type { Layout, SupportName } from './layout.ts'
import { Writer } from './writer.ts'

export const HOOK = { refill: 0, grow: 1, tableGrow: 2 } as const
export const HOOKS = 3

const I32 = 0x7f
const VOID = 0x40
/** Bytes one step of a bulk operation handles: `terminate()` cannot stop anything longer. */
const CHUNK_BYTES = 65_536
const CHUNK_ENTRIES = 8_192
/** A bulk operation costs one unit for each eight bytes or entries. */
const UNIT_SHIFT = 3

/** What a support function takes and gives. Table values have the type of the table. */
export interface Signature {
  readonly params: readonly number[]
  readonly results: readonly number[]
}

const indices = (name: SupportName): readonly number[] => name.split(' ').slice(1).map(Number)

const elementOf = (module: DecodedModule, table: number): number =>
  module.tables[table]?.element ?? 0x70

export function signatureOf(name: SupportName, module: DecodedModule): Signature {
  const [kind] = name.split(' ')
  const [table = 0] = indices(name)
  if (kind === 'refill') return { params: [], results: [] }
  if (kind === 'grow') return { params: [I32], results: [I32] }
  if (kind === 'table.grow') return { params: [elementOf(module, table), I32], results: [I32] }
  if (kind === 'table.fill') return { params: [I32, elementOf(module, table), I32], results: [] }
  return { params: [I32, I32, I32], results: [] }
}

/** Instructions used below, as one writes them down. */
class Assembler {
  readonly out = new Writer(256)

  op(...bytes: number[]): this {
    this.out.all(bytes)
    return this
  }
  get(local: number): this {
    this.out.byte(0x20).u32(local)
    return this
  }
  set(local: number): this {
    this.out.byte(0x21).u32(local)
    return this
  }
  i32(value: number): this {
    this.out.byte(0x41).signed(value)
    return this
  }
  i64(value: number): this {
    this.out.byte(0x42).signed(value)
    return this
  }
  fuel(layout: Layout): this {
    this.out.byte(0x23).u32(layout.fuelGlobal)
    return this
  }
  setFuel(layout: Layout): this {
    this.out.byte(0x24).u32(layout.fuelGlobal)
    return this
  }
  callHook(layout: Layout, hook: number, type: number): this {
    this.i32(hook)
    this.out.byte(0x11).u32(type).u32(layout.hookTable)
    return this
  }
  /** An opcode of the 0xfc family and its immediates. */
  bulk(number: number, ...immediates: number[]): this {
    this.out.byte(0xfc).u32(number)
    for (const immediate of immediates) this.out.u32(immediate)
    return this
  }
}

const IF = 0x04
const ELSE = 0x05
const END = 0x0b
const LOOP = 0x03
const BR_IF = 0x0d
const RETURN = 0x0f
const CALL = 0x10
const SELECT = 0x1b
const UNREACHABLE = 0x00
const I32_EQZ = 0x45
const I32_LT_U = 0x49
const I32_GT_U = 0x4b
const I32_LE_U = 0x4d
const I64_LT_S = 0x53
const I64_GT_U = 0x56
const I32_ADD = 0x6a
const I32_SUB = 0x6b
const I32_SHR_U = 0x76
const I64_ADD = 0x7c
const I64_SUB = 0x7d
const I64_SHL = 0x86
const EXTEND_U = 0xad

/** Charges `length >> 3` for the piece that was done, and looks whether there is fuel left. */
function payFor(code: Assembler, layout: Layout, length: number): void {
  code.fuel(layout).get(length).i32(UNIT_SHIFT).op(I32_SHR_U, EXTEND_U, I64_SUB).setFuel(layout)
  code.fuel(layout).i64(0).op(I64_LT_S, IF, VOID)
  code.op(CALL).out.u32(layout.support('refill'))
  code.op(END)
}

interface Bulk {
  /** The operation itself, from what is on the stack. */
  readonly operate: (code: Assembler) => void
  /** Pushes the arguments of one piece: (first, second, count). */
  readonly first: number
  readonly second: number
  readonly count: number
  /** True when `second` is a position that moves along; false for a value that stays. */
  readonly secondMoves: boolean
  /** Size of the destination, in its own units, as an i64 on the stack. */
  readonly size: (code: Assembler) => void
  readonly chunk: number
  /** True for copies within one space: a destination above the source goes backwards. */
  readonly overlaps: boolean
}

/**
 * A bulk operation in pieces. An operation that would trap is done in one go, so that it traps
 * before it has written anything; any other piece by piece.
 */
function inPieces(code: Assembler, layout: Layout, bulk: Bulk): void {
  const { first, second, count, chunk } = bulk
  const piece = 3
  const one = (length: number): void => {
    code.get(first).get(second).get(length)
    bulk.operate(code)
  }
  // Small, or about to trap: one piece. Only the destination is looked at here; a source that is
  // too short is found by the first piece, which reads from its far end when it is the only check.
  code.get(count).i32(chunk).op(I32_LE_U, IF, VOID)
  one(count)
  payFor(code, layout, count)
  code.op(RETURN, END)
  const outside = (start: number): void => {
    code.get(start).op(EXTEND_U).get(count).op(EXTEND_U, I64_ADD)
    bulk.size(code)
    code.op(I64_GT_U)
  }
  outside(first)
  code.op(IF, VOID)
  one(count)
  code.op(UNREACHABLE, END)
  if (bulk.overlaps) {
    outside(second)
    code.op(IF, VOID)
    one(count)
    code.op(UNREACHABLE, END)
    backwards(code, layout, bulk, piece)
  }
  code.op(LOOP, VOID)
  code.get(count).i32(chunk).get(count).i32(chunk).op(I32_LT_U, SELECT).set(piece)
  one(piece)
  code.get(first).get(piece).op(I32_ADD).set(first)
  if (bulk.secondMoves) code.get(second).get(piece).op(I32_ADD).set(second)
  code.get(count).get(piece).op(I32_SUB).set(count)
  payFor(code, layout, piece)
  code.get(count).op(BR_IF, 0, END)
}

/** A copy to a higher place: the last piece first. */
function backwards(code: Assembler, layout: Layout, bulk: Bulk, piece: number): void {
  const { first, second, count, chunk } = bulk
  code.get(first).get(second).op(I32_GT_U, IF, VOID, LOOP, VOID)
  code.get(count).i32(chunk).get(count).i32(chunk).op(I32_LT_U, SELECT).set(piece)
  code.get(count).get(piece).op(I32_SUB).set(count)
  code.get(first).get(count).op(I32_ADD)
  code.get(second).get(count).op(I32_ADD)
  code.get(piece)
  bulk.operate(code)
  payFor(code, layout, piece)
  code.get(count).op(BR_IF, 0, END, RETURN, END)
}

const memorySize = (code: Assembler): void => {
  code.op(0x3f, 0, EXTEND_U).i64(16).op(I64_SHL)
}
const tableSize = (table: number) => (code: Assembler) => {
  code.bulk(16, table).op(EXTEND_U)
}

const SECOND_STAYS = { first: 0, second: 1, count: 2, secondMoves: false, overlaps: false } as const
const SECOND_MOVES = { first: 0, second: 1, count: 2, secondMoves: true, overlaps: true } as const

/**
 * A segment's length cannot be asked for in wasm, so an init is tried in one piece of at most a
 * chunk, and longer ones piece by piece from the end: a segment that is too short traps at once,
 * before anything was written.
 */
function segmentInit(code: Assembler, layout: Layout, bulk: Omit<Bulk, 'overlaps'>): void {
  const { first, second, count, chunk } = bulk
  const piece = 3
  code.get(first).op(EXTEND_U).get(count).op(EXTEND_U, I64_ADD)
  bulk.size(code)
  code.op(I64_GT_U, IF, VOID).get(first).get(second).get(count)
  bulk.operate(code)
  code.op(UNREACHABLE, END, LOOP, VOID)
  code.get(count).i32(chunk).get(count).i32(chunk).op(I32_LT_U, SELECT).set(piece)
  code.get(count).get(piece).op(I32_SUB).set(count)
  code.get(first).get(count).op(I32_ADD)
  code.get(second).get(count).op(I32_ADD)
  code.get(piece)
  bulk.operate(code)
  payFor(code, layout, piece)
  code.get(count).op(BR_IF, 0, END)
}

function growMemory(code: Assembler, layout: Layout): void {
  code.get(0).op(I32_EQZ, IF, VOID, 0x3f, 0, RETURN, END)
  code
    .op(0x3f, 0)
    .get(0)
    .callHook(layout, HOOK.grow, layout.firstType + 1)
  code.op(IF, I32).get(0).op(0x40, 0, ELSE).i32(-1).op(END)
}

function growTable(code: Assembler, layout: Layout, table: number): void {
  code.get(1).op(I32_EQZ, IF, VOID).bulk(16, table).op(RETURN, END)
  code
    .bulk(16, table)
    .get(1)
    .callHook(layout, HOOK.tableGrow, layout.firstType + 1)
  code.op(IF, I32).get(0).get(1).bulk(15, table).op(ELSE).i32(-1).op(END)
}

function write(code: Assembler, layout: Layout, name: SupportName): void {
  const [kind] = name.split(' ')
  const [a = 0, b = 0] = indices(name)
  const bytes = { size: memorySize, chunk: CHUNK_BYTES }
  const entries = { size: tableSize(a), chunk: CHUNK_ENTRIES }
  if (kind === 'refill') code.callHook(layout, HOOK.refill, layout.firstType)
  else if (kind === 'grow') growMemory(code, layout)
  else if (kind === 'table.grow') growTable(code, layout, a)
  else if (kind === 'fill') {
    inPieces(code, layout, { ...SECOND_STAYS, ...bytes, operate: (c) => c.bulk(11, 0) })
  } else if (kind === 'copy') {
    inPieces(code, layout, { ...SECOND_MOVES, ...bytes, operate: (c) => c.bulk(10, 0, 0) })
  } else if (kind === 'init') {
    segmentInit(code, layout, { ...SECOND_MOVES, ...bytes, operate: (c) => c.bulk(8, a, 0) })
  } else if (kind === 'table.fill') {
    inPieces(code, layout, { ...SECOND_STAYS, ...entries, operate: (c) => c.bulk(17, a) })
  } else if (kind === 'table.copy') tableCopy(code, layout, a, b)
  else {
    const size = tableSize(b)
    const operate = (c: Assembler): void => void c.bulk(12, a, b)
    segmentInit(code, layout, { ...SECOND_MOVES, ...entries, size, operate })
  }
}

/** Tables hold at most the admitted number of entries: one piece, paid for, is short enough. */
function tableCopy(code: Assembler, layout: Layout, to: number, from: number): void {
  code.get(0).get(1).get(2).bulk(14, to, from)
  payFor(code, layout, 2)
}

/** The body of one support function: its declarations, code and last `end`. */
export function supportBody(name: SupportName, layout: Layout): Writer {
  const code = new Assembler()
  // One i32 beside the parameters: the piece in hand.
  if (name === 'refill' || name === 'grow') code.out.u32(0)
  else code.out.u32(1).u32(1).byte(I32)
  write(code, layout, name)
  code.op(END)
  return code.out
}
