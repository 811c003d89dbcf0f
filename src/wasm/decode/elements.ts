import type { ModuleLimits } from '../limits.ts'
import { invalidModule, type Reader } from './reader.ts'
import { constantExpression, valueType } from './sections.ts'

/** Bits of a segment's kind. @source WebAssembly core specification, binary format, "Element Section" */
const KIND = { PASSIVE_OR_DECLARED: 1, EXPLICIT: 2, EXPRESSIONS: 4 } as const
const LAST_KIND = 7

/** One segment; answers how many entries it has. */
function segment(reader: Reader, left: number): number {
  const kind = reader.u32()
  if (kind > LAST_KIND) throw invalidModule(`exec format error: unknown element segment ${kind}`)
  const active = (kind & KIND.PASSIVE_OR_DECLARED) === 0
  const explicit = (kind & KIND.EXPLICIT) !== 0
  const expressions = (kind & KIND.EXPRESSIONS) !== 0
  if (active && explicit) reader.u32()
  if (active) constantExpression(reader)
  // The type of the entries: a value type, or a kind that is always 0.
  if (!active || explicit) {
    if (expressions) valueType(reader)
    else reader.byte()
  }
  const count = reader.count('entries of element segments', left)
  for (let index = 0; index < count; index += 1) {
    if (expressions) constantExpression(reader)
    else reader.u32()
  }
  return count
}

/**
 * Passes over the element section and holds the sum of its entries to the limit: V8 keeps each as a
 * reference in the heap of the thread that runs the guest, where no account sees it.
 */
export function elementSection(reader: Reader, limits: ModuleLimits): void {
  const segments = reader.count('element segments', limits.elementSegments)
  let left = limits.elementEntries
  for (let index = 0; index < segments; index += 1) left -= segment(reader, left)
}
