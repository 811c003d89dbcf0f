import type { TreeChange } from '../../contract/tree.ts'
import type { Container } from './container.ts'
import { onTree, type TreeParts } from './on-tree.ts'

/**
 * What of a container's root is not as in its image, by path.
 *
 * @throws EngineError `WRONG_STATE`: it is being removed.
 */
export const diff =
  (parts: TreeParts) =>
  async (container: Container): Promise<readonly TreeChange[]> => {
    const ask = { verb: 'changes' } as const
    return (await onTree(parts, container, (tree) => parts.cell.tree(tree, ask))).value
  }
