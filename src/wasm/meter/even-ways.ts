import { MOST_PADDING } from '../decode/weights.ts'
import { type Event, type Frame, LoopFrame } from './frames.ts'

/** Units from a label on; none where a br_table or an exception may arrive. */
const restAt = (label: Frame): number => (label.isShared ? 0 : label.rest)

/** Makes two ways on cost the same if they nearly do. `holds`: the way of a condition that is true. */
function even(event: Event, holds: number, fails: number): boolean {
  const difference = holds - fails
  if (Math.abs(difference) > MOST_PADDING) return false
  event.padTrue = Math.max(0, -difference)
  event.padFalse = Math.max(0, difference)
  return true
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

/** Units from in front of a control instruction's own cost on: it decides where control goes. */
function through(event: Event, rest: number): number {
  const { frame, targets } = event
  switch (event.opcode.class) {
    case 'end':
    case 'delegate':
      frame.rest = frame.kind === 'function' ? 0 : rest
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

/**
 * Decides what a conditional branch costs besides its instructions: where its two ways differ by no
 * more than a branch guessed wrong takes, the shorter one is padded, and nothing needs to be counted
 * there. A way goes to the end of the function, each loop on it is one trip, a branch back leaves the
 * loop; it stops at a br_table, at a label of one, and where the function is left. Branches back are
 * never padded.
 *
 * This is part of what fuel is: it looks at the original's instructions and their weights alone.
 */
export function padShorterWays(events: readonly Event[]): void {
  let rest = 0
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index]
    if (event !== undefined) rest = through(event, rest) + event.cost
  }
}
