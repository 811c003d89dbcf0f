import type { Container } from './container.ts'
import { announce, type ContainerParts } from './containers.ts'
import { start } from './start.ts'
import { type StopOptions, stop } from './stop.ts'

/**
 * Stops a container that runs, and starts it again.
 *
 * @throws EngineError as `stop` and `start` do.
 * @source engine API reference, 6.3
 */
export const restart =
  (parts: ContainerParts) =>
  async (container: Container, options: StopOptions): Promise<void> => {
    container.restarting = true
    try {
      await stop(parts)(container, options)
    } finally {
      container.restarting = false
    }
    await start(parts)(container)
    announce(parts, container.record, 'restart')
  }
