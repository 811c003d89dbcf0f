import type { GuestSpec } from './guest-spec.ts'

/** Where a container's files are. Plain data: it may have to cross a process. */
export interface Tree {
  /** A `PreparedRoot` of the cell that is asked. */
  readonly root: { readonly key: string }
  /** As `CellJob` has it. Read when no process runs in the container. */
  readonly writableLayer: string
  readonly guest: Pick<GuestSpec, 'mounts' | 'readOnlyRoot' | 'limits' | 'user'>
  /** Of the process that runs in it, which then answers for its files. */
  readonly pid: number | undefined
}

/** What stands at a path, as lstat(2) tells it. */
export interface PathStat {
  /** The last name of the path that was asked for. */
  readonly name: string
  readonly type: 'regular' | 'directory' | 'symlink' | 'other'
  /** Bytes. */
  readonly size: number
  /** The twelve permission bits. */
  readonly mode: number
  /** Nanoseconds since 1970. */
  readonly modified: bigint
  /** Where a symlink leads in the container, as far as that is there; empty for all others. */
  readonly linkTarget: string
}

/** Something that is not as in the image. */
export interface TreeChange {
  readonly path: string
  readonly kind: 'modified' | 'added' | 'deleted'
}

export interface PutRules {
  /** A directory does not take a file's place, nor a file a directory's. */
  readonly noOverwriteDirNonDir: boolean
  /** Everything belongs to the container's user, and not to whom the archive says. */
  readonly copyUIDGID: boolean
}

/** What can be asked of a tree. Archives are tar; one that is put may be gzipped. */
export type TreeRequest =
  /** What is there; a last symlink is not followed, unless a slash stands behind it. */
  | { readonly verb: 'stat'; readonly path: string }
  /** The same, and an archive of it and of all below it. */
  | { readonly verb: 'get'; readonly path: string }
  /** Unpacks an archive into the directory at `path`. */
  | { readonly verb: 'put'; readonly path: string; readonly rules: PutRules }
  /** What is not as in the image, by path. */
  | { readonly verb: 'changes' }
  /** An archive of the whole root, without what is mounted in it. */
  | { readonly verb: 'export' }
  /** Bytes that the container's own layer holds. */
  | { readonly verb: 'size' }

export interface TreeValues {
  readonly stat: PathStat
  readonly get: PathStat
  readonly put: undefined
  readonly changes: readonly TreeChange[]
  readonly export: undefined
  readonly size: number
}

export type TreeVerb = TreeRequest['verb']

export interface TreeAnswer<V extends TreeVerb> {
  readonly value: TreeValues[V]
  /**
   * The archive of `get` and `export`; must be read, or given back by `return`. Whatever the container
   * does meanwhile, it is the tree as it was when it was asked.
   */
  readonly bytes: AsyncGenerator<Uint8Array, void, undefined>
}

/** Bytes that an archive may bring: what the container may hold. */
export const roomOf = ({ guest }: Pick<Tree, 'guest'>): number =>
  Math.min(guest.limits.disk, guest.limits.memory)
