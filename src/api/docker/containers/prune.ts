import { EngineError } from '../../../contract/errors.ts'
import type { Containers } from '../../../engine/engine.ts'
import { parseDurationMs } from '../../../std/duration.ts'
import type { Handler } from '../context.ts'
import { labelFits, labelsFit, parseFilters } from '../filters.ts'
import { json } from '../json.ts'

const MS_PER_S = 1_000
const DATE = /^\d{4}-\d{2}-\d{2}/

/** Seconds since 1970, a date, or how long before now: `24h`. EngineError INVALID_ARGUMENT. */
function momentOf(text: string, now: Date): Date {
  if (/^\d{1,11}$/.test(text)) return new Date(Number(text) * MS_PER_S)
  if (DATE.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text)
  const ago = parseDurationMs(text)
  if (ago !== undefined) return new Date(now.getTime() - ago)
  throw new EngineError('INVALID_ARGUMENT', `invalid value for until: ${JSON.stringify(text)}`)
}

/** `filters`: `label`, `label!`, `until` of one time. 200, 400. */
export const pruneContainers =
  (containers: Pick<Containers, 'prune'>, now: () => Date): Handler =>
  async (c) => {
    const filters = parseFilters(c.req.query('filters'), ['label', 'label!', 'until'])
    const [until, ...more] = filters.get('until') ?? []
    if (more.length > 0) {
      throw new EngineError('INVALID_ARGUMENT', 'more than one until filter specified')
    }
    const before = until === undefined ? undefined : momentOf(until, now())
    const deleted = await containers.prune(({ record: { created, spec } }) => {
      const spared = (filters.get('label!') ?? []).some((label) => labelFits(label, spec.labels))
      return (
        !spared && labelsFit(filters, spec.labels) && (before === undefined || created < before)
      )
    })
    return json({ ContainersDeleted: deleted.length === 0 ? null : deleted, SpaceReclaimed: 0 })
  }
