import { EngineError } from './errors.ts'

/** What a signal does to a process that has said nothing about it. */
export type DefaultAction = 'terminate' | 'ignore' | 'stop' | 'continue'

/**
 * Linux's signals on x86-64 in the order of their numbers, from 1. Nothing dumps a core: where Linux
 * does, the process only ends.
 *
 * @source signal(7), "Standard signals"
 */
const DEFAULTS = {
  HUP: 'terminate',
  INT: 'terminate',
  QUIT: 'terminate',
  ILL: 'terminate',
  TRAP: 'terminate',
  ABRT: 'terminate',
  BUS: 'terminate',
  FPE: 'terminate',
  KILL: 'terminate',
  USR1: 'terminate',
  SEGV: 'terminate',
  USR2: 'terminate',
  PIPE: 'terminate',
  ALRM: 'terminate',
  TERM: 'terminate',
  STKFLT: 'terminate',
  CHLD: 'ignore',
  CONT: 'continue',
  STOP: 'stop',
  TSTP: 'stop',
  TTIN: 'stop',
  TTOU: 'stop',
  URG: 'ignore',
  XCPU: 'terminate',
  XFSZ: 'terminate',
  VTALRM: 'terminate',
  PROF: 'terminate',
  WINCH: 'ignore',
  IO: 'terminate',
  PWR: 'terminate',
  SYS: 'terminate',
} as const satisfies Readonly<Record<string, DefaultAction>>

export type SignalName = keyof typeof DEFAULTS
// Object.keys answers them in the order they are written in.
const NAMES = Object.keys(DEFAULTS) as readonly SignalName[]
/** The last real-time signal; those behind the names above end a process. */
export const LAST_SIGNAL = 64

const NUMBERS = new Map<string, number>(NAMES.map((name, index) => [name, index + 1]))
/** The number of each. */
export const SIGNAL = Object.fromEntries(NUMBERS) as Readonly<Record<SignalName, number>> // every name is set
export const SIGKILL = SIGNAL.KILL
export const SIGTERM = SIGNAL.TERM

/** Whether there is such a signal: whatever a guest sends, 0 is none. */
export const isSignal = (number: number): boolean =>
  Number.isInteger(number) && number >= 1 && number <= LAST_SIGNAL

export function defaultActionOf(signal: number): DefaultAction {
  const name = NAMES[signal - 1]
  return name === undefined ? 'terminate' : DEFAULTS[name]
}

/**
 * The number of a signal given as `TERM`, `SIGTERM` or `15`.
 *
 * @throws EngineError `INVALID_ARGUMENT`.
 * @source moby pkg/signal, ParseSignal
 */
export function signalOf(text: string): number {
  const name = text.toUpperCase().replace(/^SIG/, '')
  const number = /^\d+$/.test(text) ? Number(text) : NUMBERS.get(name)
  if (number !== undefined && isSignal(number)) return number
  throw new EngineError('INVALID_ARGUMENT', `invalid signal: ${text}`)
}
