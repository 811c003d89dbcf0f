import { type Bulk, memoryCopy, memoryFill, pushUnits } from './bulk.ts'
import type { Code } from './code.ts'
import { COMPARE, type CountedLoop } from './count.ts'
import { assignCharges } from './credits.ts'
import {
  type Event,
  type Frame,
  type FunctionEvents,
  type GoingRound,
  LoopFrame,
  type Strips,
} from './frames.ts'
import type { FuelForm } from './fuel-form.ts'
import { GlobalForm } from './global-form.ts'
import type { Layout, SupportName } from './layout.ts'
import { OP, VOID } from './op.ts'
import { PassForm } from './pass-form.ts'
import { PlainCopier } from './plain-copier.ts'
import { I32 } from './signature.ts'
import type { Writer } from './writer.ts'

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

/** These are done where they stand when one piece is enough. */
const IN_PLACE: ReadonlyMap<string, Bulk> = new Map([
  ['memory.fill', memoryFill],
  ['memory.copy', memoryCopy],
])

/** Of a loop whose branches back pay for the next trip. */
const roundOf = (frame: Frame | undefined): GoingRound | undefined =>
  frame instanceof LoopFrame && frame.plan.kind === 'going-round' ? frame.plan : undefined

/**
 * Bytes of a loop that is written twice: how it begins is a large part of it then. Only in functions of few
 * loops, for the sake of the limits on the output.
 */
const MOST_TWICE = 300
const MOST_LOOPS = 64

/** Rewrites the events of one body; where the fuel is, its form knows. */
class BodyRewriter {
  readonly #code: Code
  readonly #layout: Layout
  readonly #form: FuelForm
  readonly #source: Uint8Array
  readonly #events: readonly Event[]
  readonly #loops: number
  readonly #plain: PlainCopier
  /** How far the original is rewritten. */
  #at: number
  /** The loop in hand, of those that are written twice. */
  #inHand: { readonly frame: Frame; readonly way: 'strips' | 'whole' } | undefined

  constructor(
    code: Code,
    layout: Layout,
    form: FuelForm,
    source: Uint8Array,
    { events, codeAt, loops }: FunctionEvents,
    plain: PlainCopier,
  ) {
    this.#code = code
    this.#layout = layout
    this.#form = form
    this.#source = source
    this.#events = events
    this.#loops = loops
    this.#at = codeAt
    this.#plain = plain
  }

  write(): void {
    this.#range(0, this.#events.length)
  }

