import { EngineError } from '../../../contract/errors.ts'
import type { ContainerRecord } from '../../../engine/container/container-record.ts'
import type { Containers, Images } from '../../../engine/engine.ts'

/** What a container's own layer holds, and that with its image. */
export interface Sizes {
  readonly SizeRw?: number
  readonly SizeRootFs?: number
}

/** Of a container that is being removed nothing is known. */
export async function sizeShape(
  containers: Pick<Containers, 'resolve' | 'size'>,
  images: Pick<Images, 'list'>,
  { id, spec }: Pick<ContainerRecord, 'id' | 'spec'>,
): Promise<Sizes> {
  try {
    const own = await containers.size(containers.resolve(id))
    const image = images.list().find((one) => one.id === spec.imageId)
    return { SizeRw: own, SizeRootFs: own + (image?.size ?? 0) }
  } catch (error) {
    if (error instanceof EngineError) return {}
    throw error
  }
}
