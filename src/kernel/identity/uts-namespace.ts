import { checkHostName } from '../../contract/host-name.ts'

/** Host and domain name of a container. */
export interface UtsNamespace {
  readonly hostname: string
  readonly domainname: string
}

/** @throws EngineError `INVALID_ARGUMENT`: see `checkHostName`; there may be no domain. */
export function utsNamespace(hostname: string, domainname: string): UtsNamespace {
  checkHostName('host name', hostname)
  if (domainname !== '') checkHostName('domain name', domainname)
  return { hostname, domainname }
}
