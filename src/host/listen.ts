import { rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { type AddressInfo, createConnection } from 'node:net'
import { EngineError } from '../contract/errors.ts'

/** Where a daemon is reached. */
export type Listen =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

const invalid = (text: string): EngineError =>
  new EngineError(
    'INVALID_ARGUMENT',
    `invalid --listen ${JSON.stringify(text)}: tcp://HOST:PORT and unix://PATH are accepted`,
  )

/** @throws EngineError `INVALID_ARGUMENT`. */
export function parseListen(text: string): Listen {
  const unix = /^unix:\/\/(.+)$/.exec(text)?.[1]
  if (unix !== undefined) return { kind: 'unix', path: unix }
  const match = /^tcp:\/\/(\[[0-9a-f:]+\]|[^:/\s]+):(\d{1,5})$/i.exec(text)
  const port = Number(match?.[2])
  if (match === null || port > 65_535) throw invalid(text)
  return { kind: 'tcp', host: (match[1] ?? '').replace(/^\[|\]$/g, ''), port }
}

export const isLoopback = (listen: Listen): boolean =>
  listen.kind === 'unix' ||
  ['127.0.0.1', '::1', 'localhost'].includes(listen.host) ||
  listen.host.startsWith('127.')

/** Whether somebody answers at a socket file; a file nobody listens at is left from a crash. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    const answer = (alive: boolean) => (): void => {
      socket.destroy()
      resolve(alive)
    }
    socket.once('connect', answer(true))
    socket.once('error', answer(false))
  })
}

const listening = (server: Server, where: object): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      resolve()
    })
  })

/** @returns the address as DOCKER_HOST wants it. @throws EngineError `ADDRESS_IN_USE`. */
export async function listenAt(server: Server, listen: Listen): Promise<string> {
  const inUse = (): EngineError =>
    new EngineError('ADDRESS_IN_USE', `another process listens at ${addressOf(listen)}`)
  if (listen.kind === 'unix') {
    if (await isAlive(listen.path)) throw inUse()
    rmSync(listen.path, { force: true })
    await listening(server, { path: listen.path })
    return addressOf(listen)
  }
  try {
    await listening(server, { host: listen.host, port: listen.port })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw inUse()
    throw error
  }
  // Listening on a port, so it has one.
  return addressOf({ ...listen, port: (server.address() as AddressInfo).port })
}

function addressOf(listen: Listen): string {
  if (listen.kind === 'unix') return `unix://${listen.path}`
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host
  return `tcp://${host}:${listen.port}`
}
