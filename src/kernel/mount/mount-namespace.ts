import { Errno } from '../../contract/errno.ts'
import { ROOT } from '../../contract/identity.ts'
import { DONE, fail, type Result } from '../../contract/result.ts'
import { walkPath } from './path-walk.ts'
import type { Mount, MountTable, Place, Walker } from './place.ts'
import type { FileSystem, Vnode } from './vnode.ts'

/** The mounts of one container. */
export class MountNamespace implements MountTable {
  readonly #mounts: (Mount & { readOnly: boolean })[]
  /** The topmost mount on each covered inode: asked for at every step of every walk. */
  readonly #covered = new Map<FileSystem, Map<number, Mount>>()

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
    return this.#covered.get(vnode.fs)?.get(vnode.inode)
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
   * root, and links are followed inside the container, as Docker does both; a file system that is a
   * single file is mounted on a file.
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
    const mount = { fs, readOnly: options.readOnly, on: at, path }
    this.#mounts.push(mount)
    const covered = this.#covered.get(at.vnode.fs) ?? new Map<number, Mount>()
    this.#covered.set(at.vnode.fs, covered.set(at.vnode.inode, mount))
    return DONE
  }

  #child(at: Place, name: string, asFile: boolean): Place | undefined {
    const ending = walkPath(this.walker(), at, name, true)
    if (!ending.ok) return undefined
    const { directory, name: last, place } = ending.value
    if (place !== undefined) return place
    const made = asFile
      ? directory.vnode.createFile(last, 0o644, ROOT)
      : directory.vnode.createDirectory(last, 0o755, ROOT)
    return made.ok ? { mount: directory.mount, vnode: made.value } : undefined
  }
}