  /** Events from an index to another. */
  #range(from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const event = this.#events[index]
      if (event === undefined) return
      const end = this.#endOfTwice(event, index)
      if (end === undefined) this.#next(event)
      else {
        this.#twice(event, index, end)
        index = end
      }
    }
  }

  /** What stands in front of an event, and the event. */
  #next(event: Event): void {
    const bound = this.#boundBefore(event)
    if (bound !== undefined) {
      this.#plain.range(this.#at, bound.from)
      this.#form.pushLimit?.()
      this.#at = bound.to
    }
    this.#plain.range(this.#at, event.at)
    if (bound !== undefined && bound.from === bound.to) this.#code.byte(COMPARE.ne)
    this.#event(event)
    this.#at = event.next
  }

  /** Where a loop ends that `header` begins, if it is written twice. */
  #endOfTwice({ opcode, frame, next }: Event, index: number): number | undefined {
    if (opcode.class !== 'loop' || this.#isInHand(frame) || this.#loops > MOST_LOOPS)
      return undefined
    if (this.#stripsOf(frame) === undefined) return undefined
    for (let end = index + 1; ; end += 1) {
      const event = this.#events[end]
      if (event === undefined || event.at - next > MOST_TWICE) return undefined
      if (event.opcode.class === 'end' && event.frame === frame) return end
    }
  }

  /** In strips, for when there is not fuel for all of its trips, and as it is. */
  #twice(header: Event, from: number, end: number): void {
    const strips = this.#stripsOf(header.frame)
    if (strips === undefined) return
    this.#plain.range(this.#at, header.at)
    this.#form.openChoice?.(strips)
    for (const way of ['strips', 'whole'] as const) {
      this.#inHand = { frame: header.frame, way }
      this.#at = header.at
      this.#range(from, end + 1)
      this.#code.byte(way === 'strips' ? OP.else : OP.end)
    }
    this.#inHand = undefined
  }

  #event(event: Event): void {
    switch (event.opcode.class) {
      case 'routed':
        this.#routed(event)
        break
      case 'reference':
        this.#reference(event)
        break
      case 'call':
        this.#form.call(event)
        break
      case 'tail-call':
        this.#form.tailCall(event)
        return
      case 'return':
        this.#form.leave(event)
        return
      case 'throw':
      case 'unreachable':
        this.#form.spill()
        this.#copy(event)
        return
      case 'catch':
        this.#copy(event)
        this.#form.reload()
        break
      case 'loop':
        this.#loop(event)
        return
      case 'end':
      case 'delegate':
        this.#end(event)
        return
      case 'br':
      case 'br-if':
      case 'br-table':
        this.#branch(event)
        return
      case 'block':
      case 'else':
      case 'if':
      case 'plain':
      case 'try':
      case 'try-table':
        this.#copy(event)
    }
    this.#settle(event)
  }

  /** What the backward pass put behind an event. */
  #settle({ chargeAfter, checkAfter }: Event): void {
    if (checkAfter) this.#form.chargeAndCheck(chargeAfter)
    else this.#form.charge(chargeAfter)
  }

  #copy({ at, next, code }: Event): void {
    if (code === undefined) this.#code.range(this.#source, at, next)
    else this.#code.all(code)
  }

  #routed({ opcode, immediates }: Event): void {
    const support = SUPPORT_OF[opcode.name]?.(immediates)
    if (support === undefined) return
    const bulk = IN_PLACE.get(opcode.name)
    if (bulk === undefined) this.#bySupport(support)
    else this.#bulk(bulk, support)
  }

  #bySupport(support: SupportName): void {
    this.#form.spill()
    this.#code.call(this.#layout.support(support))
    this.#form.reload()
  }

  /** Its length is taken from the stack, for the comparison, and put back. */
  #bulk(bulk: Bulk, support: SupportName): void {
    const code = this.#code
    const length = this.#form.length()
    const rest = this.#layout.type({ params: [I32, I32], results: [] })
    code.tee(length).i32(bulk.chunk).byte(OP.i32GtU).unlikelyIf(rest).get(length)
    this.#bySupport(support)
    bulk.operate(code.byte(OP.else).get(length))
    this.#form.chargePushedAndCheck(() => pushUnits(code, length, bulk))
    code.byte(OP.end)
  }

  #reference({ immediates: [target = 0] }: Event): void {
    this.#code.byte(OP.refFunc).u32(this.#layout.declareReference(target))
  }

  /** At a label that a catch clause names, every way in leaves the fuel in the global. */
  #loop(event: Event): void {
    const strips = this.#stripsOf(event.frame)
    if (strips !== undefined) {
      this.#form.openStrips?.(strips)
      return
    }
    const { caught } = event.frame
    if (caught) this.#form.spill()
    this.#copy(event)
    if (caught) this.#form.reload()
    this.#settle(event)
  }

  #isInHand(frame: Frame): boolean {
    return this.#inHand?.frame === frame
  }

  #stripsOf(frame: Frame): Strips | undefined {
    if (!(frame instanceof LoopFrame)) return undefined
    if (this.#isInHand(frame) && this.#inHand?.way === 'whole') return undefined
    return frame.plan.kind === 'in-strips' ? frame.plan : undefined
  }

  #end(event: Event): void {
    const { frame } = event
    const { kind, caught } = frame
    if (kind === 'function') {
      this.#form.finish(event)
      return
    }
    const arrives = caught && kind !== 'loop'
    if (arrives) this.#form.spill()
    this.#copy(event)
    if (arrives) this.#form.reload()
    const strips = this.#stripsOf(frame)
    if (strips !== undefined) this.#form.closeStrips?.(strips)
    this.#settle(event)
  }

  /** The bytes that push the bound of a loop in strips, in front of the branch at its bottom. */
  #boundBefore({ frame, targets: [target] }: Event): CountedLoop | undefined {
    return target === frame ? this.#stripsOf(frame)?.counted : undefined
  }

  #branch(event: Event): void {
    const [target] = event.targets
    const round = roundOf(target)
    if (round !== undefined) {
      this.#goRound(event, round)
      this.#settle(event)
      return
    }
    if (event.chargeTaken !== 0) {
      this.#chargedBranch(event)
      this.#settle(event)
      return
    }
    if (event.targets.some(({ caught }) => caught)) this.#form.spill()
    else if (event.targets.some(({ kind }) => kind === 'function')) this.#form.beforeLabel()
    this.#copy(event)
    this.#settle(event)
  }

  /** Goes round again, which pays for the next trip. */
  #goRound(event: Event, { units, looks }: GoingRound): void {
    const { opcode, immediates } = event
    const [depth = 0] = immediates
    if (opcode.class === 'br-if') this.#code.op(OP.if, VOID)
    const charge = units + event.chargeTaken
    if (looks) this.#form.chargeAndCheck(charge)
    else this.#form.charge(charge)
    if (opcode.class !== 'br-if') this.#copy(event)
    else
      this.#code
        .byte(OP.br)
        .u32(depth + 1)
        .byte(OP.end)
  }

  /** `br_if t` whose taken edge pays: `if; charge; br t+1; end`. */
  #chargedBranch(event: Event): void {
    const {
      immediates: [depth = 0],
      targets: [target],
    } = event
    this.#code.op(OP.if, VOID)
    this.#form.charge(event.chargeTaken)
    if (target?.caught) this.#form.spill()
    this.#code
      .byte(OP.br)
      .u32(depth + 1)
      .byte(OP.end)
  }
}

