import { EngineError } from '../../contract/errors.ts'

/** Codes that wrap what was wrong into the words of Docker's runtime, for Docker's clients. */
const WRAPS: ReadonlySet<string> = new Set(['START_FAILED', 'EXEC_FAILED'])

/** What a caller of the library is told: the same code as `run` has for it. */
export function ownWords(error: unknown): unknown {
  if (!(error instanceof EngineError) || !WRAPS.has(error.code)) return error
  return error.cause instanceof EngineError ? error.cause : error
}
