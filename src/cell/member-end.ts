import { EXIT_NOT_EXECUTABLE, type ExitReport, SIGNAL_EXIT } from '../contract/exit.ts'
import { SIGKILL, SIGNAL } from '../contract/signals.ts'
import type { ProcessExit } from '../kernel/process/process.ts'
import type { ProcessOutcome } from '../thread/process-task.ts'
import type { Lost } from './seated-process.ts'

const bySignal = (signal: number): ProcessExit => ({
  code: SIGNAL_EXIT + signal,
  signal,
})

/** Trap: ABRT; a limit, or somebody from outside: KILL. @source guests and components reference, 6.3 */
function exitOfReport({ reason, exitCode }: ExitReport): ProcessExit {
  if (reason === 'exit') return { code: exitCode, signal: undefined }
  if (reason === 'signal') return bySignal(exitCode - SIGNAL_EXIT)
  return bySignal(reason === 'trap' ? SIGNAL.ABRT : SIGKILL)
}

/** How a process beside PID 1 ended, as its parent is told. */
export function endOfMember(
  outcome: ProcessOutcome | Lost | undefined,
  condemned: string | undefined,
): ProcessExit {
  if (outcome?.ok === true) return exitOfReport(outcome.report)
  // It could not be made to run: a module that does not link, or memory that is not there.
  if (outcome?.ok === false && condemned === undefined) {
    return { code: EXIT_NOT_EXECUTABLE, signal: undefined }
  }
  return bySignal(SIGKILL)
}
