import { EngineError } from '../../contract/errors.ts'

/** Host and domain name of a container. */
export interface UtsNamespace {
  readonly hostname: string
  readonly domainname: string
}

/** HOST_NAME_MAX. @source sethostname(2) */
const MAX_BYTES = 64
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/

/** @throws EngineError `INVALID_ARGUMENT`: letters, digits, hyphens and dots, at most 64. */
export function utsNamespace(hostname: string, domainname: string): UtsNamespace {
  for (const [what, name] of [
    ['host name', hostname],
    ['domain name', domainname],
  ] as const) {
    if (name === '' && what === 'domain name') continue
    if (name.length > MAX_BYTES || !NAME.test(name)) {
      throw new EngineError(
        'INVALID_ARGUMENT',
        `invalid ${what} ${JSON.stringify(name)}: up to ${MAX_BYTES} letters, digits, '-' and '.'`,
      )
    }
  }
  return { hostname, domainname }
}
