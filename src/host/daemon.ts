import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { accessWith } from '../api/docker/access.ts'
import { dockerApp } from '../api/docker/app.ts'
import type { Token } from '../api/docker/token.ts'
import { upgradeHandler } from '../api/docker/upgrade.ts'
import { createChildCell } from '../cell/child/child-cell.ts'
import { EngineError } from '../contract/errors.ts'
import { CONTAINER } from '../engine/store/container-shape.ts'
import { NETWORK } from '../engine/store/network-shape.ts'
import { Answers } from './answers.ts'
import { cellReporter } from './cell-report.ts'
import { composeEngine } from './compose-engine.ts'
import { openImages } from './images.ts'
import { addressOf, isLoopback, type Listen, listenAt } from './listen.ts'
import type { Logger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { openState } from './open-state.ts'
import { addOperatorRoutes } from './operator-routes.ts'
import { sweepLeftovers } from './sweep-leftovers.ts'

export interface DaemonOptions {
  readonly listen: readonly Listen[]
  readonly dataDirectory: string
  /** What clients must know, those of loopback too. Nobody listens beyond loopback without one. */
  readonly token?: Token | undefined
  /** Processes at once. */
  readonly slots: number
  readonly logger: Logger
}

export interface Daemon {
  /** As DOCKER_HOST wants them, in the order of `listen`. */
  readonly addresses: readonly string[]
  /** Stops every container as Docker does, and ends every connection. */
  close(): Promise<void>
}

/** `buildargs` travel in the URL, credentials in a header. @source engine API reference, 2 */
const MAX_HEADER_BYTES = 2 ** 20
/** Until the head of a request must be here, from the connection or its first byte on. */
const HEADERS_MS = 10_000
/** From the last byte of a client to the first question of TCP whether it is still there. */
const PROBE_MS = 60_000

function serverOf(fetch: Parameters<typeof createAdaptorServer>[0]['fetch']): Server {
  const options = {
    fetch,
    overrideGlobalObjects: false,
    serverOptions: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_MS,
      connectionsCheckingInterval: HEADERS_MS / 2,
      // A client whose machine has gone says nothing any more.
      keepAlive: true,
      keepAliveInitialDelay: PROBE_MS,
    },
  }
  // Of a plain HTTP server: no other kind was asked for.
  const server = createAdaptorServer(options) as Server
  // Builds, logs and waits last as long as they last.
  server.requestTimeout = 0
  server.timeout = 0
  server.keepAliveTimeout = 0
  return server
}

function refuseUnguarded({ listen, token }: DaemonOptions): void {
  const open = listen.find((one) => !isLoopback(one))
  if (open === undefined || token !== undefined) return
  throw new EngineError(
    'INVALID_ARGUMENT',
    `${addressOf(open)} is reached from other machines, and whoever reaches it has your files: give ` +
      'a token with --token-file FILE (to make one: openssl rand -hex 32 > FILE; chmod 600 FILE), ' +
      'or listen on 127.0.0.1 or unix://',
  )
}

/** What stands between a daemon's requests and the disk. */
async function openEngine(
  { dataDirectory, slots, logger }: DaemonOptions,
  reports: {
    readonly fault: (error: unknown) => void
    readonly cell: ReturnType<typeof cellReporter>
  },
) {
  const state = openState(dataDirectory)
  const swept = sweepLeftovers(dataDirectory, Date.now())
  if (swept > 0) logger.info('leftovers removed', { files: swept })
  const packageRoot = fileURLToPath(new URL('../..', import.meta.url))
  const images = openImages({ dataDirectory, packageRoot })
  const cell = createChildCell({ dataDirectory, slots, report: reports.cell })
  const engine = await composeEngine({
    cell,
    images,
    dataDirectory,
    store: state.of(CONTAINER),
    networkStore: state.of(NETWORK),
    report: reports.fault,
  })
  const close = async (): Promise<void> => {
    await cell[Symbol.asyncDispose]()
    state.close()
  }
  return { engine, close }
}

/**
 * Starts a daemon that speaks the Docker Engine API, and takes over what an earlier one left.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `ADDRESS_IN_USE` | `DATA_DIRECTORY_IN_USE` |
 *   `STORE_UNUSABLE`.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  refuseUnguarded(options)
  const report = (error: unknown): void => options.logger.error(error)
  const metrics = createMetrics({ list: () => engine.containers.list() })
  const cell = cellReporter(options.logger, metrics)
  const { engine, close: closeEngine } = await openEngine(options, { fault: report, cell })
  let ready = false
  const access = accessWith(options.token)
  const app = dockerApp({ engine, access, report, answered: metrics.answered })
  addOperatorRoutes(app, metrics, () => ready)
  const upgrades = upgradeHandler(engine, access, report)
  const servers: Server[] = []
  const answers = new Answers()
  const close = async (): Promise<void> => {
    ready = false
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)))
    await engine.shutdown()
    await answers.given()
    for (const server of servers) server.closeAllConnections()
    upgrades.close()
    await Promise.all(closed)
    await closeEngine()
  }
  try {
    const resume = await engine.recover()
    const addresses: string[] = []
    for (const listen of options.listen) {
      const server = serverOf(app.fetch)
      server.on('upgrade', (request, socket, head) => upgrades.handle(request, socket, head))
      answers.of(server)
      addresses.push(await listenAt(server, listen))
      servers.push(server)
    }
    await resume()
    ready = true
    return { addresses, close }
  } catch (error) {
    await close()
    throw error
  }
}
