import linkModule from '@jsonjoy.com/fs-core/lib/Link.js'
import nodeModule from '@jsonjoy.com/fs-core/lib/Node.js'
import type { InodeStore, StoredLink, StoredNode, StoredType } from '../contract/inode-store.ts'

const { Link } = linkModule
const { Node } = nodeModule

const S_IFREG = 0o100000
const S_IFDIR = 0o040000
const FORMAT_OF: Readonly<Record<StoredType, number>> = {
  regular: S_IFREG,
  directory: S_IFDIR,
  symlink: 0o120000,
  whiteout: 0o020000,
}
const NO_BYTES = new Uint8Array()
/** A volume of fs-core: a link asks it for nothing but the nodes that it makes itself, and makes none here. */
const NO_VOLUME = undefined as never

/** fs-core's inode with the fields it lacks: times in ns, its own bytes, pins. */
class KernelNode extends Node implements StoredNode {
  readonly type: StoredType
  permissions = 0
  owner = 0
  group = 0
  names = 0
  accessed = 0n
  modified = 0n
  changed = 0n
  charged = 0
  extent: Uint8Array = NO_BYTES
  readonly pages: (Uint8Array | undefined)[] = []
  length = 0
  text = ''
  pins = 0

  constructor(inode: number, type: StoredType) {
    // Without owners fs-core would ask the process for its own, each time.
    super(inode, FORMAT_OF[type], 0, 0)
    this.type = type
  }

  get inode(): number {
    return this.ino
  }
}

/**
 * fs-core's link, seen as a name of our own store. Its path is not kept: a list of all names above
 * each link takes 400 MB for 10,000 nested directories, and is rewritten below each one renamed.
 */
class KernelLink extends Link implements StoredLink {
  override get steps(): string[] {
    return [this.name]
  }

  override set steps(_: string[]) {}

  override syncSteps(): void {}

  get inodeOf(): StoredNode {
    // Only this file makes links, and it gives them nodes of this class.
    return this.node as KernelNode
  }

  get above(): StoredLink | undefined {
    return this.parent as KernelLink | undefined
  }

  entry(name: string): StoredLink | undefined {
    return this.children.get(name) as KernelLink | undefined
  }

  *entries(): Generator<readonly [string, StoredLink]> {
    for (const [name, link] of this.children) {
      if (name !== '.' && name !== '..' && link !== undefined) yield [name, link as KernelLink]
    }
  }

  get size(): number {
    return this.children.size - (this.children.has('.') ? 1 : 0) - (this.children.has('..') ? 1 : 0)
  }
}

const own = (link: StoredLink): KernelLink => {
  if (link instanceof KernelLink) return link
  throw new TypeError('a link of another store')
}

/**
 * An inode store on memfs's own links and nodes. Its path calls, reads and writes are not used:
 * they check nothing, allocate dates and reuse inode numbers.
 *
 * @source memfs faults and costs: WASI and memfs reference, part 4
 */
export function createInodeStore(): InodeStore {
  let lastInode = 0
  const node = (type: StoredType): KernelNode => {
    lastInode += 1
    return new KernelNode(lastInode, type)
  }
  const root = new KernelLink(NO_VOLUME, undefined, '')
  root.setNode(node('directory'))
  const insert = (directory: StoredLink, name: string, inode: StoredNode): KernelLink => {
    const link = new KernelLink(NO_VOLUME, own(directory), name)
    // Nodes come from `node` above.
    link.setNode(inode as KernelNode)
    own(directory).setChild(name, link)
    return link
  }
  const remove = (directory: StoredLink, name: string): void => {
    const link = directory.entry(name)
    if (link === undefined) return
    own(directory).deleteChild(own(link))
    own(link).parent = undefined
  }
  return {
    root,
    node,
    insert,
    remove,
    move: (from, name, to, newName) => {
      const link = from.entry(name)
      if (link === undefined) return
      own(from).deleteChild(own(link))
      const moved = own(link)
      moved.parent = own(to)
      moved.name = newName
      own(to).setChild(newName, moved)
    },
  }
}
