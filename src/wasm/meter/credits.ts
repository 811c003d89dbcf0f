import { type Ahead, type Event, type Frame, LoopFrame, NOTHING } from './frames.ts'
import { type Callee, type KnownCallees, PAYS_ITSELF } from './known-callees.ts'
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
const MOST_TAIL = 2_000
/**
 * A leaf that may do without a look at its entry runs at most this long, and so much at most is paid for
 * a function by its callers.
 */
export const LEAF_UNITS = 2_000

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
  readonly #callees: KnownCallees
  readonly #strips: boolean
  #credit = 0
  #gap = 0
  #reach = 0
  #unseen = false
  #long = false

  constructor(callees: KnownCallees, strips: boolean) {
    this.#callees = callees
    this.#strips = strips
  }

  get ahead(): Ahead {
    return {
      credit: this.#credit,
      gap: this.#gap,
      reach: this.#reach,
      unseen: this.#unseen,
      long: this.#long,
    }
  }

  #continue({ credit, gap, reach, unseen, long }: Ahead): void {
    this.#credit = credit
    this.#gap = gap
    this.#reach = reach
    this.#unseen = unseen
    this.#long = long
  }

  /** Of two ways on, the longer one. */
  #orElse({ gap, reach, unseen, long }: Ahead): void {
    this.#long ||= long
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

  /** A function looks when it is entered. What was paid for it long before, it runs unseen. */
  #looksAtEntry(prepaid: number): void {
    this.#unseen = false
    this.#gap = prepaid === 0 ? 0 : this.#gap + prepaid
    this.#long ||= prepaid > 0
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
        this.#credit = this.#calleeOf(event).prepaid
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
    const { group, firstTripOf } = frame
    // The others are paid for behind it: many loops make one trip.
    if (firstTripOf !== undefined) this.#leave(event, firstTripOf.carried)
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
    this.#long = true
    frame.plan = planLoop(frame, this.#credit, this.#reach, this.#unseen, this.#strips)
    const behind = this.#behind(frame)
    if (frame.plan.kind === 'at-once') {
      const { trips } = frame.plan
      this.#credit = this.#credit * trips + behind
      this.#gap = frame.atLabel.gap + this.#reach * trips
      this.#reach = frame.atLabel.reach + this.#reach * trips
      return
    }
    if (frame.plan.kind === 'going-round') {
      this.#credit += behind
      this.#reach = Number.POSITIVE_INFINITY
      return
    }
    if (frame.plan.kind === 'in-strips') {
      // The look in front of a single trip sees nothing: all of it is paid.
      this.#credit += behind
      this.#gap = frame.atLabel.gap + this.#reach
      this.#reach = Number.POSITIVE_INFINITY
      this.#unseen = false
      return
    }
    event.chargeAfter = this.#credit
    event.checkAfter = true
    this.#continue({ ...NOTHING, credit: behind, reach: Number.POSITIVE_INFINITY, long: true })
  }

  /** Of a loop that is left at its bottom only: what is behind it is paid in front, and not there. */
  #behind({ bottom, isClosed }: LoopFrame): number {
    if (bottom === undefined || !isClosed) return 0
    const { chargeAfter } = bottom
    bottom.chargeAfter = 0
    return chargeAfter
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

  /** A br_table has paid the same whichever label it goes to. */
  #branch(event: Event): void {
    const [first, ...others] = event.targets
    this.#continue(first === undefined ? NOTHING : this.#at(first, event))
    this.#credit += event.padTrue
    for (const label of others) this.#orElse(this.#at(label, event))
  }

  /**
   * Whether the edge of a br_if pays the difference, and who goes on does not: out of the loop, and
   * to a loop or a call that is not on the other way. Those take longer than a charge.
   */
  #isCold(label: Frame, { long }: Ahead, { frame }: Event): boolean {
    if (!label.plain || label.kind === 'function') return false
    return label.loop !== frame.loop || (long && !this.#long)
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

  /** What a direct call goes to; of another one nothing is known. */
  #calleeOf({ opcode, immediates: [target = 0] }: Event): Callee {
    return opcode.immediate === 'index' ? this.#callees.at(target) : PAYS_ITSELF
  }

  #call(event: Event): void {
    const direct = event.opcode.immediate === 'index'
    const callee = this.#calleeOf(event)
    const { prepaid } = callee
    if (this.#callees.mayThrow(callee)) this.#pay(event)
    // What is called through a table may be a leaf.
    const leaf = direct ? callee.gap : LEAF_UNITS
    if (callee.gap === undefined && this.#gap > MOST_TAIL) this.#check(event)
    this.#credit += prepaid
    if (leaf !== undefined) {
      this.#gap += leaf
      this.#reach += leaf
    } else if (this.#callees.isImport(event.immediates[0] ?? 0)) this.#gap = 0
    else this.#looksAtEntry(prepaid)
  }
}

function walk(events: readonly Event[], callees: KnownCallees, strips: boolean): Ahead {
  const pass = new BackwardPass(callees, strips)
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
 * @param strips - whether loops may be taken in strips.
 * @returns what lies ahead of its entry: the credit is charged there.
 */
export function assignCharges(
  events: readonly Event[],
  callees: KnownCallees,
  strips: boolean,
): Ahead {
  const ahead = walk(events, callees, strips)
  if (!events.some(mustAskAgain)) return ahead
  for (const event of events) {
    event.chargeAfter = 0
    event.chargeTaken = 0
    event.checkAfter = false
  }
  return walk(events, callees, strips)
}
