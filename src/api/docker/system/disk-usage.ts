import type { Containers, Images, Volumes } from '../../../engine/engine.ts'
import type { Image } from '../../../engine/image/list.ts'
import { commandText } from '../containers/list.ts'
import { mountShapes } from '../containers/mounts-shape.ts'
import { sizeShape } from '../containers/size-shape.ts'
import { statusText } from '../containers/state.ts'
import type { Handler } from '../context.ts'
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

/** 200. What is kept on disk: `docker system df`. */
export const diskUsage =
  (
    containers: SizedContainers,
    images: Pick<Images, 'list' | 'bytes'>,
    volumes: Pick<Volumes, 'list' | 'size'>,
    now: () => Date,
  ): Handler =>
  async () => {
    const { all, own } = images.bytes()
    return json({
      LayersSize: all,
      Images: imagesShape(images.list(), own),
      Containers: await containerShapes(containers, images, now()),
      Volumes: await Promise.all(
        volumes.list().map(async (volume) => ({
          ...volumeShape(volume),
          UsageData: { RefCount: volume.users, Size: await volumes.size(volume) },
        })),
      ),
      BuildCache: [],
    })
  }
