import type { Container } from './container.ts'
import { announce, type ContainerParts } from './containers.ts'
import { runningRun } from './running-run.ts'

/** Of a terminal, in characters. */
export interface TerminalSize {
  readonly height: number
  readonly width: number
}

/**
 * Takes note of the size of a client's terminal. Guests have none, so that nothing follows from it.
 *
 * @throws EngineError `WRONG_STATE`: it does not run.
 * @source engine API reference, 5
 */
export const resize =
  (parts: Pick<ContainerParts, 'events'>) =>
  (container: Container, { height, width }: TerminalSize): void => {
    runningRun(container)
    announce(parts, container.record, 'resize', { height: String(height), width: String(width) })
  }
