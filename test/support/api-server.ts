import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, createConnection, type Socket } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { accessWith } from '../../src/api/docker/access.ts'
import { dockerApp } from '../../src/api/docker/app.ts'
import type { Engine } from '../../src/api/docker/context.ts'
import { upgradeHandler } from '../../src/api/docker/upgrade.ts'
import type { ExecEngine } from './exec-engine.ts'

/** The API of an engine on a port of this machine, and clients that speak it byte by byte. */
export interface ApiServer {
  readonly port: number
  /** Sends, and reads until the other side ends. */
  exchange(...pieces: readonly (string | Uint8Array)[]): Promise<string>
  connect(): Promise<Socket>
  json(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  close(): Promise<void>
}

/** Only what the routes of containers and execs ask for. */
const engineOf = ({ verbs, parts, time }: ExecEngine): Engine =>
  ({
    containers: verbs,
    events: parts.events,
    networks: { ofContainer: () => [] },
    system: { version: '0', now: () => time.now() },
  }) as unknown as Engine

export async function apiServer(engine: ExecEngine): Promise<ApiServer> {
  const report = (error: unknown): void => void engine.reports.push(error)
  const whole = engineOf(engine)
  const access = accessWith(undefined)
  const app = dockerApp({ engine: whole, access, report, answered: () => {} })
  // Of a plain HTTP server: no other kind was asked for.
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server
  const upgrades = upgradeHandler(whole, access, report)
  server.on('upgrade', (request, socket, head) => upgrades.handle(request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const connect = async (): Promise<Socket> => {
    const socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    await once(socket, 'connect')
    return socket
  }
  return {
    port,
    connect,
    exchange: async (...pieces) => {
      const socket = await connect()
      let text = ''
      socket.setEncoding('latin1').on('data', (piece: string) => {
        text += piece
      })
      for (const piece of pieces) await new Promise((sent) => socket.write(piece, sent))
      await once(socket, 'end')
      socket.destroy()
      return text
    },
    json: async (method, path, body) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { 'Content-Type': 'application/json' },
        }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    close: async () => {
      upgrades.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
