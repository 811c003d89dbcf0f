import { EngineError } from './errors.ts'

/** Linux's signals on x86-64, by number from 1; the last of a standard set is 31. @source signal(7) */
const NAMES = (
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP ' +
  'TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'
).split(' ')
const LAST = 64

export const SIGKILL = 9
export const SIGTERM = 15

/**
 * The number of a signal given as `TERM`, `SIGTERM` or `15`.
 *
 * @throws EngineError `INVALID_ARGUMENT`.
 * @source moby pkg/signal, ParseSignal
 */
export function signalOf(text: string): number {
  const name = text.toUpperCase().replace(/^SIG/, '')
  const number = /^\d+$/.test(text) ? Number(text) : NAMES.indexOf(name) + 1
  if (number >= 1 && number <= LAST) return number
  throw new EngineError('INVALID_ARGUMENT', `invalid signal: ${text}`)
}

/** Signals whose default action is not to end the process. @source signal(7), "Standard signals" */
const HARMLESS = new Set(['CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'WINCH'])

/** Whether a signal ends a process that has not said what it does then. */
export const endsByDefault = (signal: number): boolean => !HARMLESS.has(NAMES[signal - 1] ?? '')
