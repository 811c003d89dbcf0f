import { EngineError } from '../../contract/errors.ts'
import type { Container, Run } from './container.ts'

export const notRunning = ({ id }: Pick<Container, 'id'>): EngineError =>
  new EngineError('WRONG_STATE', `container ${id} is not running`)

/**
 * The run of a container that runs, paused or not.
 *
 * @throws EngineError `WRONG_STATE`.
 * @source engine API reference, 15
 */
export function runningRun(container: Container): Run {
  const { id, record, run } = container
  const { status } = record.state
  if (status === 'restarting') {
    throw new EngineError(
      'WRONG_STATE',
      `Container ${id} is restarting, wait until the container is running`,
    )
  }
  if (run === undefined || (status !== 'running' && status !== 'paused')) {
    throw notRunning(container)
  }
  return run
}
