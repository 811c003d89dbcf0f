import { EngineError } from '../../../contract/errors.ts'
import type { FoundExec } from './find-exec.ts'

/**
 * Refuses to give an exec's terminal another size: none has one.
 *
 * @throws EngineError `INVALID_ARGUMENT`, always.
 * @source engine API reference, 7
 */
export function resizeExec({ exec }: FoundExec): never {
  const text =
    exec.state.status === 'running'
      ? `exec ${exec.id} has no terminal`
      : 'exec process is not started'
  throw new EngineError('INVALID_ARGUMENT', text)
}
