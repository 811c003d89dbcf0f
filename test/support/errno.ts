import { Errno } from '../../src/contract/errno.ts'
import type { Blocked, Result } from '../../src/contract/result.ts'

const NAMES = new Map<number, string>(Object.entries(Errno).map(([name, value]) => [value, name]))

/** `ok`, `blocked`, or the errno's name: what a table of expectations holds. */
export function said(result: Result<unknown> | Blocked): string {
  if (result.ok === 'blocked') return 'blocked'
  return result.ok ? 'ok' : errnoName(result.errno)
}

export const errnoName = (value: number): string => NAMES.get(value) ?? `? ${value}`

/** The value of a result that must be there. */
export function must<T>(result: Result<T> | Blocked): T {
  if (result.ok === true) return result.value
  throw new Error(`expected a value, not ${said(result)}`)
}
