import { EngineError } from './errors.ts'

/** HOST_NAME_MAX. @source sethostname(2) */
const MAX_BYTES = 64
/** Names of services have underscores, which Docker lets pass. */
const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/

/** @throws EngineError `INVALID_ARGUMENT`: letters, digits, hyphens, underscores and dots, at most 64. */
export function checkHostName(what: 'host name' | 'domain name', name: string): void {
  if (name.length <= MAX_BYTES && NAME.test(name)) return
  throw new EngineError(
    'INVALID_ARGUMENT',
    `invalid ${what} ${JSON.stringify(name)}: up to ${MAX_BYTES} letters, digits, '-', '_' and '.'`,
  )
}
