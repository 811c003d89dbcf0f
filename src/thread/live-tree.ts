import { EngineError, type ErrorCode } from '../contract/errors.ts'
import type { PutRules } from '../contract/tree.ts'
import type { OverlayFileSystem } from '../kernel/mount/overlay.ts'
import type { Walker } from '../kernel/mount/place.ts'
import { ownerOf } from './tree/owner.ts'
import { putArchive } from './tree/put-archive.ts'
import type { StagedEntry } from './tree/staged-archive.ts'
import { copyUpper } from './upper-file.ts'

/**
 * What the worker of a running process is asked about its files. It answers between two steps of its
 * guest: at a safepoint, around a call, or in the middle of a wait; never within a kernel call.
 */
export type LiveRequest = {
  readonly id: number
  /** The process that is meant: a worker has one after another. */
  readonly generation: number
} & (
  | { readonly verb: 'copy'; readonly file: string }
  | {
      readonly verb: 'put'
      readonly path: string
      readonly entries: readonly StagedEntry[]
      readonly rules: PutRules
    }
)

export type LiveReply = { readonly id: number } & (
  | { readonly ok: true }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string }
)

/** The files of a container whose process runs on this thread. */
export interface LiveTree {
  readonly overlay: OverlayFileSystem
  readonly user: string
  /** As root walks. */
  walker(): Walker
}

function act({ overlay, user, walker }: LiveTree, request: LiveRequest): void {
  if (request.verb === 'copy') copyUpper(overlay, request.file)
  else {
    const { path, entries, rules } = request
    const owner = ownerOf(walker(), user, rules)
    putArchive(walker(), path, entries, { rules, owner })
  }
}

/** Never throws: a guest must not end for what somebody else asked. */
export function replyTo(tree: LiveTree, request: LiveRequest): LiveReply {
  const { id } = request
  try {
    act(tree, request)
    return { id, ok: true }
  } catch (error) {
    const known = error instanceof EngineError
    const code = known ? error.code : 'INTERNAL'
    return { id, ok: false, code, message: known ? error.message : 'internal error' }
  }
}
