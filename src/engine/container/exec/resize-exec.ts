import { EngineError } from '../../../contract/errors.ts'
import type { TerminalSize } from '../../../contract/terminal.ts'
import type { FoundExec } from './find-exec.ts'

/** Clients say a size as soon as they have asked for the start. @source engine API reference, 7 */
const START_WAIT_MS = 10_000

/** Settles when it runs, has failed, or takes too long. */
async function untilBegun({ exec }: FoundExec): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, START_WAIT_MS)
  })
  await Promise.race([exec.begun.promise, late])
  clearTimeout(timer)
}

/**
 * Gives an exec's terminal another size.
 *
 * @throws EngineError `INVALID_ARGUMENT`: it has none, or does not run.
 * @source engine API reference, 7
 */
export async function resizeExec(found: FoundExec, size: TerminalSize): Promise<void> {
  const { exec } = found
  if (exec.state.status === 'starting') await untilBegun(found)
  const { state } = exec
  if (state.status !== 'running') {
    throw new EngineError('INVALID_ARGUMENT', 'exec process is not started')
  }
  if (exec.spec.terminal === undefined) {
    throw new EngineError('INVALID_ARGUMENT', `exec ${exec.id} has no terminal`)
  }
  state.process.resize(size)
}
