import type { ImageParts } from './image-shelf.ts'
import { type ImageRecord, nameOf } from './image-store.ts'
import { bytesOf, ownSizes, sumOf } from './sizes.ts'

/** An image with all its names. */
export interface Image extends Omit<ImageRecord, 'name' | 'tag'> {
  /** `name:tag` each. */
  readonly names: readonly string[]
  /** Containers that were made from it. */
  readonly containers: number
}

const newestFirst = (a: ImageRecord, b: ImageRecord): number =>
  Date.parse(b.created) - Date.parse(a.created)

const withNames = (
  { containers }: Pick<ImageParts, 'containers'>,
  image: ImageRecord,
  records: readonly ImageRecord[],
): Image => ({
  ...image,
  names: records.filter(({ id }) => id === image.id).flatMap((one) => nameOf(one) ?? []),
  containers: containers.list().filter(({ record }) => record.spec.imageId === image.id).length,
})

/** The images that are here, the newest first. */
export const listImages =
  (parts: Pick<ImageParts, 'shelf' | 'containers'>) => (): readonly Image[] => {
    const records = parts.shelf.records()
    const first = new Map(records.toReversed().map((record) => [record.id, record]))
    return [...first.values()].sort(newestFirst).map((record) => withNames(parts, record, records))
  }

/** By name or the beginning of its id. EngineError NO_SUCH_IMAGE. */
export const inspectImage =
  (parts: Pick<ImageParts, 'shelf' | 'containers'>) =>
  (reference: string): Image =>
    withNames(parts, parts.shelf.get(reference), parts.shelf.records())

/** Bytes of all images together, and of each what no other has. */
export const imageBytes = ({ shelf }: Pick<ImageParts, 'shelf'>) => {
  const records = shelf.records()
  const own = (id: string): number => {
    const [image, others] = [
      records.find((one) => one.id === id),
      records.filter((one) => one.id !== id),
    ]
    return image === undefined ? 0 : sumOf(ownSizes(image, others))
  }
  return { all: bytesOf(records), own }
}
