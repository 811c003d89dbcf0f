import { Writer } from './writer.ts'

/** Of one function: where in its body, counted from its declarations, the unlikely `if` stand. */
export interface FunctionHints {
  readonly index: number
  readonly places: readonly number[]
}

const NAME = 'metadata.code.branch_hint'
const UNLIKELY = 0

/**
 * The custom section that tells V8 which branches are hardly ever taken: it moves the slow paths
 * out of line and saves no registers around them. It stands before the code.
 *
 * @source WebAssembly branch hinting proposal: functions and places in ascending order
 */
export function hintSection(hints: readonly FunctionHints[]): Writer | undefined {
  const some = hints.filter(({ places }) => places.length > 0)
  if (some.length === 0) return undefined
  const out = new Writer().name(NAME).u32(some.length)
  for (const { index, places } of some) {
    out.u32(index).u32(places.length)
    for (const place of places) out.u32(place).u32(1).byte(UNLIKELY)
  }
  return out
}
