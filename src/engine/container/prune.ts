import { EngineError } from '../../contract/errors.ts'
import type { Status } from '../../contract/state.ts'
import type { Container } from './container.ts'
import type { ContainerParts } from './containers.ts'
import { remove } from './remove.ts'

const RESTING: ReadonlySet<Status> = new Set(['created', 'exited', 'dead'])

/**
 * Removes every container that rests and fits. One that began to run meanwhile is left alone.
 *
 * @returns the ids of those removed.
 */
export const prune = (parts: ContainerParts) => {
  const removeOne = remove(parts)
  const removed = async (container: Container): Promise<boolean> => {
    try {
      await removeOne(container, {}, container.id)
      return true
    } catch (error) {
      if (error instanceof EngineError) return false
      throw error
    }
  }
  return async (fits: (container: Container) => boolean): Promise<readonly string[]> => {
    const resting = parts.all.list().filter(({ record }) => RESTING.has(record.state.status))
    const chosen = resting.filter(fits)
    // Each has a turn of its own: all go at once.
    const gone = await Promise.all(chosen.map(removed))
    const ids = chosen.filter((_, index) => gone[index]).map(({ id }) => id)
    parts.events.publish({
      type: 'container',
      action: 'prune',
      actor: { id: '', attributes: { reclaimed: '0' } },
    })
    return ids
  }
}
