import { canBeStripped } from './count.ts'
import type { LoopFrame, LoopPlan } from './frames.ts'

/** Units a loop may run that is paid for in front of it. */
const MOST_AT_ONCE = 40_000
/** Units of one strip, when fuel is short. */
const STRIP_UNITS = 40_000
/** The longest trip of a loop in strips, in shortest trips: arms that hardly ever run may be long. */
const MOST_UNEVEN = 4

/** Each of them is a piece of code of ours. */
const MOST_BACK_EDGES = 4

const EACH_TRIP: LoopPlan = { kind: 'each-trip' }

const canGoRound = (loop: LoopFrame): boolean =>
  loop.canPayGoingRound && loop.backEdges <= MOST_BACK_EDGES

/** Whether the trips of a loop may be paid for in advance. */
export const mayBeCounted = ({ counted, isClosed }: LoopFrame): boolean =>
  counted !== undefined && isClosed && (counted.trips !== undefined || canBeStripped(counted))

/**
 * Whether what is behind a loop can be paid for in front of it: known before its trips are. Not where a
 * br_table leaves it: that has the same paid at its labels in the loop and behind it, so that what is
 * carried would never be enough.
 */
export const canCarry = (loop: LoopFrame): boolean =>
  canGoRound(loop) && !mayBeCounted(loop) && !loop.isLeftByTable

/**
 * How a loop is paid for. The shortest trip is what is charged in advance; the longest one bounds
 * the time to the next look at the fuel.
 *
 * @param shortest - units of its shortest trip.
 * @param longest - units of its longest trip.
 * @param looks - some trip has no look at the fuel in it, so there must be one between two trips.
 * @param strips - where the fuel is, loops may be taken in strips.
 * @source metering reference, sections 5 and 6
 */
export function planLoop(
  loop: LoopFrame,
  shortest: number,
  longest: number,
  looks: boolean,
  strips: boolean,
): LoopPlan {
  const { counted } = loop
  const other: LoopPlan = canGoRound(loop)
    ? { kind: 'going-round', units: shortest - loop.carried, looks: looks || loop.hasLoop }
    : EACH_TRIP
  if (counted === undefined || !loop.isClosed) return other
  const { trips } = counted
  if (trips !== undefined && trips * longest <= MOST_AT_ONCE) return { kind: 'at-once', trips }
  const even = shortest > 0 && longest <= MOST_UNEVEN * shortest
  if (!strips || loop.hasLoop || !even || !canBeStripped(counted)) return other
  const strip = Math.max(1, Math.floor(STRIP_UNITS / longest))
  return { kind: 'in-strips', counted, units: shortest, trips: strip }
}
