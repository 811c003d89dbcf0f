import { Errno } from '../../contract/errno.ts'
import { ROOT } from '../../contract/identity.ts'
import { DONE, fail, type Result } from '../../contract/result.ts'
import type { Mount, MountTable, Place, Walker } from './place.ts'
import type { FileSystem, Vnode } from './vnode.ts'

/** The mounts of one container. */
export class MountNamespace implements MountTable {
  readonly #mounts: (Mount & { readOnly: boolean })[]

  constructor(root: FileSystem, options: { readonly readOnly: boolean }) {
    this.#mounts = [{ fs: root, readOnly: options.readOnly, on: undefined, path: '/' }]
  }

  /** The container's `/`. */
  get root(): Place {
    const [mount] = this.#mounts
    if (mount === undefined) throw new TypeError('a mount namespace has a root')
    return { mount, vnode: mount.fs.root }
  }

  list(): readonly Mount[] {
    return this.#mounts
  }

  mountedOn(vnode: Vnode): Mount | undefined {
    if (vnode.type !== 'directory' && this.#mounts.length === 1) return undefined
    // Later mounts cover earlier ones.
    return this.#mounts.findLast(
      ({ on }) => on !== undefined && on.vnode.inode === vnode.inode && on.vnode.fs === vnode.fs,
    )
  }

  /** Makes the root read-only, once everything that must be in it is there. */
  protectRoot(): void {
    const [root] = this.#mounts
    if (root !== undefined) root.readOnly = true
  }

  /** A walk of root's over this namespace. */
  walker(): Walker {
    return {
      mounts: this,
      personality: 'container',
      escapeErrno: 'PERM',
      credentials: ROOT,
      root: this.root,
    }
  }

  /**
   * Mounts `fs` at an absolute path. Missing directories on the way are made, also below a read-only
   * root, as Docker makes them; a file system that is a single file is mounted on a file.
   */
  mount(path: string, fs: FileSystem, options: { readonly readOnly: boolean }): Result<undefined> {
    let at = this.root
    const names = path.split('/').filter((name) => name !== '')
    for (const [depth, name] of names.entries()) {
      const asFile = depth === names.length - 1 && fs.root.type !== 'directory'
      const next = this.#child(at, name, asFile)
      if (next === undefined) return fail(Errno.NOTDIR)
      at = next
    }
    this.#mounts.push({ fs, readOnly: options.readOnly, on: at, path })
    return DONE
  }

  #child(at: Place, name: string, asFile: boolean): Place | undefined {
    const found = at.vnode.lookup(name)
    if (found.ok) {
      const mount = this.mountedOn(found.value)
      if (mount !== undefined) return { mount, vnode: mount.fs.root }
      return { mount: at.mount, vnode: found.value }
    }
    const made = asFile
      ? at.vnode.createFile(name, 0o644, ROOT)
      : at.vnode.createDirectory(name, 0o755, ROOT)
    return made.ok ? { mount: at.mount, vnode: made.value } : undefined
  }
}
