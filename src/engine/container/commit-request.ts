import type { ImageConfig } from './root-source.ts'

export interface CommitRequest {
  /** `name[:tag]`; undefined: the image has an id only. */
  readonly reference: string | undefined
  readonly comment: string
  readonly author: string
  /** Lines of a Dockerfile. */
  readonly changes: readonly string[]
  /** Laid over the container's own. */
  readonly config: Partial<ImageConfig>
}

/** An image to be, but for its files. */
export interface NewCommit
  extends Pick<CommitRequest, 'reference' | 'comment' | 'author' | 'changes'> {
  /** Id of the image that the container was made from. */
  readonly parent: string
  readonly config: ImageConfig
}
