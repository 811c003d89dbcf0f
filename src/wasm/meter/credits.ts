import {
  type Ahead,
  type Event,
  type Frame,
  type FunctionEvents,
  LoopFrame,
  NOTHING,
} from './frames.ts'
import { canCarry, planLoop } from './loop-plan.ts'

/**
 * Units between two looks at the fuel, behind which one more is put in. With a segment's length
 * (events.ts) and a function left in the middle of each of two such stretches, less than 250,000.
 */
const MOST_GAP = 60_000
/**
 * Units a function may have paid for that it runs when a call comes back. A deep recursion has paid
 * for as much in each frame on the stack, and runs it all without a look.
 */
const MOST_TAIL = 1_000
/** A leaf that may do without a look at its entry runs at most this long. */
const LEAF_UNITS = 2_000

/** What is known about the functions that one calls. */
export interface Callees {
  /** Gap of a function's entry, for functions that do not look there; undefined for all others. */
  readonly leafGap: (index: number) => number | undefined
  /** What a call of a function costs who calls it, for functions that pay nothing themselves. */
  readonly price: (index: number) => number | undefined
  /** Whether a function looks at its fuel when it is entered: an import does not. */
  readonly looks: (index: number) => boolean
  /** Whether an exception may come out of it; undefined: of what a table holds. */
  readonly mayThrow: (index: number | undefined) => boolean
}

const isBlock = ({ kind }: Frame): boolean => kind !== 'loop' && kind !== 'function'

/** Behind these a look at the fuel may stand. */
const CAN_CHECK: ReadonlySet<string> = new Set([
  ...['block', 'br-if', 'call', 'else', 'end', 'if', 'plain', 'reference', 'routed'],
  ...['try', 'try-table'],
])

/**
 * Walks a function's events from last to first and decides where it pays and where it looks.
 *
 * The credit is what is paid already whenever control is at a point: on every path the charges add
 * up to the costs. What follows a call is prepaid, but not where the call may throw. Gap and reach
 * bound how long it can take to the next look.
 *
 * @source metering reference, sections 3 and 5
 */
class BackwardPass {
  readonly #callees: Callees
  #credit = 0
  #gap = 0
  #reach = 0
  #unseen = false
  #loops = false

  constructor(callees: Callees) {
    this.#callees = callees
  }

  get ahead(): Ahead {
    return {
      credit: this.#credit,
      gap: this.#gap,
      reach: this.#reach,
      unseen: this.#unseen,
      loops: this.#loops,
    }
  }

