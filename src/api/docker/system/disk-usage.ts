import { EngineError } from '../../../contract/errors.ts'
import type { Containers, Images, Volumes } from '../../../engine/engine.ts'
import type { Image } from '../../../engine/image/list.ts'
import { since } from '../api-version.ts'
import { commandText } from '../containers/list.ts'
import { mountShapes } from '../containers/mounts-shape.ts'
import { sizeShape } from '../containers/size-shape.ts'
import { statusText } from '../containers/state.ts'
import type { ApiContext, Handler } from '../context.ts'
import { imageShape } from '../images/images.ts'
import { json } from '../json.ts'
import { unixSeconds } from '../time.ts'
import { volumeShape } from '../volumes/volumes.ts'

type SizedContainers = Pick<Containers, 'list' | 'resolve' | 'size'>

/** One after another: each is read into memory for it. */
async function containerShapes(
  containers: SizedContainers,
  images: Pick<Images, 'list'>,
  now: Date,
): Promise<readonly object[]> {
  const shapes: object[] = []
  for (const { record } of containers.list()) {
    const { id, name, spec, state, created } = record
    shapes.push({
      Id: id,
      Names: [`/${name}`],
      Image: spec.image,
      ImageID: spec.imageId,
      Command: commandText(spec.guest.args),
      Created: unixSeconds(created),
      Labels: spec.labels,
      State: state.status,
      Status: statusText(state, now),
      Mounts: mountShapes(spec.guest.mounts),
      SizeRw: 0,
      ...(await sizeShape(containers, images, record)),
    })
  }
  return shapes
}

const imagesShape = (all: readonly Image[], own: (id: string) => number) =>
  all.map((image) => ({ ...imageShape(image), SharedSize: image.size - own(image.id) }))

const volumeShapes = (volumes: Pick<Volumes, 'list' | 'size'>): Promise<readonly object[]> =>
  Promise.all(
    volumes.list().map(async (volume) => ({
      ...volumeShape(volume),
      UsageData: { RefCount: volume.users, Size: await volumes.size(volume) },
    })),
  )

const TYPES = ['container', 'image', 'volume', 'build-cache'] as const
const TYPES_SINCE = 42

/** Which of them `type` asks for: all where it does not. EngineError INVALID_ARGUMENT. */
function wantedTypes(c: ApiContext): (type: (typeof TYPES)[number]) => boolean {
  const given = since(c.get('version'), TYPES_SINCE) ? (c.req.queries('type') ?? []) : []
  const unknown = given.find((type) => !TYPES.some((known) => known === type))
  if (unknown !== undefined) {
    throw new EngineError('INVALID_ARGUMENT', `unknown object type: ${unknown}`)
  }
  return (type) => given.length === 0 || given.includes(type)
}

/** 200, 400. What is kept on disk: `docker system df`. */
export const diskUsage =
  (
    containers: SizedContainers,
    images: Pick<Images, 'list' | 'bytes'>,
    volumes: Pick<Volumes, 'list' | 'size'>,
    now: () => Date,
  ): Handler =>
  async (c) => {
    const wanted = wantedTypes(c)
    const { all, own } = images.bytes()
    return json({
      ...(wanted('image') && { LayersSize: all, Images: imagesShape(images.list(), own) }),
      ...(wanted('container') && {
        Containers: await containerShapes(containers, images, now()),
      }),
      ...(wanted('volume') && { Volumes: await volumeShapes(volumes) }),
      ...(wanted('build-cache') && { BuildCache: [] }),
    })
  }
