import { OWN_FILES } from '../contract/own-files.ts'
import { type LayerParts, LayerView } from '../kernel/mount/layer-view.ts'
import type { FileType } from '../kernel/mount/vnode.ts'
import { type Identity, identityIn } from './container-ground.ts'
import { KERNEL_MOUNTS } from './furnish.ts'
import { NAMES, namesIn } from './name-files.ts'

/** What a thread knows of an image's files, which no container changes. */
export class KeptRoot {
  readonly view: LayerView
  /** Nothing of the image is in the way of what stands in each root: no link, and all directories. */
  readonly isPlain: boolean
  /** Of the user that was asked for last. */
  #last: { readonly user: string; readonly identity: Identity } | undefined

  constructor(parts: LayerParts) {
    this.view = new LayerView(parts)
    this.isPlain =
      [...KERNEL_MOUNTS, '/etc'].every((path) => this.#typeAt(path) === 'directory') &&
      [...OWN_FILES, NAMES.passwd, NAMES.group].every(
        (path) => (this.#typeAt(path) ?? 'regular') === 'regular',
      )
  }

  /** Undefined: nothing is there. */
  #typeAt(path: string): FileType | undefined {
    const node = this.view.find(path)
    return node === -1 ? undefined : this.view.type(node)
  }

  /** Who `user` is by the image alone, where it is plain. @throws EngineError `INVALID_ARGUMENT`. */
  identityOf(user: string): Identity {
    if (this.#last?.user !== user) {
      this.#last = { user, identity: identityIn((path) => this.#text(path), user) }
    }
    return this.#last.identity
  }

  #text(path: string): string {
    const node = this.view.find(path)
    return node === -1 ? '' : namesIn(path, this.view.bytes(node))
  }
}

/** The roots of a thread's containers: whoever has an image after another finds it read. */
export class KeptRoots {
  readonly #roots = new WeakMap<LayerParts, KeptRoot>()

  of(parts: LayerParts): KeptRoot {
    let root = this.#roots.get(parts)
    if (root === undefined) {
      root = new KeptRoot(parts)
      this.#roots.set(parts, root)
    }
    return root
  }
}
