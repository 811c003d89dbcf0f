import { assignCharges, type Callees, LEAF_UNITS } from './credits.ts'
import { type Event, type FunctionEvents, LoopFrame } from './frames.ts'

/** What the callers of a function know of it. */
export interface Callee {
  /**
   * The most units it runs to its first look, where it is short, throws nothing and calls only others
   * of its kind: its callers count them as theirs. Undefined: it looks when it is entered.
   */
  readonly gap: number | undefined
  /** Units of it that its callers pay: what is certain to be paid when it is entered. */
  readonly prepaid: number
  /** They pay all of it, since all ways through it cost the same: it passes no fuel. */
  readonly isFree: boolean
}

/** A function that nobody knows anything of, or that is called in other ways than by its name. */
export const PAYS_ITSELF: Callee = { gap: undefined, prepaid: 0, isFree: false }

/** What is known of the functions of a module. */
export class KnownCallees implements Callees {
  readonly #at: (index: number) => Callee
  readonly #imported: number
  readonly #throws: boolean

  /**
   * @param imported - so many functions are imports, of which nothing is known.
   * @param throws - exceptions may come out of functions.
   */
  constructor(at: (index: number) => Callee, imported: number, throws: boolean) {
    this.#at = at
    this.#imported = imported
    this.#throws = throws
  }

  readonly leafGap = (index: number): number | undefined => this.#at(index).gap
  readonly prepaid = (index: number): number => this.#at(index).prepaid
  readonly looks = (index: number): boolean =>
    index >= this.#imported && this.#at(index).gap === undefined
  /** A leaf throws nothing. */
  readonly mayThrow = (index: number | undefined): boolean =>
    this.#throws && (index === undefined || this.#at(index).gap === undefined)
  /** Whether its callers pay all of it: it keeps its own type. */
  readonly isFree = (index: number): boolean => this.#at(index).isFree
}

/** Control may go where nobody knows how long it stays. */
const LEAVES: ReadonlySet<string> = new Set(['routed', 'tail-call', 'throw', 'try', 'try-table'])

/** Whether control stays in the function and in others that are short. */
function stays({ opcode, immediates: [target = 0] }: Event, { leafGap }: Callees): boolean {
  if (opcode.class !== 'call') return !LEAVES.has(opcode.class)
  return opcode.immediate === 'index' && leafGap(target) !== undefined
}

/** Whether fuel is not needed for an instruction. */
function needsNone(event: Event, callees: KnownCallees): boolean {
  const { opcode, frame, immediates, chargeAfter, chargeTaken, checkAfter } = event
  if (opcode.class === 'loop' && frame instanceof LoopFrame) return frame.plan.kind === 'at-once'
  if (checkAfter || chargeAfter !== 0 || chargeTaken !== 0) return false
  if (opcode.class === 'call') return callees.isFree(immediates[0] ?? 0)
  return opcode.class !== 'reference'
}

/** What a function is for its callers. */
export function calleeOf({ events }: FunctionEvents, callees: KnownCallees): Callee {
  const { gap, credit } = assignCharges(events, callees)
  const isLeaf = gap <= LEAF_UNITS && events.every((event) => stays(event, callees))
  return {
    gap: isLeaf ? gap : undefined,
    prepaid: credit <= LEAF_UNITS ? credit : 0,
    isFree: isLeaf && events.every((event) => needsNone(event, callees)),
  }
}
