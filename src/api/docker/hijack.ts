import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ApiVersion } from './api-version.ts'
import { errorHeaders, errorReply } from './errors.ts'
import { STANDARD_HEADERS } from './stream.ts'

export interface UpgradeRequest {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  readonly version: ApiVersion
  readonly query: URLSearchParams
  /** The container, exec or other object that the path names. */
  readonly id: string
}

/**
 * docker-py reads the socket below a buffered reader: bytes that come together with the 101 are lost
 * to it. @source engine API reference, 3.5
 */
const PACE_MS = 5
const isPatient = (request: IncomingMessage): boolean =>
  (request.headers['user-agent'] ?? '').startsWith('Docker-Client/')

/** Settles when the first byte after the 101 may be sent. */
export const firstByteTime = (request: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, isPatient(request) ? 0 : PACE_MS)
  })

const headerLines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')

/** Answers 101 and hands the connection over. */
export function switchProtocols(socket: Duplex, contentType: string): void {
  const headers = { 'Content-Type': contentType, Connection: 'Upgrade', Upgrade: 'tcp' }
  socket.write(`HTTP/1.1 101 UPGRADED\r\n${headerLines({ ...headers, ...STANDARD_HEADERS })}\r\n`)
}

/** A plain response instead of the 101 is the end of the connection. */
function answerPlainly(
  socket: Duplex,
  status: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const all = {
    ...STANDARD_HEADERS,
    ...headers,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }
  socket.end(`HTTP/1.1 ${status}\r\n${headerLines(all)}\r\n${body}`)
}

/** An error before the 101. */
export function refuseUpgrade(socket: Duplex, error: unknown): void {
  const { status, message } = errorReply(error)
  const headers = { ...errorHeaders(status), 'Content-Type': 'application/json' }
  answerPlainly(socket, `${status} Error`, `${JSON.stringify({ message })}\n`, headers)
}

/** Done, and nothing to send: no use for the connection. */
export const declineUpgrade = (socket: Duplex): void => answerPlainly(socket, '200 OK', '')

/** Settles when the other side can take more, or has gone. */
export function writeTo(socket: Duplex, bytes: Uint8Array): Promise<void> | undefined {
  if (socket.destroyed || socket.write(bytes)) return undefined
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.once('drain', done)
    socket.once('close', done)
  })
}
