import type { TerminalSize } from '../../contract/terminal.ts'
import type { Container } from './container.ts'
import { announce, type ContainerParts } from './containers.ts'
import { runningRun } from './running-run.ts'

/**
 * Gives a container's terminal the size of a client's; without one nothing follows from it.
 *
 * @throws EngineError `WRONG_STATE`: it does not run.
 * @source engine API reference, 5
 */
export const resize =
  (parts: Pick<ContainerParts, 'events'>) =>
  (container: Container, size: TerminalSize): void => {
    runningRun(container).process.resize(size)
    const [height, width] = [String(size.rows), String(size.columns)]
    announce(parts, container.record, 'resize', { height, width })
  }
