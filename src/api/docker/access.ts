import type { IncomingHttpHeaders } from 'node:http'
import { EngineError } from '../../contract/errors.ts'
import { refuseBrowsers, refuseOrigin } from './browser-guard.ts'
import type { Token } from './token.ts'

/** Throws for a request that may not be answered. `path` is without its version. */
export type Access = (path: string, headers: IncomingHttpHeaders) => void

/**
 * Answered without a token. `/_ping` says no more than that a daemon is there and which versions it
 * speaks, which is what docker asks before anything else: a client whose token is wrong then reads
 * of that in the answer to its command. The two others are for whoever starts and watches the daemon.
 */
const OPEN = new Set(['/_ping', '/livez', '/readyz'])

const BEARER = /^Bearer +(\S+)$/i

const unauthorized = (text: string): EngineError => new EngineError('UNAUTHORIZED', text)

/**
 * Who is answered: with a token, whoever knows it; without one, whoever can reach a daemon that
 * listens on this machine only, except for pages in a browser. A page that has taken over a name
 * (DNS rebinding) does not know the token, so that with one any `Host` will do.
 *
 * The functions throw EngineError `UNAUTHORIZED` | `FORBIDDEN_ORIGIN`.
 *
 * @source RFC 6750, 2.1; the threat model, H62 and H63
 */
export function accessWith(token: Token | undefined): Access {
  if (token === undefined) return (_, headers) => refuseBrowsers(headers)
  return (path, { origin, authorization }) => {
    refuseOrigin(origin)
    if (OPEN.has(path)) return
    if (authorization === undefined) {
      throw unauthorized(
        'this daemon asks for a token: send the header "Authorization: Bearer TOKEN"; ' +
          'docker takes it from HttpHeaders in its config.json',
      )
    }
    const given = BEARER.exec(authorization)?.[1]
    if (given === undefined || !token.is(given)) {
      throw unauthorized('the token of this request is not the token of this daemon')
    }
  }
}
