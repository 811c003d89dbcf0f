/** What a writable file system keeps. `whiteout` hides a name of the layer below it. */
export type StoredType = 'regular' | 'directory' | 'symlink' | 'whiteout'

/** One inode: plain fields, owned by the file system that made it. */
export interface StoredNode {
  readonly inode: number
  readonly type: StoredType
  permissions: number
  owner: number
  group: number
  /** Names that lead here. */
  names: number
  accessed: bigint
  modified: bigint
  changed: bigint
  /** Bytes it is charged for: at least `length`. */
  charged: number
  /** What was written, as kernel/mount/file-bytes.ts has it. */
  extent: Uint8Array
  readonly pages: (Uint8Array | undefined)[]
  /** Size of the file. */
  length: number
  /** Of a symlink. */
  text: string
  /** Open handles: an inode without names lives until the last one closes. */
  pins: number
}

/** A name in a directory. A directory has exactly one. */
export interface StoredLink {
  readonly inodeOf: StoredNode
  /** Undefined for the root, and for what was removed. */
  readonly above: StoredLink | undefined
  entry(name: string): StoredLink | undefined
  /** In the order of their making. */
  entries(): Iterable<readonly [name: string, link: StoredLink]>
  /** How many names are in this directory. */
  readonly size: number
}

/** Names and inodes of one writable tree. It checks nothing: rules and quotas stand above it. */
export interface InodeStore {
  readonly root: StoredLink
  node(type: StoredType): StoredNode
  insert(directory: StoredLink, name: string, node: StoredNode): StoredLink
  remove(directory: StoredLink, name: string): void
  move(from: StoredLink, name: string, to: StoredLink, newName: string): void
}
