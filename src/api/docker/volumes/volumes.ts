import { z } from 'zod'
import { EngineError } from '../../../contract/errors.ts'
import type { Volumes } from '../../../engine/engine.ts'
import type { VolumeFacts } from '../../../engine/volume/inspect.ts'
import { ANONYMOUS } from '../../../engine/volume/volume-record.ts'
import { since } from '../api-version.ts'
import { parseBody } from '../body.ts'
import type { ApiContext, Handler } from '../context.ts'
import { anyOf, type Filters, labelsFit, nameFits, parseFilters } from '../filters.ts'
import { empty, json } from '../json.ts'
import { pruneFits } from '../prune-filters.ts'
import { flag } from '../query.ts'

const LIST_FILTERS = ['name', 'driver', 'label', 'dangling']
/** From this version on a prune spares volumes that somebody named. */
const NAMED_SPARED_SINCE = 42

const nameOf = (c: ApiContext): string => c.req.param('name') ?? ''

/** @source Docker Engine API, Volume */
export const volumeShape = ({ record, mountpoint }: VolumeFacts) => ({
  CreatedAt: record.created.toISOString().replace(/\.\d+Z$/, 'Z'),
  Driver: 'local',
  Labels: Object.keys(record.labels).length === 0 ? null : record.labels,
  Mountpoint: mountpoint,
  Name: record.name,
  Options: null,
  Scope: 'local',
})

function wantsDangling(filters: Filters): boolean | undefined {
  const [value] = filters.get('dangling') ?? []
  if (value === undefined) return undefined
  if (!['1', 'true', '0', 'false'].includes(value)) {
    throw new EngineError('INVALID_ARGUMENT', `invalid filter 'dangling=${value}'`)
  }
  return flag(value)
}

/** 200, 400. */
export const listVolumes =
  (volumes: Pick<Volumes, 'list'>): Handler =>
  (c) => {
    const filters = parseFilters(c.req.query('filters'), LIST_FILTERS)
    const dangling = wantsDangling(filters)
    const shown = volumes
      .list()
      .filter(
        ({ record, users }) =>
          anyOf(filters, 'name', (wanted) => nameFits(record.name, wanted)) &&
          anyOf(filters, 'driver', (wanted) => wanted === 'local') &&
          labelsFit(filters, record.labels) &&
          (dangling === undefined || dangling === (users === 0)),
      )
    return json({ Volumes: shown.map(volumeShape), Warnings: null })
  }

/** 200, 404. */
export const inspectVolume =
  (volumes: Pick<Volumes, 'inspect'>): Handler =>
  (c) =>
    json(volumeShape(volumes.inspect(nameOf(c))))

const texts = z.record(z.string(), z.string()).nullish()
const createSchema = z.object({
  Name: z.string().nullish(),
  Driver: z.string().nullish(),
  DriverOpts: texts,
  Labels: texts,
})

/** 201, also for one that is there; 400, 404 no such driver. */
export const createVolume =
  (volumes: Pick<Volumes, 'create' | 'inspect'>): Handler =>
  async (c) => {
    const body = await parseBody(c, createSchema)
    const { name } = await volumes.create({
      name: body.Name ?? undefined,
      driver: body.Driver ?? undefined,
      options: body.DriverOpts ?? undefined,
      labels: body.Labels ?? undefined,
    })
    return json(volumeShape(volumes.inspect(name)), 201)
  }

/** 204, 404, 409 in use. */
export const removeVolume =
  (volumes: Pick<Volumes, 'remove'>): Handler =>
  async (c) => {
    await volumes.remove(nameOf(c), { force: flag(c.req.query('force')) })
    return empty(204)
  }

/** `filters`: `label`, `label!`; `all`: those that somebody named too. 200, 400. */
export const pruneVolumes =
  (volumes: Pick<Volumes, 'prune'>, now: () => Date): Handler =>
  async (c) => {
    const text = c.req.query('filters')
    const fits = pruneFits(text, now(), ['all'])
    const [all] = parseFilters(text, ['label', 'label!', 'all']).get('all') ?? []
    const named = flag(all) || !since(c.get('version'), NAMED_SPARED_SINCE)
    const { names, bytes } = await volumes.prune(
      ({ created, labels }) => (named || Object.hasOwn(labels, ANONYMOUS)) && fits(created, labels),
    )
    return json({ VolumesDeleted: names, SpaceReclaimed: bytes })
  }
