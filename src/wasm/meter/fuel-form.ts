import type { Event, Strips } from './frames.ts'
import type { Writer } from './writer.ts'

/**
 * Where one function keeps its fuel. Writes the code that keeps it right; everything else of the
 * body is the same in each form.
 */
export interface FuelForm {
  /** The local declarations of the rewritten body: asked for when its code is written. */
  declare(out: Writer): void
  enter(): void
  /** Takes units; negative ones are given back. */
  charge(units: number): void
  /** Takes units, then asks the host for more when the fuel is below zero. */
  chargeAndCheck(units: number): void
  /** The same of as many units as `push` leaves on the stack, an i64. */
  chargePushedAndCheck(push: () => void): void
  /** A local of ours, an i32, that holds the length of a bulk operation. */
  length(): number
  /** The global takes the fuel: other code may look at it, or control may leave by an exception. */
  spill(): void
  /** The fuel is in the global, and may have changed there. */
  reload(): void
  call(event: Event): void
  tailCall(event: Event): void
  /** Before control leaves by a branch to the function's label. */
  beforeLabel(): void
  /** `return`. */
  leave(event: Event): void
  /** The last `end`. */
  finish(event: Event): void
  /**
   * Loops in strips: a form that has none of these pays for each trip. The second stands in place of
   * the loop's header, the last behind its end. The first opens an `if` whose other arm has the loop as
   * it is: all its trips are paid for there.
   */
  openChoice?(strips: Strips): void
  openStrips?(strips: Strips): void
  /** In place of the bound that the bottom of the loop compares with. */
  pushLimit?(): void
  closeStrips?(strips: Strips): void
}
