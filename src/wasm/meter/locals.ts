import { invalidModule, type Reader } from '../decode/reader.ts'
import { valueType } from '../decode/sections.ts'
import type { LocalGroup } from './frames.ts'

/** The groups of locals that a body begins with; `limit` is of all of them and the parameters. */
export function declaredLocals(
  reader: Reader,
  params: number,
  limit: number,
): readonly LocalGroup[] {
  let locals = params
  const count = reader.count('groups of locals', limit)
  const groups: LocalGroup[] = []
  for (let index = 0; index < count; index += 1) {
    const group = { count: reader.u32(), type: valueType(reader) }
    groups.push(group)
    locals += group.count
    if (locals > limit) throw invalidModule(`${locals} locals of a function exceed ${limit}`)
  }
  return groups
}

/** Locals of a body, parameters included; the reader is left where its code starts. */
export const declaredCount = (reader: Reader, params: number, limit: number): number =>
  declaredLocals(reader, params, limit).reduce((sum, { count }) => sum + count, params)
