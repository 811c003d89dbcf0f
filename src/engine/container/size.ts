import type { Container } from './container.ts'
import type { ContainerParts } from './containers.ts'
import { onTree, type TreeParts } from './on-tree.ts'

/**
 * Bytes that a container's own layer holds: Docker's `SizeRw`.
 *
 * @throws EngineError `WRONG_STATE`: it is being removed.
 */
export const size =
  (parts: TreeParts & Pick<ContainerParts, 'hasLayer'>) =>
  async (container: Container): Promise<number> => {
    if (container.run === undefined && !parts.hasLayer(container.id)) return 0
    const ask = { verb: 'size' } as const
    return (await onTree(parts, container, (tree) => parts.cell.tree(tree, ask))).value
  }
