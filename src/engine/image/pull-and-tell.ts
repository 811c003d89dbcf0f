import { announceImage, type ImageParts, type ImageShelf } from './image-shelf.ts'

type How = Parameters<ImageShelf['pull']>[1]

/**
 * Pulls an image, unless it is here and as its catalogue says.
 *
 * @returns its id, and whether it is another than before.
 * @throws EngineError `NO_SUCH_IMAGE` | `PULL_FAILED`.
 */
export const pullAndTell =
  (parts: Pick<ImageParts, 'shelf' | 'events'>) => async (reference: string, how: How) => {
    const name = reference
    const before = parts.shelf.records().find((one) => `${one.name}:${one.tag}` === name)
    const image = await parts.shelf.pull(reference, how)
    announceImage(parts, { ...image, id: name }, 'pull', image.name)
    return { id: image.id, isNew: before?.id !== image.id }
  }
