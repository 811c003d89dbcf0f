import { MOST_PADDING, MOST_TABLE_PADDING } from '../decode/weights.ts'
import { type Event, type Frame, LoopFrame } from './frames.ts'
import type { LabelGroup } from './label-group.ts'

/** Units from a label on; none where a way stops, because it may be paid for there and not before. */
const restAt = (label: Frame): number =>
  label.caught || label.group?.isUnpaid === true ? 0 : label.rest

/** Makes two ways on cost the same if they nearly do. `holds`: the way of a condition that is true. */
function even(event: Event, holds: number, fails: number): boolean {
  const difference = holds - fails
  const isEven = Math.abs(difference) <= MOST_PADDING
  event.padTrue = isEven ? Math.max(0, -difference) : 0
  event.padFalse = isEven ? Math.max(0, difference) : 0
  return isEven
}

/** Units from behind a br_if on, if `rest` is what follows it. */
function branchIf(event: Event, rest: number): number {
  const [label] = event.targets
  if (label === undefined) return rest
  const taken = restAt(label)
  if (!(label instanceof LoopFrame) && even(event, taken, rest)) return Math.max(taken, rest)
  // Where they are not made even, a loop is thought to go on, and a branch in it to be taken.
  return label.loop === event.frame.loop ? taken : rest
}

/** The same for an if, and for what follows its `then`. */
function conditional(event: Event, rest: number): number {
  const { frame } = event
  const other = frame.otherwise === undefined ? restAt(frame) : frame.restElse
  if (even(event, rest, other)) return Math.max(rest, other)
  return frame.otherwise === undefined ? other : Math.min(rest, other)
}

/** The longest way of a br_table that is not much longer than its shortest one. */
function longest(labels: readonly Frame[]): number {
  const rests = labels.map(({ rest }) => rest)
  const most = rests.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY) + MOST_TABLE_PADDING
  return rests.reduce((a, b) => (b <= most ? Math.max(a, b) : a), 0)
}

/** The same for a br_table: each of its ways costs as much as those of its group, once that is known. */
function table(event: Event): number {
  const [first] = event.targets
  const group = first?.group
  if (first === undefined || group === undefined || group.isUnpaid) return 0
  if (group.level === undefined) return group.suggest(longest(event.targets))
  event.padTrue = group.level - first.rest
  return group.level
}

/** Units from in front of a control instruction's own cost on: it decides where control goes. */
function through(event: Event, rest: number): number {
  const { frame, targets } = event
  switch (event.opcode.class) {
    case 'end':
    case 'delegate':
      frame.rest = frame.kind === 'function' ? 0 : Math.min(rest, frame.group?.level ?? rest)
      return frame instanceof LoopFrame ? rest : restAt(frame)
    case 'else':
      frame.restElse = rest
      return restAt(frame)
    case 'catch':
      return restAt(frame)
    case 'if':
      return conditional(event, rest)
    case 'br':
      return targets[0] === undefined ? 0 : restAt(targets[0])
    case 'br-if':
      return branchIf(event, rest)
    case 'br-table':
      return table(event)
    case 'return':
    case 'tail-call':
    case 'throw':
    case 'unreachable':
      return 0
    case 'block':
    case 'call':
    case 'loop':
    case 'plain':
    case 'reference':
    case 'routed':
    case 'try':
    case 'try-table':
      return rest
  }
}

/** From the last event to the first. */
function walk(events: readonly Event[]): void {
  let rest = 0
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index]
    if (event !== undefined) rest = through(event, rest) + event.cost
  }
}

/**
 * Decides what a branch costs besides its instructions: where the two ways of a condition differ by no
 * more than a branch guessed wrong takes, the shorter one is padded, and nothing needs to be counted
 * there. So are the ways of a br_table, up to the longest that is not much longer than the shortest;
 * those that are longer still pay the rest at their labels.
 *
 * A way goes to the end of the function, each loop on it is one trip, a branch back leaves the loop; it
 * stops at labels where an exception may arrive, at a br_table one of whose labels is that, a loop or
 * the function's own, at the labels of such a table, and where the function is left. Branches back are
 * never padded. How long the ways of a br_table are is found out first, with labels as they are.
 *
 * This is part of what fuel is: it looks at the original's instructions and their weights alone.
 *
 * @param groups - of the labels of each br_table.
 */
export function padShorterWays(events: readonly Event[], groups: readonly LabelGroup[]): void {
  walk(events)
  if (groups.every(({ isUnpaid }) => isUnpaid)) return
  for (const group of groups) group.settle()
  walk(events)
}
