import type { Event, Frame } from './frames.ts'

/** Units already paid when control arrives at a label. Behind a loop's header nothing is. */
const paidAt = (frame: Frame): number =>
  frame.kind === 'loop' || frame.kind === 'function' ? 0 : frame.credit

/** The credit before the `end` of a frame, given the one after it. */
function beforeEnd(event: Event, credit: number): number {
  const { frame } = event
  if (frame.kind === 'function') return 0
  if (frame.kind === 'loop') return credit
  let kept = credit
  if (frame.flush) {
    event.chargeAfter = credit
    kept = 0
  }
  frame.credit = kept
  return kept
}

function beforeIf(event: Event, credit: number): number {
  const { frame } = event
  const { otherwise } = frame
  const shared = otherwise === undefined ? frame.credit : Math.min(credit, frame.creditElse)
  if (otherwise !== undefined) otherwise.chargeAfter = frame.creditElse - shared
  event.chargeAfter = credit - shared
  return shared
}

function beforeBranchIf(event: Event, target: Frame, credit: number): number {
  const paid = paidAt(target)
  // A branch out of the loop is the cold edge: it pays the difference, the loop goes on for free.
  const cold = target.plain && target.kind !== 'function' && target.loop !== event.frame.loop
  if (cold) {
    event.chargeTaken = paid - credit
    return credit
  }
  event.chargeAfter = credit - paid
  return paid
}

function before(event: Event, credit: number): number {
  const { frame, targets } = event
  const [target] = targets
  switch (event.opcode.class) {
    case 'end':
    case 'delegate':
      return beforeEnd(event, credit)
    case 'else':
      frame.creditElse = credit
      return frame.credit
    case 'catch':
      event.chargeAfter = credit
      return frame.credit
    case 'if':
      return beforeIf(event, credit)
    case 'loop':
      event.chargeAfter = credit
      return 0
    case 'br':
      return target === undefined ? 0 : paidAt(target)
    case 'br-if':
      return target === undefined ? 0 : beforeBranchIf(event, target, credit)
    case 'br-table':
    case 'return':
    case 'unreachable':
    case 'throw':
    case 'tail-call':
      return 0
    case 'block':
    case 'call':
    case 'plain':
    case 'reference':
    case 'routed':
    case 'try':
    case 'try-table':
      return credit
  }
}

/**
 * Decides where a function pays for what it executes: one pass over its events, last to first.
 * On every path the charges add up to the costs. What follows a call is prepaid, so an exception in
 * the middle can only overcharge.
 *
 * @returns what is charged on entry.
 * @source metering reference, section 3
 */
export function assignCharges(events: readonly Event[]): number {
  let credit = 0
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index]
    if (event !== undefined) credit = before(event, credit) + event.cost
  }
  return credit
}
