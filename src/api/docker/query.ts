import { EngineError } from '../../contract/errors.ts'

const FALSE = new Set(['', '0', 'no', 'false', 'none'])

/** A boolean of a query, as dockerd reads it. @source engine API reference, 2 */
export const flag = (value: string | undefined): boolean =>
  value !== undefined && !FALSE.has(value.trim().toLowerCase())

/** A whole number; undefined when it is absent or empty. EngineError INVALID_ARGUMENT. */
export function integer(name: string, value: string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined
  const number = Number(value)
  if (/^[+-]?\d+$/.test(value) && Number.isSafeInteger(number)) return number
  throw new EngineError(
    'INVALID_ARGUMENT',
    `invalid ${name} ${JSON.stringify(value)}: invalid syntax`,
  )
}

const NS_PER_S = 1_000_000_000n
const NS_DIGITS = 9

/** Seconds, or seconds.fraction, as ns; undefined when absent or 0. EngineError INVALID_ARGUMENT. */
export function timestamp(name: string, value: string | undefined): bigint | undefined {
  if (value === undefined || value === '' || value === '0') return undefined
  const match = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(value)
  if (match === null) {
    throw new EngineError('INVALID_ARGUMENT', `invalid value for ${name}: ${JSON.stringify(value)}`)
  }
  const [, seconds = '0', fraction = ''] = match
  return BigInt(seconds) * NS_PER_S + BigInt(fraction.padEnd(NS_DIGITS, '0'))
}
