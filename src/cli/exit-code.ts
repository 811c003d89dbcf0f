import { EngineError, type ErrorCode } from '../contract/errors.ts'
import { EXIT_NOT_EXECUTABLE, EXIT_NOT_FOUND, EXIT_NOT_STARTED } from '../contract/exit.ts'

/** What a failed run ends with; every other code is 125, the command's own failure. */
const EXIT_CODE_OF: Readonly<Partial<Record<ErrorCode, number>>> = {
  INVALID_MODULE: EXIT_NOT_EXECUTABLE,
  NO_SUCH_COMMAND: EXIT_NOT_FOUND,
  NO_SUCH_FILE: EXIT_NOT_FOUND,
}

/** 125, 126 or 127. @source docker-run(1), "Exit Status" */
export const exitCodeOf = (error: unknown): number =>
  (error instanceof EngineError ? EXIT_CODE_OF[error.code] : undefined) ?? EXIT_NOT_STARTED

/** One line for stderr. What is not an EngineError is a bug of ours, and says so. */
export function messageOf(error: unknown): string {
  if (error instanceof EngineError) return `bulkhead: ${error.message}`
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `bulkhead: internal error: ${text}`
}
