import { EngineError } from '../../contract/errors.ts'
import type { RunResult } from './run-spec.ts'

/**
 * A run has ended, and the files that it was to bring back are larger than `limits.collect`: EngineError
 * `FILES_TOO_LARGE`, whose message says which was too much.
 *
 * @example
 * if (error instanceof FilesTooLargeError) console.log(error.result.exitCode, error.result.usage.fuel)
 */
export class FilesTooLargeError extends EngineError {
  /** What the run left behind but for its files, of which there is none. */
  readonly result: Omit<RunResult, 'files'>

  constructor(message: string, result: Omit<RunResult, 'files'>) {
    super('FILES_TOO_LARGE', message)
    this.result = result
  }
}
