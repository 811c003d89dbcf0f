import type { ImageRecord } from './image-store.ts'

/** Bytes of files by their digest: a file that is there twice counts once. */
export type Sizes = ReadonlyMap<string, number>

const sizesOf = (images: readonly Pick<ImageRecord, 'files'>[]): Map<string, number> =>
  new Map(
    images.flatMap(({ files }) =>
      files.flatMap((file) => (file.type === 'regular' ? [[file.digest, file.size] as const] : [])),
    ),
  )

export const sumOf = (sizes: Sizes): number =>
  [...sizes.values()].reduce((sum, size) => sum + size, 0)

/** What these images take together. */
export const bytesOf = (images: readonly ImageRecord[]): number => sumOf(sizesOf(images))

/** The files of an image that none of the others has. */
export function ownSizes(
  image: Pick<ImageRecord, 'files'>,
  others: readonly Pick<ImageRecord, 'files'>[],
): Sizes {
  const own = sizesOf([image])
  for (const digest of sizesOf(others).keys()) own.delete(digest)
  return own
}
