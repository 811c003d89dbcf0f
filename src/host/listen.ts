import { chmodSync, lstatSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { type AddressInfo, createConnection, isIPv4 } from 'node:net'
import { EngineError } from '../contract/errors.ts'

/** Where a daemon is reached. */
export type Listen =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  /** A named pipe of Windows. */
  | { readonly kind: 'npipe'; readonly name: string }

/** What can be listened at, by platform. */
const acceptedOn = (platform: NodeJS.Platform): string =>
  `tcp://HOST:PORT and ${platform === 'win32' ? 'npipe:////./pipe/NAME' : 'unix://PATH'}`

const invalid = (text: string): EngineError =>
  new EngineError(
    'INVALID_ARGUMENT',
    `invalid address ${JSON.stringify(text)}: ${acceptedOn(process.platform)} are accepted`,
  )

/**
 * Reads an address, also one of another platform: see `placeOf`.
 *
 * @throws EngineError `INVALID_ARGUMENT`.
 */
export function parseListen(text: string): Listen {
  const unix = /^unix:\/\/(.+)$/.exec(text)?.[1]
  if (unix !== undefined) return { kind: 'unix', path: unix }
  const name = PIPE.exec(text)?.[1]
  if (name !== undefined) return { kind: 'npipe', name }
  const match = /^tcp:\/\/(\[[0-9a-f:]+\]|[^:/\s]+):(\d{1,5})$/i.exec(text)
  const port = Number(match?.[2])
  if (match === null || port > 65_535) throw invalid(text)
  return { kind: 'tcp', host: (match[1] ?? '').replace(/^\[|\]$/g, ''), port }
}

/** @source CreateNamedPipe: any character but a backslash, 256 with the prefix */
const PIPE = /^npipe:\/\/\/\/\.\/pipe\/([^\\/\0]{1,247})$/

/** Judged by the text: a name such as `127.example` may lead anywhere. */
export const isLoopback = (listen: Listen): boolean =>
  listen.kind !== 'tcp' ||
  ['::1', 'localhost'].includes(listen.host) ||
  (isIPv4(listen.host) && listen.host.startsWith('127.'))

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

const OWNER_ONLY = 0o600

/** Takes away the socket of a daemon that crashed, and nothing else. */
async function removeStale(listen: Extract<Listen, { kind: 'unix' }>): Promise<void> {
  const there = lstatSync(listen.path, { throwIfNoEntry: false })
  if (there === undefined) return
  if (!there.isSocket()) {
    const text = `cannot listen at ${addressOf(listen)}: a file that is no socket is there`
    throw new EngineError('INVALID_ARGUMENT', text)
  }
  if (await isAlive(listen.path)) throw inUse(listen)
  rmSync(listen.path, { force: true })
}

const inUse = (listen: Listen): EngineError =>
  new EngineError('ADDRESS_IN_USE', `another process listens at ${addressOf(listen)}`)

/**
 * Where Node is to listen.
 *
 * @throws EngineError `INVALID_ARGUMENT`: a unix socket on Windows, a named pipe elsewhere.
 */
export function placeOf(listen: Listen, platform: NodeJS.Platform): object {
  if (listen.kind === 'tcp') return { host: listen.host, port: listen.port }
  if ((listen.kind === 'npipe') !== (platform === 'win32')) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      `cannot listen at ${addressOf(listen)} on ${platform}: ${acceptedOn(platform)} are accepted`,
    )
  }
  return { path: listen.kind === 'npipe' ? `\\\\.\\pipe\\${listen.name}` : listen.path }
}

/**
 * @returns the address as DOCKER_HOST wants it; a unix socket is for its owner alone.
 * @throws EngineError `ADDRESS_IN_USE` | `INVALID_ARGUMENT`.
 */
export async function listenAt(server: Server, listen: Listen): Promise<string> {
  const place = placeOf(listen, process.platform)
  if (listen.kind === 'unix') await removeStale(listen)
  try {
    await listening(server, place)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw inUse(listen)
    throw error
  }
  if (listen.kind === 'unix') chmodSync(listen.path, OWNER_ONLY)
  if (listen.kind !== 'tcp') return addressOf(listen)
  // Listening on a port, so it has one.
  return addressOf({ ...listen, port: (server.address() as AddressInfo).port })
}

/** As DOCKER_HOST wants it. */
export function addressOf(listen: Listen): string {
  if (listen.kind === 'unix') return `unix://${listen.path}`
  if (listen.kind === 'npipe') return `npipe:////./pipe/${listen.name}`
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host
  return `tcp://${host}:${listen.port}`
}
