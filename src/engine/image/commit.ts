import type { NewCommit } from '../container/commit-request.ts'
import { announceImage, type ImageParts } from './image-shelf.ts'

/**
 * Makes an image of a container's whole root.
 *
 * @returns its id.
 * @throws EngineError `INVALID_ARGUMENT`: no name; and what breaks the root.
 */
export const commitImage =
  (parts: Pick<ImageParts, 'shelf' | 'events'>) =>
  async (commit: NewCommit, root: AsyncIterable<Uint8Array>): Promise<string> => {
    const image = await parts.shelf.commit(commit, root)
    announceImage(parts, image, 'create', image.id)
    if (commit.reference !== undefined) announceImage(parts, image, 'tag', commit.reference)
    return image.id
  }
