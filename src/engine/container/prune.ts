import { EngineError } from '../../contract/errors.ts'
import type { Status } from '../../contract/state.ts'
import type { Container } from './container.ts'
import type { ContainerParts } from './containers.ts'
import { remove } from './remove.ts'
import { size } from './size.ts'

const RESTING: ReadonlySet<Status> = new Set(['created', 'exited', 'dead'])

/** What an EngineError leaves undone is `otherwise`. */
async function unlessRefused<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof EngineError) return otherwise
    throw error
  }
}

export interface PrunedContainers {
  readonly ids: readonly string[]
  /** What their own layers held. */
  readonly bytes: number
}

/**
 * Removes every container that rests and fits. One that began to run meanwhile is left alone.
 *
 * @source docker-container-prune(1)
 */
export const prune = (parts: ContainerParts) => {
  const [removeOne, sizeOf] = [remove(parts), size(parts)]
  const removed = (container: Container): Promise<boolean> =>
    unlessRefused(
      removeOne(container, {}, container.id).then(() => true),
      false,
    )
  return async (fits: (container: Container) => boolean): Promise<PrunedContainers> => {
    const resting = parts.all.list().filter(({ record }) => RESTING.has(record.state.status))
    const chosen = resting.filter(fits)
    const sizes: number[] = []
    // One after another: each is read into memory for it.
    for (const container of chosen) sizes.push(await unlessRefused(sizeOf(container), 0))
    // Each has a turn of its own: all go at once.
    const gone = await Promise.all(chosen.map(removed))
    const ids = chosen.filter((_, index) => gone[index]).map(({ id }) => id)
    const bytes = sizes.reduce((sum, one, index) => sum + (gone[index] ? one : 0), 0)
    parts.events.publish({
      type: 'container',
      action: 'prune',
      actor: { id: '', attributes: { reclaimed: String(bytes) } },
    })
    return { ids, bytes }
  }
}
