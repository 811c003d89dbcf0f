import type { Containers, Volumes } from '../../../engine/engine.ts'
import type { Handler, ImageVerbs } from '../context.ts'
import { repoTags } from '../images/images.ts'
import { json } from '../json.ts'
import { unixSeconds } from '../time.ts'
import { volumeShape } from '../volumes/volumes.ts'

/** 200. What is kept on disk: `docker system df`. */
export const diskUsage =
  (
    containers: Pick<Containers, 'list'>,
    images: Pick<ImageVerbs, 'list'>,
    volumes: Pick<Volumes, 'list' | 'size'>,
  ): Handler =>
  async () => {
    const all = await images.list()
    const used = containers.list().map(({ record }) => record)
    return json({
      LayersSize: all.reduce((sum, image) => sum + image.size, 0),
      Images: all.map((image) => ({
        Id: image.id,
        ParentId: '',
        RepoTags: repoTags(image),
        RepoDigests: [],
        Created: unixSeconds(new Date(image.created)),
        Size: image.size,
        SharedSize: 0,
        Labels: {},
        Containers: used.filter(({ spec }) => spec.imageId === image.id).length,
      })),
      Containers: used.map(({ id, name, spec, state, created }) => ({
        Id: id,
        Names: [`/${name}`],
        Image: spec.image,
        ImageID: spec.imageId,
        Created: unixSeconds(created),
        State: state.status,
        SizeRw: 0,
        SizeRootFs: all.find((image) => image.id === spec.imageId)?.size ?? 0,
      })),
      Volumes: await Promise.all(
        volumes.list().map(async (volume) => ({
          ...volumeShape(volume),
          UsageData: { RefCount: volume.users, Size: await volumes.size(volume) },
        })),
      ),
      BuildCache: [],
    })
  }
