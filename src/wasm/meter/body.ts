import { assignCharges } from './credits.ts'
import type { Event, FunctionEvents } from './events.ts'
import type { Layout, SupportName } from './layout.ts'
import type { Writer } from './writer.ts'

const OP = {
  if: 0x04,
  end: 0x0b,
  br: 0x0c,
  call: 0x10,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i64Const: 0x42,
  i64LtS: 0x53,
  i64Sub: 0x7d,
} as const
const VOID = 0x40
const I64 = 0x7e

/** Support function of each routed instruction, by its name and immediates. */
const SUPPORT_OF: Readonly<Record<string, (immediates: readonly number[]) => SupportName>> = {
  'memory.grow': () => 'grow',
  'memory.fill': () => 'fill',
  'memory.copy': () => 'copy',
  'memory.init': ([segment = 0]) => `init ${segment}`,
  'table.grow': ([table = 0]) => `table.grow ${table}`,
  'table.fill': ([table = 0]) => `table.fill ${table}`,
  'table.copy': ([to = 0, from = 0]) => `table.copy ${to} ${from}`,
  'table.init': ([segment = 0, table = 0]) => `table.init ${segment} ${table}`,
}

/**
 * Rewrites one body. With loops the fuel is held in a local, written back to the global wherever
 * control may leave the function; without them, or where an exception may land in the middle
 * (try_table), it stays in the global.
 */
class BodyRewriter {
  readonly #out: Writer
  readonly #layout: Layout
  readonly #local: number | undefined

  constructor(out: Writer, layout: Layout, local: number | undefined) {
    this.#out = out
    this.#layout = layout
    this.#local = local
  }

  #pushFuel(): void {
    if (this.#local === undefined) this.#out.byte(OP.globalGet).u32(this.#layout.fuelGlobal)
    else this.#out.byte(OP.localGet).u32(this.#local)
  }

  /** The global takes what the local holds. */
  spill(): void {
    if (this.#local === undefined) return
    this.#out.byte(OP.localGet).u32(this.#local)
    this.#out.byte(OP.globalSet).u32(this.#layout.fuelGlobal)
  }

  /** The local takes what the global holds. */
  reload(): void {
    if (this.#local === undefined) return
    this.#out.byte(OP.globalGet).u32(this.#layout.fuelGlobal)
    this.#out.byte(OP.localSet).u32(this.#local)
  }

  charge(units: number): void {
    if (units === 0) return
    this.#pushFuel()
    this.#out.byte(OP.i64Const).signed(units).byte(OP.i64Sub)
    if (this.#local === undefined) this.#out.byte(OP.globalSet).u32(this.#layout.fuelGlobal)
    else this.#out.byte(OP.localSet).u32(this.#local)
  }

  /** Asks the host for more when the fuel is below zero. Charge first, then check. */
  check(): void {
    this.#pushFuel()
    this.#out.byte(OP.i64Const).signed(0).byte(OP.i64LtS).byte(OP.if).byte(VOID)
    this.spill()
    this.#out.byte(OP.call).u32(this.#layout.support('refill'))
    this.reload()
    this.#out.byte(OP.end)
  }

  event(event: Event, source: Uint8Array): void {
    const { opcode, at, next } = event
    if (opcode.class === 'routed') {
      this.#routed(event)
      return
    }
    if (opcode.class === 'br-if' && event.chargeTaken !== 0) {
      this.#chargedBranch(event)
      return
    }
    if (LEAVES.has(opcode.class) || event.leaves) this.spill()
    this.#out.range(source, at, next)
    if (opcode.class === 'call' || opcode.class === 'catch') this.reload()
    this.charge(event.chargeAfter)
    if (opcode.class === 'loop') this.check()
  }

  #routed(event: Event): void {
    const support = SUPPORT_OF[event.opcode.name]
    if (support === undefined) return
    this.spill()
    this.#out.byte(OP.call).u32(this.#layout.support(support(event.immediates)))
    this.reload()
  }

  /** `br_if t` whose taken edge pays: `if; charge; br t+1; end`. */
  #chargedBranch(event: Event): void {
    this.#out.byte(OP.if).byte(VOID)
    this.charge(event.chargeTaken)
    this.#out
      .byte(OP.br)
      .u32((event.immediates[0] ?? 0) + 1)
      .byte(OP.end)
  }
}

/** After these the function may be left, or other code may look at the global. */
const LEAVES: ReadonlySet<string> = new Set(['call', 'tail-call', 'return', 'throw', 'unreachable'])

/** The original declarations, with one more group of one i64 at their end. */
function declarations(out: Writer, source: Uint8Array, from: number, codeAt: number): void {
  let at = from
  let groups = 0
  for (let shift = 0; ; shift += 7) {
    const byte = source[at] ?? 0
    at += 1
    groups += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  out
    .u32(groups + 1)
    .range(source, at, codeAt)
    .u32(1)
    .byte(I64)
}

/**
 * Writes the metered form of one body, from its declarations to its last `end`.
 *
 * @param from - where the body's bytes begin in `source`.
 */
export function rewriteBody(
  decoded: FunctionEvents,
  source: Uint8Array,
  from: number,
  layout: Layout,
  out: Writer,
): void {
  const entry = assignCharges(decoded.events)
  const local = decoded.hasLoop && !decoded.hasTryTable ? decoded.locals : undefined
  const rewriter = new BodyRewriter(out, layout, local)
  if (local === undefined) out.range(source, from, decoded.codeAt)
  else declarations(out, source, from, decoded.codeAt)
  rewriter.reload()
  rewriter.charge(entry)
  rewriter.check()
  let at = decoded.codeAt
  for (const event of decoded.events) {
    out.range(source, at, event.at)
    rewriter.event(event, source)
    at = event.next
  }
}
