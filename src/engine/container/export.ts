import type { Container } from './container.ts'
import { announce } from './containers.ts'
import { onTree, type TreeParts } from './on-tree.ts'

/**
 * A tar of a container's whole root, without what is mounted in it. Must be read, or given back.
 *
 * @throws EngineError `WRONG_STATE`: it is being removed.
 */
export const exportRoot =
  (parts: TreeParts) =>
  async (container: Container): Promise<AsyncGenerator<Uint8Array, void, undefined>> => {
    const ask = { verb: 'export' } as const
    const { bytes } = await onTree(parts, container, (tree) => parts.cell.tree(tree, ask))
    announce(parts, container.record, 'export')
    return bytes
  }
