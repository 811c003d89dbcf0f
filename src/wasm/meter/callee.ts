import { assignCharges, LEAF_UNITS } from './credits.ts'
import { type Event, type FunctionEvents, LoopFrame } from './frames.ts'
import type { Callee, KnownCallees } from './known-callees.ts'

/** Control may go where nobody knows how long it stays. */
const LEAVES: ReadonlySet<string> = new Set(['routed', 'tail-call', 'throw', 'try', 'try-table'])

/** Whether control stays in the function and in others that are short. */
function stays({ opcode, immediates: [target = 0] }: Event, callees: KnownCallees): boolean {
  if (opcode.class !== 'call') return !LEAVES.has(opcode.class)
  return opcode.immediate === 'index' && callees.at(target).gap !== undefined
}

/** Whether fuel is not needed for an instruction. */
function needsNone(event: Event, callees: KnownCallees): boolean {
  const { opcode, frame, immediates, chargeAfter, chargeTaken, checkAfter } = event
  if (opcode.class === 'loop' && frame instanceof LoopFrame) return frame.plan.kind === 'at-once'
  if (checkAfter || chargeAfter !== 0 || chargeTaken !== 0) return false
  if (opcode.class === 'call') return callees.at(immediates[0] ?? 0).isFree
  return opcode.class !== 'reference'
}

/** What a function is for its callers. */
export function calleeOf({ events }: FunctionEvents, callees: KnownCallees): Callee {
  const { gap, credit } = assignCharges(events, callees, true)
  const isLeaf = gap <= LEAF_UNITS && events.every((event) => stays(event, callees))
  const isFree = isLeaf && events.every((event) => needsNone(event, callees))
  return {
    gap: isLeaf ? gap : undefined,
    // What is free pays nothing itself, whatever it costs.
    prepaid: isFree || credit <= LEAF_UNITS ? credit : 0,
    isFree,
  }
}
