import type { TreeChange } from '../../contract/tree.ts'
import { type LayerView, NODE } from './layer-view.ts'
import type { OverlayFileSystem } from './overlay.ts'
import { type UpperEntry, upperRows } from './upper-layer.ts'

const MODE_BITS = 0o7777
/** What is deeper has no path that a call could take (PATH_MAX of Linux, at two bytes a name). */
const MOST_DEPTH = 2_048

/** The image's node at these names; -1 for none. */
function imageNode(layer: LayerView, names: readonly string[]): number {
  let at = 0
  for (const name of names) {
    at = layer.type(at) === 'directory' ? layer.lookup(at, name) : -1
    if (at === -1) return -1
  }
  return at
}

/** A directory changes when its attributes do; what is in it is told by itself. */
function sameAttributes(layer: LayerView, node: number, entry: UpperEntry): boolean {
  return (
    (layer.field(node, NODE.MODE) & MODE_BITS) === entry.permissions &&
    layer.field(node, NODE.UID) === entry.owner &&
    layer.field(node, NODE.GID) === entry.group
  )
}

class Changes {
  readonly #layer: LayerView
  readonly #spared: ReadonlySet<string>
  readonly #found = new Map<string, TreeChange['kind']>()

  constructor(layer: LayerView, spared: ReadonlySet<string>) {
    this.#layer = layer
    this.#spared = spared
  }

  tell(names: readonly string[], kind: TreeChange['kind']): void {
    const path = `/${names.join('/')}`
    if (this.#spared.has(path)) return
    this.#found.set(path, kind)
    for (let depth = names.length - 1; depth > 0; depth -= 1) {
      const above = `/${names.slice(0, depth).join('/')}`
      // Whatever is told has all above it told.
      if (this.#found.has(above)) return
      this.#found.set(above, 'modified')
    }
  }

  /** What is in the image's directory `node`, and is not seen in the upper one that stands there. */
  hidden(names: readonly string[], node: number, isThere: (name: string) => boolean): void {
    for (const { name } of this.#layer.children(node)) {
      if (!isThere(name)) this.tell([...names, name], 'deleted')
    }
  }

  /** All that a directory of the image brings to another place by being moved there. */
  brought(names: readonly string[], node: number, isThere: (name: string) => boolean): void {
    const layer = this.#layer
    for (const { name, type, node: child } of layer.children(node)) {
      if (isThere(name)) continue
      const path = [...names, name]
      const before = imageNode(layer, path)
      this.tell(path, before === -1 ? 'added' : 'modified')
      if (type !== 'directory') continue
      this.brought(path, child, () => false)
      if (before !== -1) this.hidden(path, before, (below) => layer.lookup(child, below) !== -1)
    }
  }

  /** One name of the upper layer, and the names that stand below it there. */
  row(names: readonly string[], entry: UpperEntry, below: ReadonlySet<string>): void {
    const layer = this.#layer
    const before = imageNode(layer, names)
    if (entry.type === 'whiteout') {
      if (before !== -1) this.tell(names, 'deleted')
      return
    }
    const was = before === -1 ? undefined : layer.type(before)
    const still = entry.type === 'directory' && was === 'directory'
    if (names.length > 0 && !(still && sameAttributes(layer, before, entry))) {
      this.tell(names, was === undefined ? 'added' : 'modified')
    }
    if (entry.type !== 'directory') return
    const origin = entry.origin === undefined ? -1 : imageNode(layer, entry.origin)
    if (origin === before) return
    const isThere = (name: string): boolean => below.has(name)
    if (still) this.hidden(names, before, isThere)
    if (origin !== -1) this.brought(names, origin, isThere)
  }

  list(): readonly TreeChange[] {
    return [...this.#found]
      .map(([path, kind]) => ({ path, kind }))
      .sort((a, b) => (a.path < b.path ? -1 : 1))
  }
}

/**
 * What of an overlay's root is not as in its image, by path, with every directory on the way. A
 * directory of the image that was moved is told at both places: deleted, and added with all in it.
 *
 * @param spared - paths that are told by nobody.
 */
export function changesOf(
  overlay: OverlayFileSystem,
  spared: ReadonlySet<string>,
): readonly TreeChange[] {
  const entries = upperRows(overlay).map(({ entry }) => entry)
  const changes = new Changes(overlay.layer, spared)
  const below = entries.map((): Set<string> => new Set())
  for (const { parent, name } of entries.slice(1)) below[parent]?.add(name)
  const paths: (readonly string[] | undefined)[] = []
  for (const [row, entry] of entries.entries()) {
    const above = paths[entry.parent]
    const names = row === 0 ? [] : above && [...above, entry.name]
    const told = names !== undefined && names.length <= MOST_DEPTH ? names : undefined
    paths.push(told)
    if (told !== undefined) changes.row(told, entry, below[row] ?? new Set())
  }
  return changes.list()
}
