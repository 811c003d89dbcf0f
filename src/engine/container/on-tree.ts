import { EngineError } from '../../contract/errors.ts'
import type { Status } from '../../contract/state.ts'
import type { Tree } from '../../contract/tree.ts'
import type { Container } from './container.ts'
import type { ContainerParts } from './containers.ts'

/** What a verb for files needs of the engine. */
export type TreeParts = Pick<ContainerParts, 'cell' | 'image' | 'layerFile' | 'store' | 'events'>

const LEAVING: ReadonlySet<Status> = new Set(['removing', 'dead'])

/** Where a container's files are; its root is prepared. EngineError NO_SUCH_IMAGE. */
export async function treeOf(
  { cell, image, layerFile }: Pick<TreeParts, 'cell' | 'image' | 'layerFile'>,
  { id, record, run }: Container,
): Promise<Tree> {
  const { guest, imageId } = record.spec
  const { root } = await image(imageId)
  const { mounts, readOnlyRoot, limits, user } = guest
  return {
    root: await cell.prepareRoot(root.key, () => root.files()),
    writableLayer: layerFile(id),
    guest: { mounts, readOnlyRoot, limits, user },
    pid: run?.process.pid,
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof EngineError && error.code === 'PROCESS_GONE'

/**
 * Does `work` on a container's files. Those of a process that runs are its own business; those of a
 * container that rests stay as they are until `work` is done, and nothing is started meanwhile.
 *
 * @param again - a process that ended meanwhile does not matter: `work` can be done once more.
 * @throws EngineError `WRONG_STATE`: it is being removed. `PROCESS_GONE`; and what `work` throws.
 */
export async function onTree<T>(
  parts: TreeParts,
  container: Container,
  work: (tree: Tree) => Promise<T>,
  { again }: { readonly again: boolean } = { again: true },
): Promise<T> {
  const { run } = container
  if (run !== undefined) {
    try {
      return await work(await treeOf(parts, container))
    } catch (error) {
      if (!(again && isGone(error))) throw error
      await run.over.promise
    }
  }
  return await container.turn.run(async () => {
    const { status } = container.record.state
    if (LEAVING.has(status)) {
      throw new EngineError('WRONG_STATE', `container ${container.id} is marked for removal`)
    }
    return await work(await treeOf(parts, container))
  })
}
