import { constants } from 'node:os'
import { EngineError } from '../contract/errors.ts'

/** The number of a signal given as `TERM`, `SIGTERM` or `15`. @source docker-run(1), "--stop-signal" */
export function signalOf(text: string): number {
  const name = text.toUpperCase().replace(/^SIG/, '')
  const signals: ReadonlyMap<string, number> = new Map(Object.entries(constants.signals))
  const number = signals.get(`SIG${name}`) ?? Number(/^\d{1,2}$/.exec(text)?.[0])
  if (Number.isInteger(number) && number >= 1 && number <= 64) return number
  throw new EngineError('INVALID_ARGUMENT', `Invalid signal: ${text}`)
}
