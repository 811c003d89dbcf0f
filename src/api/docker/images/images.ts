import type { Images } from '../../../engine/engine.ts'
import { layersOf } from '../../../engine/image/image-store.ts'
import type { Image } from '../../../engine/image/list.ts'
import type { RemovedImage } from '../../../engine/image/remove.ts'
import { since } from '../api-version.ts'
import type { ApiContext, Handler } from '../context.ts'
import { parseFilters } from '../filters.ts'
import { empty, json } from '../json.ts'
import { pruneFits } from '../prune-filters.ts'
import { flag } from '../query.ts'
import { unixSeconds } from '../time.ts'
import { familiarName } from './familiar-name.ts'
import { imageFits, wantsDangling } from './filters.ts'

const referenceOf = (c: ApiContext): string => familiarName(c.req.param('name') ?? '')

/** From these versions on: what has no name lists none, and containers are counted. */
const NO_NAMES_SINCE = 43
const COUNTED_SINCE = 51
/** Before it `filter` was a name. */
const FILTERS_SINCE = 25

/** An entry of the list. @source Docker Engine API, ImageSummary */
export const imageShape = (image: Image) => ({
  Id: image.id,
  ParentId: image.committed?.parent ?? '',
  RepoTags: image.names,
  RepoDigests: [] as readonly string[],
  Created: unixSeconds(new Date(image.created)),
  Size: image.size,
  SharedSize: -1,
  VirtualSize: image.size,
  Labels: image.config.Labels ?? {},
  Containers: image.containers,
})

/** @source engine API reference, 1 */
function listShape(image: Image, c: ApiContext) {
  const shape = imageShape(image)
  const old = !since(c.get('version'), NO_NAMES_SINCE) && image.names.length === 0
  return {
    ...shape,
    ...(!since(c.get('version'), COUNTED_SINCE) && { Containers: -1 }),
    ...(old && { RepoTags: ['<none>:<none>'], RepoDigests: ['<none>@<none>'] }),
  }
}

/** Before 1.25 `filter` was the name. 200, 400, 404 in a filter. */
export const listImages =
  (images: Pick<Images, 'list' | 'inspect'>, now: () => Date): Handler =>
  (c) => {
    const passed = imageFits(images, c.req.query('filters'), now())
    const name = since(c.get('version'), FILTERS_SINCE) ? undefined : c.req.query('filter')
    const named = name ? JSON.stringify({ reference: [name] }) : undefined
    const alsoPassed = imageFits(images, named, now())
    const shown = images
      .list()
      .flatMap((image) => passed(image) ?? [])
      .flatMap((image) => alsoPassed(image) ?? [])
    return json(shown.map((image) => listShape(image, c)))
  }

const inspectShape = (image: Image) => ({
  Id: image.id,
  RepoTags: image.names,
  RepoDigests: [],
  Parent: image.committed?.parent ?? '',
  Comment: image.committed?.comment ?? '',
  Created: image.created,
  DockerVersion: '',
  Author: image.committed?.author ?? '',
  Architecture: 'wasm',
  Os: 'linux',
  Size: image.size,
  VirtualSize: image.size,
  GraphDriver: { Name: 'overlay', Data: {} },
  RootFS: { Type: 'layers', Layers: layersOf(image).map(({ digest }) => digest) },
  Metadata: { LastTagTime: image.created },
  Config: { Labels: {}, Volumes: null, ExposedPorts: {}, ...image.config },
})

/** 200, 404. */
export const inspectImage =
  (images: Pick<Images, 'inspect'>): Handler =>
  (c) =>
    json(inspectShape(images.inspect(referenceOf(c))))

/** What made an image, as a line of a history. */
const madeBy = ({ committed }: Image): string =>
  committed === undefined
    ? 'bulkhead pull'
    : ['bulkhead commit', ...(committed.changes ?? [])].join('; ')

/** The layers below the last: nothing here has their ids. @source docker-history(1) */
const lowerLayers = (image: Image) =>
  layersOf(image)
    .slice(0, -1)
    .map(({ entry, size }) => ({
      Id: '<missing>',
      Created: unixSeconds(new Date(image.created)),
      CreatedBy: `bulkhead pull ${entry}`,
      Comment: '',
      Tags: null,
      Size: size,
    }))

/** The newest layer first. 200, 404. */
export const imageHistory =
  (images: Pick<Images, 'inspect'>): Handler =>
  (c) => {
    const image = images.inspect(referenceOf(c))
    const last = {
      Id: image.id,
      Created: unixSeconds(new Date(image.created)),
      CreatedBy: madeBy(image),
      Comment: image.committed?.comment ?? '',
      Tags: image.names.length === 0 ? null : image.names,
      Size: layersOf(image).at(-1)?.size ?? 0,
    }
    return json([last, ...lowerLayers(image).toReversed()])
  }

/** `repo` and `tag`. 201, 400, 404. */
export const tagImage =
  (images: Pick<Images, 'tag'>): Handler =>
  (c) => {
    const name = familiarName(c.req.query('repo') ?? '')
    images.tag(referenceOf(c), `${name}:${c.req.query('tag') || 'latest'}`)
    return empty(201)
  }

const removedShape = ({ untagged, deleted }: RemovedImage) => [
  ...untagged.map((Untagged) => ({ Untagged })),
  ...(deleted === undefined ? [] : [{ Deleted: deleted }]),
]

/** 200, 404, 409. */
export const removeImage =
  (images: Pick<Images, 'remove'>): Handler =>
  (c) => {
    const force = flag(c.req.query('force'))
    return json(removedShape(images.remove(referenceOf(c), { force })))
  }

/** `filters`: `dangling` (else also what has a name), `label`, `label!`, `until`. 200, 400. */
export const pruneImages =
  (images: Pick<Images, 'prune'>, now: () => Date): Handler =>
  (c) => {
    const text = c.req.query('filters')
    const fits = pruneFits(text, now(), ['until', 'dangling'])
    const known = ['label', 'label!', 'until', 'dangling']
    const all = wantsDangling(parseFilters(text, known)) === false
    const { removed, bytes } = images.prune(
      ({ created, config }) => fits(new Date(created), config.Labels ?? {}),
      { all },
    )
    const shapes = removed.flatMap(removedShape)
    return json({ ImagesDeleted: shapes.length === 0 ? null : shapes, SpaceReclaimed: bytes })
  }
