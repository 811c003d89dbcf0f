import type { Containers } from '../../../engine/engine.ts'
import type { Handler } from '../context.ts'
import { json } from '../json.ts'
import { pruneFits } from '../prune-filters.ts'

/** `filters`: `label`, `label!`, `until` of one time. 200, 400. */
export const pruneContainers =
  (containers: Pick<Containers, 'prune'>, now: () => Date): Handler =>
  async (c) => {
    const fits = pruneFits(c.req.query('filters'), now())
    const { ids, bytes } = await containers.prune(({ record: { created, spec } }) =>
      fits(created, spec.labels),
    )
    return json({ ContainersDeleted: ids.length === 0 ? null : ids, SpaceReclaimed: bytes })
  }
