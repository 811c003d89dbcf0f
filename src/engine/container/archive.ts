import { EngineError } from '../../contract/errors.ts'
import type { PathStat, PutRules, TreeAnswer } from '../../contract/tree.ts'
import type { Container } from './container.ts'
import { announce } from './containers.ts'
import { onTree, type TreeParts } from './on-tree.ts'

/** A path inside a container, and the container as the caller wrote it, for the texts. */
export interface PathIn {
  readonly path: string
  readonly reference: string
}

/** @source moby daemon/archive: the text clients show */
async function named<T>({ path, reference }: PathIn, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'NO_SUCH_PATH') throw error
    const text = `Could not find the file ${path} in container ${reference}`
    throw new EngineError('NO_SUCH_PATH', text, { cause: error })
  }
}

function checked({ path }: PathIn): string {
  if (path === '') throw new EngineError('INVALID_ARGUMENT', 'bad parameter: path cannot be empty')
  if (path.includes('\0'))
    throw new EngineError('INVALID_ARGUMENT', 'bad parameter: path has a NUL')
  return path
}

/**
 * What stands at a path in a container, running or not.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `NO_SUCH_PATH` | `WRONG_STATE`.
 * @source engine API reference, 10
 */
export const statArchive =
  (parts: TreeParts) =>
  async (container: Container, where: PathIn): Promise<PathStat> => {
    const path = checked(where)
    const asked = onTree(parts, container, (tree) => parts.cell.tree(tree, { verb: 'stat', path }))
    return (await named(where, asked)).value
  }

/**
 * A tar of what stands at a path in a container, running or not.
 *
 * @throws EngineError as `statArchive`.
 */
export const getArchive =
  (parts: TreeParts) =>
  async (container: Container, where: PathIn): Promise<TreeAnswer<'get'>> => {
    const path = checked(where)
    const asked = onTree(parts, container, (tree) => parts.cell.tree(tree, { verb: 'get', path }))
    const answer = await named(where, asked)
    announce(parts, container.record, 'archive-path', { path })
    return answer
  }

/**
 * Unpacks a tar, plain or gzipped, into a directory of a container, running or not.
 *
 * @throws EngineError as `statArchive`; `INVALID_ARCHIVE`: what is unpacked is refused, or there is no
 *   directory or no room for it. `PROCESS_GONE`: the container ended while the archive came.
 * @source engine API reference, 10
 */
export const putArchive =
  (parts: TreeParts) =>
  async (
    container: Container,
    where: PathIn,
    rules: PutRules,
    archive: AsyncIterable<Uint8Array>,
  ): Promise<void> => {
    const path = checked(where)
    const request = { verb: 'put', path, rules } as const
    const put = onTree(parts, container, (tree) => parts.cell.tree(tree, request, archive), {
      again: false,
    })
    await named(where, put)
    announce(parts, container.record, 'extract-to-dir', { path })
  }
