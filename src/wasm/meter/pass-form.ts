import type { Code } from './code.ts'
import type { Event, FunctionEvents, Strips } from './frames.ts'
import type { FuelForm } from './fuel-form.ts'
import type { Layout } from './layout.ts'
import { OP, VOID } from './op.ts'
import { I32, I64 } from './signature.ts'
import { chooseLimit, openChoice, pushBound, type StripLocals } from './strips.ts'
import type { Writer } from './writer.ts'

/**
 * Fuel in the parameter behind the guest's own, and returned as the result behind its own. The
 * guest's first local, whose index this takes, moves behind its last one.
 *
 * @source metering reference, section 4
 */
export class PassForm implements FuelForm {
  readonly #code: Code
  readonly #layout: Layout
  readonly #body: FunctionEvents
  readonly #fuel: number
  /** Types of our own locals, behind all of the guest's. */
  readonly #scratch: number[] = []
  #index: number | undefined
  #length: number | undefined
  #strips: StripLocals | undefined

  constructor(code: Code, layout: Layout, body: FunctionEvents) {
    this.#code = code
    this.#layout = layout
    this.#body = body
    this.#fuel = body.params
  }

  /** A local of ours: asked for once per use. */
  #newScratch(type: number): number {
    const { params, locals } = this.#body
    const first = locals > params ? locals + 1 : params + 1
    return first + this.#scratch.push(type) - 1
  }

  /** The guest's groups without its first local, which comes after them; then ours. */
  declare(out: Writer): void {
    const { groups } = this.#body
    const first = groups.findIndex(({ count }) => count > 0)
    const moved = groups[first] === undefined ? [] : [groups[first].type]
    const last = [...moved, ...this.#scratch]
    out.u32(groups.length + last.length)
    for (const [index, { count, type }] of groups.entries()) {
      out.u32(index === first ? count - 1 : count).byte(type)
    }
    for (const type of last) out.u32(1).byte(type)
  }

  /** A branch to the function's label carries no fuel: it ends a block in its place. */
  enter(): void {
    if (!this.#body.label.named) return
    this.#code.byte(OP.block)
    const { results } = this.#body.type
    const [result] = results
    if (result === undefined) this.#code.byte(VOID)
    else if (results.length === 1) this.#code.byte(result)
    else this.#code.signed(this.#layout.type({ params: [], results }))
  }

  spill(): void {
    this.#code.get(this.#fuel).globalSet(this.#layout.fuelGlobal)
  }

  reload(): void {
    this.#code.globalGet(this.#layout.fuelGlobal).set(this.#fuel)
  }

  charge(units: number): void {
    if (units === 0) return
    this.#code.get(this.#fuel).i64(units).byte(OP.i64Sub).set(this.#fuel)
  }

  chargeAndCheck(units: number): void {
    this.#code.get(this.#fuel)
    if (units !== 0) this.#code.i64(units).byte(OP.i64Sub).tee(this.#fuel)
    this.#check()
  }

  chargePushedAndCheck(push: () => void): void {
    this.#code.get(this.#fuel)
    push()
    this.#code.byte(OP.i64Sub).tee(this.#fuel)
    this.#check()
  }

  /** The fuel is on the stack. */
  #check(): void {
    const code = this.#code.i64(0).byte(OP.i64LtS).unlikelyIf()
    code.get(this.#fuel).call(this.#layout.support('refill value')).set(this.#fuel).byte(OP.end)
  }

  length(): number {
    this.#length ??= this.#newScratch(I32)
    return this.#length
  }

  call(event: Event): void {
    const [target = 0, table = 0] = event.immediates
    if (event.opcode.immediate === 'two-indices') this.#callIndirect(target, table)
    else if (this.#layout.isImport(target)) this.#throughGlobal(() => this.#code.call(target))
    else if (this.#layout.carriesFuel(target)) {
      this.#code.get(this.#fuel).call(target).set(this.#fuel)
    } else this.#code.call(target)
  }

  #throughGlobal(call: () => void): void {
    this.spill()
    call()
    this.reload()
  }

  #callIndirect(type: number, table: number): void {
    if (this.#layout.form === 'mixed') {
      this.#throughGlobal(() => this.#code.byte(OP.callIndirect).u32(type).u32(table))
      return
    }
    this.#fuelBelowIndex()
    this.#code.byte(OP.callIndirect).u32(this.#layout.twin(type)).u32(table).set(this.#fuel)
  }

  /** The index of an indirect call stands above its arguments, of which fuel is the last. */
  #fuelBelowIndex(): void {
    this.#index ??= this.#newScratch(I32)
    this.#code.set(this.#index).get(this.#fuel).get(this.#index)
  }

  tailCall(event: Event): void {
    const [target = 0, table = 0] = event.immediates
    if (event.opcode.immediate === 'two-indices') {
      this.#fuelBelowIndex()
      this.#code.byte(OP.returnCallIndirect).u32(this.#layout.twin(target)).u32(table)
    } else if (this.#layout.isImport(target)) {
      // An import returns no fuel, so this cannot be a tail call; nor can it come back here.
      this.#throughGlobal(() => this.#code.call(target))
      this.leave()
    } else if (!this.#layout.carriesFuel(target)) {
      // It returns no fuel either, and calls nothing.
      this.#code.call(target)
      this.leave()
    } else this.#code.get(this.#fuel).byte(OP.returnCall).u32(target)
  }

  beforeLabel(): void {
    // The block in the label's place is left with the fuel where it was.
  }

  leave(): void {
    this.#code.get(this.#fuel).byte(OP.return)
  }

  finish({ checkAfter }: Event): void {
    const { named, caught } = this.#body.label
    if (caught) this.spill()
    if (named) this.#code.byte(OP.end)
    if (caught) this.reload()
    if (checkAfter) this.chargeAndCheck(0)
    this.#code.get(this.#fuel).byte(OP.end)
  }

  #stripLocals(): StripLocals {
    this.#strips ??= {
      fuel: this.#fuel,
      units: this.#newScratch(I64),
      limit: this.#newScratch(I32),
      guest: (local) => this.#place(local),
    }
    return this.#strips
  }

  /** Where a local of the guest is. */
  #place(local: number): number {
    return local === this.#body.params ? this.#body.locals : local
  }

  openChoice(strips: Strips): void {
    openChoice(this.#code, this.#stripLocals(), strips)
  }

  openStrips(strips: Strips): void {
    const code = this.#code.op(OP.loop, VOID)
    chooseLimit(code, this.#layout, this.#stripLocals(), strips, () => this.chargeAndCheck(0))
    code.op(OP.loop, VOID)
  }

  pushLimit(): void {
    this.#code.get(this.#stripLocals().limit)
  }

  closeStrips({ counted, units }: Strips): void {
    const { guest } = this.#stripLocals()
    this.#code.get(guest(counted.local))
    pushBound(this.#code, counted.bound, guest)
    this.#code.op(counted.compare).unlikelyIf()
    this.charge(units)
    this.#code.op(OP.br, 1, OP.end, OP.end)
  }
}
