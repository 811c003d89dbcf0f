import type { DecodedModule } from '../decode/module.ts'
import {
  initInPieces,
  inManyPieces,
  inPieces,
  memoryCopy,
  memoryFill,
  memoryInit,
  tableCopy,
  tableFill,
  tableInit,
} from './bulk.ts'
import { Code } from './code.ts'
import type { Layout, SupportName } from './layout.ts'
import { OP, VOID } from './op.ts'
import { FUNCREF, I32, I64, type Signature, twinOf } from './signature.ts'

export const HOOK = { refill: 0, grow: 1, tableGrow: 2 } as const
export const HOOKS = 3

const REFILL: Signature = { params: [], results: [] }
const GROW: Signature = { params: [I32, I32], results: [I32] }
const BULK: Signature = { params: [I32, I32, I32], results: [] }

interface Context {
  readonly module: DecodedModule
  readonly layout: Layout
}

/** A support function: its type, and its code without the last `end`. */
interface Row {
  readonly signature: (context: Context, index: number) => Signature
  readonly write: (code: Code, layout: Layout, first: number, second: number) => void
  /** An i32 local behind the parameters: the piece in hand. */
  readonly hasPiece?: boolean
}

const elementOf = (module: DecodedModule, table: number): number =>
  module.tables[table]?.element ?? FUNCREF

const guestType = ({ layout }: Context, index: number): Signature =>
  layout.types[layout.typeOf[index] ?? -1] ?? REFILL

function callHook(code: Code, layout: Layout, hook: number, signature: Signature): void {
  code.i32(hook).byte(OP.callIndirect).u32(layout.type(signature)).u32(layout.hookTable)
}

function growMemory(code: Code, layout: Layout): void {
  code.get(0).op(OP.i32Eqz, OP.if, VOID, 0x3f, 0, OP.return, OP.end)
  code.op(0x3f, 0).get(0)
  callHook(code, layout, HOOK.grow, GROW)
  code.op(OP.if, I32).get(0).op(0x40, 0, OP.else).i32(-1).byte(OP.end)
}

function growTable(code: Code, layout: Layout, table: number): void {
  code.get(1).op(OP.i32Eqz, OP.if, VOID).bulk(16, table).op(OP.return, OP.end)
  code.bulk(16, table).get(1)
  callHook(code, layout, HOOK.tableGrow, GROW)
  code.op(OP.if, I32).get(0).get(1).bulk(15, table).byte(OP.else).i32(-1).byte(OP.end)
}

/** (fuel, units, local, bound, local's way in a strip, units of a strip) -> (fuel, limit) */
const STRIP: Signature = { params: [I64, I64, I32, I32, I32, I64], results: [I64, I32] }

/** All trips are paid back; then as many are paid for as one strip has, or as are left. */
function strip(code: Code, layout: Layout): void {
  const [fuel, units, local, bound, way, least] = [0, 1, 2, 3, 4, 5]
  code.get(fuel).get(units).byte(OP.i64Add).set(fuel)
  code.get(fuel).get(least).op(OP.i64LtS, OP.if, VOID)
  code.get(fuel).call(layout.support('refill value')).set(fuel).byte(OP.end)
  code.get(units).get(least).op(OP.i64GtU, OP.if, VOID)
  code.get(fuel).get(least).byte(OP.i64Sub).get(local).get(way).op(OP.i32Add, OP.return, OP.end)
  code.get(fuel).get(units).byte(OP.i64Sub).get(bound)
}

function refillValue(code: Code, layout: Layout): void {
  code.get(0).globalSet(layout.fuelGlobal)
  callHook(code, layout, HOOK.refill, REFILL)
  code.globalGet(layout.fuelGlobal)
}

const paramsOf = (layout: Layout, index: number): number =>
  layout.types[layout.typeOf[index] ?? -1]?.params.length ?? 0

function pushParams(code: Code, layout: Layout, index: number): void {
  for (let param = 0; param < paramsOf(layout, index); param += 1) code.get(param)
}

function outer(code: Code, layout: Layout, index: number): void {
  pushParams(code, layout, index)
  code.globalGet(layout.fuelGlobal).call(index).globalSet(layout.fuelGlobal)
}

function inner(code: Code, layout: Layout, index: number): void {
  code.get(paramsOf(layout, index)).globalSet(layout.fuelGlobal)
  pushParams(code, layout, index)
  code.call(index).globalGet(layout.fuelGlobal)
}

const constant = (signature: Signature) => (): Signature => signature

const ROWS: Readonly<Record<string, Row>> = {
  refill: {
    signature: constant(REFILL),
    write: (code, layout) => callHook(code, layout, HOOK.refill, REFILL),
  },
  'refill value': { signature: constant({ params: [I64], results: [I64] }), write: refillValue },
  strip: { signature: constant(STRIP), write: strip },
  grow: { signature: constant({ params: [I32], results: [I32] }), write: growMemory },
  'table.grow': {
    signature: ({ module }, table) => ({ params: [elementOf(module, table), I32], results: [I32] }),
    write: growTable,
  },
  fill: {
    signature: constant(BULK),
    hasPiece: true,
    write: (code, layout) => inManyPieces(code, layout, memoryFill),
  },
  copy: {
    signature: constant(BULK),
    hasPiece: true,
    write: (code, layout) => inManyPieces(code, layout, memoryCopy),
  },
  init: {
    signature: constant(BULK),
    hasPiece: true,
    write: (code, layout, segment) => initInPieces(code, layout, memoryInit(segment)),
  },
  'table.fill': {
    signature: ({ module }, table) => ({
      params: [I32, elementOf(module, table), I32],
      results: [],
    }),
    hasPiece: true,
    write: (code, layout, table) => inPieces(code, layout, tableFill(table)),
  },
  'table.copy': {
    signature: constant(BULK),
    hasPiece: true,
    write: (code, layout, to, from) => inPieces(code, layout, tableCopy(to, from)),
  },
  'table.init': {
    signature: constant(BULK),
    hasPiece: true,
    write: (code, layout, segment, table) => initInPieces(code, layout, tableInit(segment, table)),
  },
  outer: { signature: guestType, write: outer },
  inner: { signature: (context, index) => twinOf(guestType(context, index)), write: inner },
}

/** `refill value` has no indices, and so its whole name is its row. */
function rowOf(name: SupportName): { readonly row: Row; readonly indices: readonly number[] } {
  const whole = ROWS[name]
  if (whole !== undefined) return { row: whole, indices: [] }
  const [kind = '', ...indices] = name.split(' ')
  const row = ROWS[kind]
  if (row === undefined) throw new TypeError(`no support function ${name}`)
  return { row, indices: indices.map(Number) }
}

export interface SupportFunction {
  readonly signature: Signature
  /** Its declarations, code and last `end`. */
  readonly body: Code
}

/** Writes one support function. May ask the layout for more of them. */
export function supportFunction(
  name: SupportName,
  module: DecodedModule,
  layout: Layout,
): SupportFunction {
  const {
    row,
    indices: [first = 0, second = 0],
  } = rowOf(name)
  const body = new Code(row.hasPiece === true ? 256 : 32)
  if (row.hasPiece === true) body.u32(1).u32(1).byte(I32)
  else body.u32(0)
  row.write(body, layout, first, second)
  body.byte(OP.end)
  return { signature: row.signature({ module, layout }, first), body }
}
