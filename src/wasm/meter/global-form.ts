import type { Code } from './code.ts'
import type { Event, FunctionEvents } from './frames.ts'
import type { FuelForm } from './fuel-form.ts'
import type { Layout } from './layout.ts'
import { OP } from './op.ts'
import { I32, I64 } from './signature.ts'
import type { Writer } from './writer.ts'

/**
 * Fuel in the global. Functions with loops hold it in a local and write it back wherever control
 * may leave; without loops, or where an exception may land in the middle (try_table), they do not.
 */
export class GlobalForm implements FuelForm {
  readonly #code: Code
  readonly #layout: Layout
  readonly #body: FunctionEvents
  readonly #source: Uint8Array
  readonly #local: number | undefined
  #length: number | undefined

  constructor(code: Code, layout: Layout, body: FunctionEvents, source: Uint8Array) {
    this.#code = code
    this.#layout = layout
    this.#body = body
    this.#source = source
    this.#local = body.loops > 0 && !body.hasTryTable ? body.locals : undefined
  }

  declare(out: Writer): void {
    const { groups } = this.#body
    const own = [
      ...(this.#local === undefined ? [] : [I64]),
      ...(this.#length === undefined ? [] : [I32]),
    ]
    out.u32(groups.length + own.length)
    for (const { count, type } of groups) out.u32(count).byte(type)
    for (const type of own) out.u32(1).byte(type)
  }

  enter(): void {
    this.reload()
  }

  #push(): void {
    if (this.#local === undefined) this.#code.globalGet(this.#layout.fuelGlobal)
    else this.#code.get(this.#local)
  }

  spill(): void {
    if (this.#local === undefined) return
    this.#code.get(this.#local).globalSet(this.#layout.fuelGlobal)
  }

  reload(): void {
    if (this.#local === undefined) return
    this.#code.globalGet(this.#layout.fuelGlobal).set(this.#local)
  }

  /** Takes the units that are on the stack above the fuel. */
  #take(): void {
    this.#code.byte(OP.i64Sub)
    if (this.#local === undefined) this.#code.globalSet(this.#layout.fuelGlobal)
    else this.#code.set(this.#local)
  }

  charge(units: number): void {
    if (units === 0) return
    this.#push()
    this.#code.i64(units)
    this.#take()
  }

  chargeAndCheck(units: number): void {
    this.charge(units)
    this.#check()
  }

  chargePushedAndCheck(push: () => void): void {
    this.#push()
    push()
    this.#take()
    this.#check()
  }

  /** Behind the guest's locals, and the fuel if that is in one. */
  length(): number {
    this.#length = this.#body.locals + (this.#local === undefined ? 0 : 1)
    return this.#length
  }

  #check(): void {
    this.#push()
    this.#code.i64(0).byte(OP.i64LtS).unlikelyIf()
    this.spill()
    this.#code.call(this.#layout.support('refill'))
    this.reload()
    this.#code.byte(OP.end)
  }

  #copy({ at, next }: Event): void {
    this.#code.range(this.#source, at, next)
  }

  call(event: Event): void {
    const [target = 0] = event.immediates
    if (event.opcode.immediate === 'index' && this.#layout.callees.at(target).isFree) {
      this.#copy(event)
      return
    }
    this.spill()
    this.#copy(event)
    this.reload()
  }

  tailCall(event: Event): void {
    this.leave(event)
  }

  beforeLabel(): void {
    this.spill()
  }

  leave(event: Event): void {
    this.spill()
    this.#copy(event)
  }

  finish(event: Event): void {
    this.leave(event)
  }
}
