import type { NewCommit } from '../container/commit-request.ts'
import type { AllContainers } from '../container/containers.ts'
import type { Events } from '../event/events.ts'
import type { ImageRecord } from './image-store.ts'
import type { PullProgress } from './pull.ts'

/** The images that are here: a record for each name, and one for an image that has none. */
export interface ImageShelf {
  records(): readonly ImageRecord[]
  /** By name or the beginning of its id. EngineError NO_SUCH_IMAGE. */
  get(reference: string): ImageRecord
  /** Whether the catalogue has it. EngineError INVALID_ARGUMENT: no name. */
  canPull(reference: string): boolean
  pull(
    reference: string,
    how: {
      readonly onProgress?: (progress: PullProgress) => void
      readonly signal?: AbortSignal
    },
  ): Promise<ImageRecord>
  /** Gives an image one more name. What had it goes on without. EngineError INVALID_ARGUMENT. */
  name(image: ImageRecord, wanted: string): void
  /** Takes a record's name away; the image stays, under its id if it has no other name. */
  unname(image: ImageRecord): void
  /** Takes a record away, and with an image's last its files. @returns bytes that went. */
  drop(image: ImageRecord): number
  /** An image of a container's root. EngineError INVALID_ARGUMENT: no name. */
  commit(commit: NewCommit, root: AsyncIterable<Uint8Array>): Promise<ImageRecord>
}

/** What the verbs for images are made of. Each takes the few it needs. */
export interface ImageParts {
  readonly shelf: ImageShelf
  readonly containers: Pick<AllContainers, 'list'>
  readonly events: Events
}

/** Tells that something happened to an image. */
export function announceImage(
  { events }: Pick<ImageParts, 'events'>,
  { id, config }: ImageRecord,
  action: string,
  name: string,
): void {
  const actor = { id, attributes: { ...config.Labels, name } }
  events.publish({ type: 'image', action, actor })
}
