import type { IncomingHttpHeaders } from 'node:http'
import { EngineError } from '../../contract/errors.ts'

/**
 * Names that no name server can lead elsewhere, and the one word that docker 20.10 and its like send
 * over a unix socket: no public name has a single label.
 *
 * @source RFC 6761, 6.3; RFC 7085 on names without dots
 */
const LOOPBACK = /^(docker|localhost|[a-z0-9.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i

const forbidden = (what: string): EngineError =>
  new EngineError('FORBIDDEN_ORIGIN', `${what}: this daemon answers clients of this machine only`)

/** @throws EngineError `FORBIDDEN_ORIGIN`. */
export function refuseOrigin(origin: string | undefined): void {
  if (origin !== undefined) throw forbidden('requests with an Origin are refused')
}

/**
 * Refuses what a page in the operator's browser can send: its requests carry `Origin`, or reach us
 * under a name of the page's own making. Docker's clients do neither.
 *
 * @throws EngineError `FORBIDDEN_ORIGIN`.
 * @source the threat model, H62; engine API reference, 17
 */
export function refuseBrowsers({ host, origin }: IncomingHttpHeaders): void {
  refuseOrigin(origin)
  if (host !== undefined && !LOOPBACK.test(host)) throw forbidden('the Host is not of loopback')
}