  #continue({ credit, gap, reach, unseen, loops }: Ahead): void {
    this.#credit = credit
    this.#gap = gap
    this.#reach = reach
    this.#unseen = unseen
    this.#loops = loops
  }

  /** Of two ways on, the longer one. */
  #orElse({ gap, reach, unseen, loops }: Ahead): void {
    this.#loops ||= loops
    this.#unseen ||= unseen
    this.#gap = Math.max(this.#gap, gap)
    this.#reach = Math.max(this.#reach, reach)
  }

  before(event: Event): void {
    if (this.#gap > MOST_GAP && CAN_CHECK.has(event.opcode.class)) this.#check(event)
    this.#transfer(event)
    this.#credit += event.cost
    this.#gap += event.cost
    this.#reach += event.cost
  }

  /** What is ahead is paid for here, and not before. */
  #pay(event: Event): void {
    this.#leave(event, 0)
  }

  /** As much of what is ahead is paid for here as leaves this to be paid before. */
  #leave(event: Event, credit: number): void {
    event.chargeAfter += this.#credit - credit
    this.#credit = credit
  }

  /** A look that finds all of it paid for sees nothing: so what is ahead is paid for there. */
  #check(event: Event): void {
    event.checkAfter = true
    this.#pay(event)
    this.#looked()
  }

  #looked(): void {
    this.#gap = 0
    this.#unseen = false
  }

  #transfer(event: Event): void {
    switch (event.opcode.class) {
      case 'end':
      case 'delegate':
        this.#end(event)
        break
      case 'else':
        event.frame.atElse = this.ahead
        this.#continue(event.frame.atLabel)
        break
      case 'catch':
        this.#check(event)
        this.#continue(event.frame.atLabel)
        break
      case 'if':
        this.#if(event)
        break
      case 'loop':
        this.#loop(event)
        break
      case 'br':
      case 'br-table':
        this.#branch(event)
        break
      case 'br-if':
        this.#branchIf(event)
        break
      case 'call':
        this.#call(event)
        break
      case 'routed':
        // Looks at the fuel itself.
        this.#gap = 0
        break
      case 'return':
      case 'unreachable':
      case 'throw':
        this.#continue(NOTHING)
        break
      case 'tail-call':
        this.#continue(NOTHING)
        this.#credit = this.#priceOf(event)
        this.#gap = LEAF_UNITS
        break
      case 'block':
      case 'plain':
      case 'reference':
      case 'try':
      case 'try-table':
    }
  }

  #end(event: Event): void {
    const { frame } = event
    if (frame.kind === 'function') {
      this.#continue(NOTHING)
      if (frame.caught) event.checkAfter = true
      return
    }
    if (frame instanceof LoopFrame) {
      frame.atLabel = this.ahead
      if (canCarry(frame)) frame.carried = this.#credit
      this.#reach = 0
      // Who falls out of it does not go round again.
      this.#unseen = false
      return
    }
    if (frame.caught) this.#check(event)
    const { group, tripOf } = frame
    // Each trip pays the next one, so that to leave the loop costs nothing after any of them.
    if (tripOf !== undefined) this.#leave(event, tripOf.carried)
    if (group !== undefined) this.#leave(event, group.creditAt(frame, this.#credit))
    frame.atLabel = this.ahead
  }

  #if(event: Event): void {
    const { frame } = event
    const { otherwise } = frame
    const other = otherwise === undefined ? frame.atLabel : frame.atElse
    const [holds, fails] = [this.#credit + event.padTrue, other.credit + event.padFalse]
    const shared = otherwise === undefined ? fails : Math.min(holds, fails)
    if (otherwise !== undefined) otherwise.chargeAfter += fails - shared
    event.chargeAfter += holds - shared
    this.#credit = shared
    this.#orElse(other)
  }

  #loop(event: Event): void {
    const frame = event.frame
    if (!(frame instanceof LoopFrame)) return
    const { bottom } = frame
    this.#loops = true
    frame.plan = planLoop(frame, this.#credit, this.#reach, this.#unseen)
    if (frame.plan.kind === 'at-once' && bottom !== undefined) {
      const { trips } = frame.plan
      // It is left at its bottom only: what is behind it is paid in front as well.
      this.#credit = this.#credit * trips + bottom.chargeAfter
      bottom.chargeAfter = 0
      this.#gap = frame.atLabel.gap + this.#reach * trips
      this.#reach = frame.atLabel.reach + this.#reach * trips
      return
    }
    if (frame.plan.kind === 'going-round') {
      this.#reach = Number.POSITIVE_INFINITY
      return
    }
    event.chargeAfter = this.#credit
    event.checkAfter = true
    this.#continue({ ...NOTHING, reach: Number.POSITIVE_INFINITY, loops: true })
  }

  /** What lies ahead of a label for a branch in `event`. */
  #at(label: Frame, { frame }: Event): Ahead {
    if (label instanceof LoopFrame) {
      return { ...NOTHING, credit: label.carried, unseen: label === frame.loop }
    }
    if (!isBlock(label)) return NOTHING
    // Out of the innermost loop: this trip of it is over.
    return label.loop === frame.loop ? label.atLabel : { ...label.atLabel, reach: 0, unseen: false }
  }

  /** At the labels of a br_table the same is paid. */
  #branch(event: Event): void {
    const [first, ...others] = event.targets
    this.#continue(first === undefined ? NOTHING : this.#at(first, event))
    for (const label of others) this.#orElse(this.#at(label, event))
  }

  /**
   * Whether the edge of a br_if pays the difference, and who goes on does not: out of the loop, and
   * into a loop that is not on the other way. A loop takes longer than a charge.
   */
  #isCold(label: Frame, { loops }: Ahead, { frame }: Event): boolean {
    if (!label.plain || label.kind === 'function') return false
    return label.loop !== frame.loop || (loops && !this.#loops)
  }

  #branchIf(event: Event): void {
    const [label] = event.targets
    if (label === undefined) return
    const taken = this.#at(label, event)
    const isCold = this.#isCold(label, taken, event)
    this.#orElse(taken)
    const [holds, fails] = [taken.credit + event.padTrue, this.#credit + event.padFalse]
    if (isCold) {
      event.chargeTaken = holds - fails
      this.#credit = fails
      return
    }
    event.chargeAfter += fails - holds
    this.#credit = holds
  }

  #priceOf({ opcode, immediates: [target = 0] }: Event): number {
    return opcode.immediate === 'index' ? (this.#callees.price(target) ?? 0) : 0
  }

  #call(event: Event): void {
    const direct = event.opcode.immediate === 'index'
    const [target = 0] = event.immediates
    const { leafGap, looks, mayThrow } = this.#callees
    if (mayThrow(direct ? target : undefined)) this.#pay(event)
    // What is called through a table may be a leaf.
    const leaf = direct ? leafGap(target) : LEAF_UNITS
    if (direct && leaf === undefined) {
      if (this.#gap > MOST_TAIL) this.#check(event)
      if (looks(target)) this.#looked()
      else this.#gap = 0
      return
    }
    if (!direct && this.#gap > MOST_TAIL) this.#check(event)
    this.#credit += this.#priceOf(event)
    this.#gap += leaf ?? 0
    this.#reach += leaf ?? 0
  }
}

