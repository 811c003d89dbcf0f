import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { EngineError } from '../../contract/errors.ts'
import type { Access } from './access.ts'
import { checkVersion, splitVersion } from './api-version.ts'
import type { Engine } from './context.ts'
import { refuseUpgrade } from './hijack.ts'
import { upgradesOf } from './routes.ts'

export interface Upgrades {
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Cuts the connections that were taken over: the server does not know them any more. */
  close(): void
}

const noSuchPage = (): EngineError => new EngineError('NO_SUCH_PAGE', 'page not found')

/** `//` and the like are no addresses. EngineError NO_SUCH_PAGE. */
function urlOf({ url = '' }: IncomingMessage): URL {
  const whole = `http://localhost${url}`
  if (!url.startsWith('/') || !URL.canParse(whole)) throw noSuchPage()
  return new URL(whole)
}

/** A part of a path. EngineError NO_SUCH_PAGE. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw noSuchPage()
  }
}

/**
 * What `server.on('upgrade')` calls. Hono's middleware does not run for these requests, so whatever
 * it checks is checked here too.
 */
export function upgradeHandler(
  engine: Engine,
  access: Access,
  report: (error: unknown) => void,
): Upgrades {
  const routes = upgradesOf(engine)
  const open = new Set<Duplex>()
  const handle = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // A client that resets its connection ends its attachment, nothing else.
    socket.on('error', () => socket.destroy())
    const refuse = (error: unknown): void => {
      if (!(error instanceof EngineError)) report(error)
      refuseUpgrade(socket, error)
    }
    try {
      const url = urlOf(request)
      const { path, version } = splitVersion(url.pathname)
      access(path, request.headers)
      checkVersion(version)
      for (const { method, path: pattern, handler } of routes) {
        const id = request.method === method ? pattern.exec(path)?.[1] : undefined
        if (id === undefined) continue
        const query = url.searchParams
        const asked = { request, socket, head, version, query, id: decoded(id) }
        void Promise.resolve(handler(asked)).catch(refuse)
        return
      }
      throw noSuchPage()
    } catch (error) {
      refuse(error)
    }
  }
  return {
    handle,
    close: () => {
      for (const socket of open) socket.destroy()
    },
  }
}
