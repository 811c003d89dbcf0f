import { announceImage, type ImageParts } from './image-shelf.ts'

/**
 * Gives an image one more name.
 *
 * @throws EngineError `NO_SUCH_IMAGE` | `INVALID_ARGUMENT`.
 * @source docker-tag(1)
 */
export const tagImage =
  (parts: Pick<ImageParts, 'shelf' | 'events'>) =>
  (reference: string, name: string): void => {
    const image = parts.shelf.get(reference)
    parts.shelf.name(image, name)
    announceImage(parts, image, 'tag', name)
  }