const NONE: readonly number[] = []

/** A function that its callers pay for stays as it is. */
function copyBody(
  { groups, events, codeAt }: FunctionEvents,
  source: Uint8Array,
  code: Code,
  out: Writer,
): void {
  out.u32(groups.length)
  for (const { count, type } of groups) out.u32(count).byte(type)
  out.all(code.range(source, codeAt, events.at(-1)?.next ?? codeAt).view())
}

/**
 * Writes the metered form of one body, from its declarations to its last `end`.
 *
 * @param code - cleared and used for the code.
 * @param out - gets declarations and code.
 * @returns where in the body the `if` stand that V8 should think unlikely.
 */
export function rewriteBody(
  decoded: FunctionEvents,
  index: number,
  source: Uint8Array,
  layout: Layout,
  code: Code,
  out: Writer,
): readonly number[] {
  const callee = layout.callees.at(index)
  const passes = layout.form !== 'global'
  const { credit } = assignCharges(decoded.events, layout.callees, passes)
  code.clear()
  if (callee.isFree) {
    copyBody(decoded, source, code, out)
    return NONE
  }
  const form: FuelForm = passes
    ? new PassForm(code, layout, decoded)
    : new GlobalForm(code, layout, decoded, source)
  const uses = passes ? decoded.firstLocalUses : NONE
  const plain = new PlainCopier(code, source, uses, decoded.locals)
  const rewriter = new BodyRewriter(code, layout, form, source, decoded, plain)
  form.enter()
  const owed = credit - callee.prepaid
  if (callee.gap === undefined) form.chargeAndCheck(owed)
  else form.charge(owed)
  rewriter.write()
  form.declare(out)
  const shift = out.length
  out.all(code.view())
  return code.unlikely.map((place) => place + shift)
}
