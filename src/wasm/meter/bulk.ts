import { WEIGHTS } from '../decode/weights.ts'
import type { Code } from './code.ts'
import type { Layout } from './layout.ts'
import { OP, VOID } from './op.ts'

/** Bytes one step of a bulk operation handles: `terminate()` cannot stop anything longer. */
const CHUNK_BYTES = 65_536
const CHUNK_ENTRIES = 8_192
/** Locals of every bulk function: its three parameters, and the piece in hand. */
const FIRST = 0
const SECOND = 1
const COUNT = 2
const PIECE = 3

type Write = (code: Code) => void

/** A bulk operation of (first, second, count). */
export interface Bulk {
  /** The operation itself, from what is on the stack. */
  readonly operate: Write
  /** Pushes the size of the destination, in its own units, as an i64. */
  readonly size: Write
  /** Pushes the size of the source; undefined where the second parameter is a value. */
  readonly sourceSize: Write | undefined
  readonly chunk: number
  /** Fuel of a byte or an entry. */
  readonly units: number
  /** Source and destination are one space: a destination above the source goes backwards. */
  readonly overlaps: boolean
}

const memorySize: Write = (code) => code.op(0x3f, 0, OP.i64ExtendI32U).i64(16).byte(OP.i64Shl)
const tableSize =
  (table: number): Write =>
  (code) =>
    code.bulk(16, table).byte(OP.i64ExtendI32U)

const BYTES = {
  ...{ size: memorySize, sourceSize: undefined, overlaps: false },
  ...{ chunk: CHUNK_BYTES, units: WEIGHTS.bulkByte },
}
const entries = (table: number) => ({
  ...BYTES,
  ...{ size: tableSize(table), chunk: CHUNK_ENTRIES, units: WEIGHTS.bulkEntry },
})

export const memoryFill: Bulk = { ...BYTES, operate: (code) => code.bulk(11, 0) }
export const memoryCopy: Bulk = {
  ...BYTES,
  sourceSize: memorySize,
  overlaps: true,
  operate: (code) => code.bulk(10, 0, 0),
}
export const memoryInit = (segment: number): Bulk => ({
  ...BYTES,
  operate: (code) => code.bulk(8, segment, 0),
})
export const tableFill = (table: number): Bulk => ({
  ...entries(table),
  operate: (code) => code.bulk(17, table),
})
export const tableCopy = (to: number, from: number): Bulk => ({
  ...entries(to),
  sourceSize: tableSize(from),
  overlaps: to === from,
  operate: (code) => code.bulk(14, to, from),
})
export const tableInit = (segment: number, table: number): Bulk => ({
  ...entries(table),
  operate: (code) => code.bulk(12, segment, table),
})

/** Pushes the fuel of as many bytes or entries as a local says, as an i64. */
export function pushUnits(code: Code, length: number, { units }: Bulk): Code {
  code.get(length).byte(OP.i64ExtendI32U)
  return units === 1 ? code : code.i64(units).byte(OP.i64Mul)
}

/** Charges for the piece that was done, and looks whether there is fuel left. */
function payFor(code: Code, layout: Layout, bulk: Bulk, length: number): void {
  const { fuelGlobal } = layout
  pushUnits(code.globalGet(fuelGlobal), length, bulk).byte(OP.i64Sub).globalSet(fuelGlobal)
  code.globalGet(fuelGlobal).i64(0).byte(OP.i64LtS).unlikelyIf()
  code.call(layout.support('refill')).byte(OP.end)
}

/** What lies past the end is done in one go, so that it traps before anything was written. */
function trapIfOutside(code: Code, bulk: Bulk, start: number, size: Write): void {
  code.get(start).byte(OP.i64ExtendI32U).get(COUNT).op(OP.i64ExtendI32U, OP.i64Add)
  size(code)
  code.byte(OP.i64GtU).unlikelyIf().get(FIRST).get(SECOND).get(COUNT)
  bulk.operate(code)
  code.op(OP.unreachable, OP.end)
}

/** The next piece: what is left, at most a chunk. */
function choosePiece(code: Code, { chunk }: Bulk): void {
  code.get(COUNT).i32(chunk).get(COUNT).i32(chunk).op(OP.i32LtU, OP.select).set(PIECE)
}

/** The last piece first. */
function fromTheEnd(code: Code, layout: Layout, bulk: Bulk): void {
  code.op(OP.loop, VOID)
  choosePiece(code, bulk)
  code.get(COUNT).get(PIECE).byte(OP.i32Sub).set(COUNT)
  code.get(FIRST).get(COUNT).byte(OP.i32Add)
  code.get(SECOND).get(COUNT).byte(OP.i32Add)
  code.get(PIECE)
  bulk.operate(code)
  payFor(code, layout, bulk, PIECE)
  code.get(COUNT).op(OP.brIf, 0, OP.end)
}

function fromTheStart(code: Code, layout: Layout, bulk: Bulk): void {
  code.op(OP.loop, VOID)
  choosePiece(code, bulk)
  code.get(FIRST).get(SECOND).get(PIECE)
  bulk.operate(code)
  code.get(FIRST).get(PIECE).byte(OP.i32Add).set(FIRST)
  if (bulk.sourceSize !== undefined) code.get(SECOND).get(PIECE).byte(OP.i32Add).set(SECOND)
  code.get(COUNT).get(PIECE).byte(OP.i32Sub).set(COUNT)
  payFor(code, layout, bulk, PIECE)
  code.get(COUNT).op(OP.brIf, 0, OP.end)
}

/** A fill or a copy, in pieces where it does not fit in one. */
export function inPieces(code: Code, layout: Layout, bulk: Bulk): void {
  code.get(COUNT).i32(bulk.chunk).op(OP.i32LeU, OP.if, VOID)
  code.get(FIRST).get(SECOND).get(COUNT)
  bulk.operate(code)
  payFor(code, layout, bulk, COUNT)
  code.op(OP.return, OP.end)
  inManyPieces(code, layout, bulk)
}

/**
 * A fill or a copy that does not fit in one piece. What would trap is done in one go: it traps before it
 * has written anything.
 */
export function inManyPieces(code: Code, layout: Layout, bulk: Bulk): void {
  trapIfOutside(code, bulk, FIRST, bulk.size)
  if (bulk.sourceSize !== undefined) trapIfOutside(code, bulk, SECOND, bulk.sourceSize)
  if (bulk.overlaps) {
    code.get(FIRST).get(SECOND).op(OP.i32GtU, OP.if, VOID)
    fromTheEnd(code, layout, bulk)
    code.op(OP.return, OP.end)
  }
  fromTheStart(code, layout, bulk)
}

/**
 * A segment's length cannot be asked for in wasm, so an init goes piece by piece from the end: a
 * segment that is too short traps at once, before anything was written.
 */
export function initInPieces(code: Code, layout: Layout, bulk: Bulk): void {
  trapIfOutside(code, bulk, FIRST, bulk.size)
  fromTheEnd(code, layout, bulk)
}