function walk(events: readonly Event[], callees: Callees): Ahead {
  const pass = new BackwardPass(callees)
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index]
    if (event !== undefined) pass.before(event)
  }
  return pass.ahead
}

const mustAskAgain = ({ opcode, targets: [label] }: Event): boolean =>
  opcode.class === 'br-table' && label?.group?.wasAskedTooSoon === true

/**
 * Decides where a function pays for what it executes, and where it looks at its fuel. It is walked again
 * where what the labels of a br_table share was known too late.
 *
 * @returns what lies ahead of its entry: the credit is charged there.
 */
export function assignCharges(events: readonly Event[], callees: Callees): Ahead {
  const ahead = walk(events, callees)
  if (!events.some(mustAskAgain)) return ahead
  for (const event of events) {
    event.chargeAfter = 0
    event.chargeTaken = 0
    event.checkAfter = false
  }
  return walk(events, callees)
}

/** A function that is short, throws nothing and calls only others of its kind. */
export interface Leaf {
  /** The most units it runs to its first look, which is not at its entry: its callers count them as theirs. */
  readonly gap: number
  /** What each run of it costs, where all ways through it cost the same: then its callers pay. */
  readonly price: number | undefined
}

/** Whether fuel is not needed for an instruction. */
function isFree(event: Event, price: Callees['price']): boolean {
  const { opcode, frame, immediates, chargeAfter, chargeTaken, checkAfter } = event
  if (opcode.class === 'loop' && frame instanceof LoopFrame) return frame.plan.kind === 'at-once'
  if (checkAfter || chargeAfter !== 0 || chargeTaken !== 0) return false
  if (opcode.class === 'call') return price(immediates[0] ?? 0) !== undefined
  return opcode.class !== 'reference'
}

/** Control may go where nobody knows how long it stays. */
const LEAVES: ReadonlySet<string> = new Set(['routed', 'tail-call', 'throw', 'try', 'try-table'])

/**
 * What a function is as a leaf; undefined: it is none.
 *
 * @param leafAt - the same of another one, by its index
 */
export function leafOf(
  { events }: FunctionEvents,
  leafAt: (index: number) => Leaf | undefined,
): Leaf | undefined {
  const price = (index: number): number | undefined => leafAt(index)?.price
  const stays = events.every(({ opcode, immediates: [target = 0] }) => {
    if (opcode.class !== 'call') return !LEAVES.has(opcode.class)
    return opcode.immediate === 'index' && leafAt(target) !== undefined
  })
  if (!stays) return undefined
  const { gap, credit } = assignCharges(events, {
    leafGap: (index) => leafAt(index)?.gap,
    price,
    looks: () => false,
    mayThrow: () => false,
  })
  if (gap > LEAF_UNITS) return undefined
  return { gap, price: events.every((event) => isFree(event, price)) ? credit : undefined }
}
