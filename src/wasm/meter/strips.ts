import type { Code } from './code.ts'
import { type Bound, COMPARE, type CountedLoop } from './count.ts'
import type { Strips } from './frames.ts'
import type { Layout } from './layout.ts'
import { OP, VOID } from './op.ts'

/** Locals that a loop in strips uses. */
export interface StripLocals {
  readonly fuel: number
  /** An i64: units of all trips that are left. */
  readonly units: number
  /** An i32: what the loop counts to in this strip. */
  readonly limit: number
  /** Where a local of the guest is now. */
  readonly guest: (local: number) => number
}

type Guest = StripLocals['guest']

export function pushBound(code: Code, bound: Bound, guest: Guest): void {
  if (bound.kind === 'local') code.get(guest(bound.local))
  else code.i32(bound.value)
}

/** The way from the local to its bound, in the direction it counts. */
function pushWay(
  code: Code,
  { local, step, bound }: CountedLoop,
  guest: Guest,
  wide: number[],
): void {
  const push = [() => pushBound(code, bound, guest), () => code.get(guest(local))]
  for (const one of step > 0 ? push : push.reverse()) {
    one()
    code.op(...wide)
  }
}

const SIGNED: ReadonlySet<number> = new Set([COMPARE.ltS, COMPARE.gtS])

/** What no value of the local goes past: the comparison fails behind the first trip. */
function beyond({ compare }: CountedLoop): number {
  if (compare === COMPARE.ltS) return -(2 ** 31)
  if (compare === COMPARE.gtS) return 2 ** 31 - 1
  return compare === COMPARE.ltU ? 0 : -1
}

/** Trips on the stack, as an i64, become their units. */
function multiply(code: Code, units: number): void {
  if (units !== 1) code.i64(units).byte(OP.i64Mul)
}

/** What an odd number makes 1 of, modulo 2^32: each round doubles the bits that are right. */
function inverseOf(odd: number): number {
  let inverse = odd
  for (let right = 3; right < 32; right *= 2) {
    inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse))
  }
  return inverse
}

/** The trips but one on the stack, an i64; below zero for a local that is past its bound already. */
function pushTripsLeft(code: Code, counted: CountedLoop, guest: Guest): void {
  if (counted.compare !== COMPARE.ne) {
    pushWay(code, counted, guest, [
      SIGNED.has(counted.compare) ? OP.i64ExtendI32S : OP.i64ExtendI32U,
    ])
    code.byte(OP.i64Sub).i64(1).byte(OP.i64Sub)
    return
  }
  const size = Math.abs(counted.step)
  const even = size & -size
  pushWay(code, counted, guest, [])
  code.byte(OP.i32Sub).i32(size).byte(OP.i32Sub)
  if (size !== even) code.i32(inverseOf(size / even)).byte(OP.i32Mul)
  if (even > 1) code.i32(Math.log2(even)).byte(OP.i32Rotr)
  code.byte(OP.i64ExtendI32U)
}

/**
 * An `if` of which the first arm is for a loop in strips, with the fuel as it was, and the second for one that
 * is paid for as a whole.
 */
export function openChoice(code: Code, locals: StripLocals, { counted, units }: Strips): void {
  const { fuel, guest } = locals
  const isExact = counted.compare === COMPARE.ne
  code.get(fuel)
  pushTripsLeft(code, counted, guest)
  if (!isExact) code.tee(locals.units)
  multiply(code, units)
  if (isExact) code.tee(locals.units)
  code.byte(OP.i64Sub).tee(fuel)
  // Of a local that is past its bound the units are below zero.
  if (!isExact) code.get(locals.units).byte(OP.i64Or)
  code.i64(0).byte(OP.i64LtS).unlikelyIf()
  code.get(fuel).get(locals.units)
  if (!isExact) multiply(code, units)
  code.byte(OP.i64Add).set(fuel)
}

/** Pays for all trips. When that is more than there is, `strip` says how far the fuel reaches. */
function pay(code: Code, layout: Layout, locals: StripLocals, strips: Strips): void {
  const { counted, units, trips } = strips
  const { fuel, guest, limit } = locals
  code.get(fuel).get(locals.units).byte(OP.i64Sub).tee(fuel).i64(0).byte(OP.i64LtS).unlikelyIf()
  code.get(fuel).get(locals.units).get(guest(counted.local))
  pushBound(code, counted.bound, guest)
  code
    .i32(trips * counted.step)
    .i64((trips - 1) * units)
    .call(layout.support('strip'))
  code.set(limit).set(fuel).byte(OP.else)
  pushBound(code, counted.bound, guest)
  code.set(limit).byte(OP.end)
}

/**
 * Chooses how far a counted loop may go now, and pays for its trips until there.
 *
 * Counting to equality: the trips but one are the rest of the way divided by the step. By its odd part it is
 * divided by multiplying with the inverse: modulo 2^32 the local gets to any bound so. A rotation divides by
 * the rest, and makes what never ends look huge: a way that it does not divide, and one of 2^32 trips.
 * Counting while less or greater: the local may be past its bound already, then there is one trip.
 *
 * @param check - asks for fuel when it is below zero.
 * @source metering reference, section 6
 */
export function chooseLimit(
  code: Code,
  layout: Layout,
  locals: StripLocals,
  strips: Strips,
  check: () => void,
): void {
  const { counted, units } = strips
  const { guest, limit } = locals
  pushTripsLeft(code, counted, guest)
  if (counted.compare === COMPARE.ne) {
    multiply(code, units)
    code.set(locals.units)
    pay(code, layout, locals, strips)
    return
  }
  code.tee(locals.units).i64(0).op(OP.i64GeS, OP.if, VOID).get(locals.units)
  multiply(code, units)
  code.set(locals.units)
  pay(code, layout, locals, strips)
  code.byte(OP.else)
  check()
  code.i32(beyond(counted)).set(limit).byte(OP.end)
}
