import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { dockerApp } from '../api/docker/app.ts'
import { upgradeHandler } from '../api/docker/upgrade.ts'
import { createInProcessCell } from '../cell/in-process-cell.ts'
import { EngineError } from '../contract/errors.ts'
import { composeEngine } from './compose-engine.ts'
import { openImages } from './images.ts'
import { isLoopback, type Listen, listenAt } from './listen.ts'
import type { Logger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { addOperatorRoutes } from './operator-routes.ts'

export interface DaemonOptions {
  readonly listen: readonly Listen[]
  readonly dataDirectory: string
  readonly logger: Logger
}

export interface Daemon {
  /** As DOCKER_HOST wants them, in the order of `listen`. */
  readonly addresses: readonly string[]
  /** Ends every container and every connection. */
  close(): Promise<void>
}

const SLOTS = 256
/** `buildargs` travel in the URL, credentials in a header. @source engine API reference, 2 */
const MAX_HEADER_BYTES = 2 ** 20

function serverOf(fetch: Parameters<typeof createAdaptorServer>[0]['fetch']): Server {
  const options = {
    fetch,
    overrideGlobalObjects: false,
    serverOptions: { maxHeaderSize: MAX_HEADER_BYTES },
  }
  // Of a plain HTTP server: no other kind was asked for.
  const server = createAdaptorServer(options) as Server
  // Builds, logs and waits last as long as they last.
  server.requestTimeout = 0
  server.timeout = 0
  server.keepAliveTimeout = 0
  return server
}

function refuseUnguarded(listen: readonly Listen[]): void {
  const open = listen.find((one) => !isLoopback(one))
  if (open === undefined) return
  throw new EngineError(
    'INVALID_ARGUMENT',
    'listening beyond loopback needs a token, and tokens are not there yet: use 127.0.0.1 or unix://',
  )
}

/**
 * Starts a daemon that speaks the Docker Engine API.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `ADDRESS_IN_USE`.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  refuseUnguarded(options.listen)
  const { dataDirectory, logger } = options
  const report = (error: unknown): void => logger.error(error)
  const packageRoot = fileURLToPath(new URL('../..', import.meta.url))
  const images = openImages({ dataDirectory, packageRoot })
  const cell = createInProcessCell({ dataDirectory, slots: SLOTS })
  const engine = await composeEngine({ cell, images, dataDirectory })
  const metrics = createMetrics(engine.containers)
  let ready = false
  const app = dockerApp({ engine, report, answered: metrics.answered })
  addOperatorRoutes(app, metrics, () => ready)
  const upgrades = upgradeHandler(engine, report)
  const servers: Server[] = []
  const close = async (): Promise<void> => {
    ready = false
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)))
    await cell[Symbol.asyncDispose]()
    for (const server of servers) server.closeAllConnections()
    upgrades.close()
    await Promise.all(closed)
  }
  try {
    const addresses: string[] = []
    for (const listen of options.listen) {
      const server = serverOf(app.fetch)
      server.on('upgrade', (request, socket, head) => upgrades.handle(request, socket, head))
      addresses.push(await listenAt(server, listen))
      servers.push(server)
    }
    ready = true
    return { addresses, close }
  } catch (error) {
    await close()
    throw error
  }
}
