import { EngineError } from '../../../contract/errors.ts'
import type { Container, Run } from '../container.ts'
import { runningRun } from '../running-run.ts'

/**
 * The run in which a container can have one more process.
 *
 * @param reference - as the caller named the container, for the text.
 * @throws EngineError `WRONG_STATE`: it does not run, is paused, or waits to be restarted.
 * @source engine API reference, 7 and 15
 */
export function readyForExec(container: Container, reference: string = container.id): Run {
  const run = runningRun(container)
  if (container.record.state.status !== 'paused') return run
  throw new EngineError(
    'WRONG_STATE',
    `Container ${reference} is paused, unpause the container before exec`,
  )
}
