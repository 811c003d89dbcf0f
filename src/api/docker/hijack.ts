import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorHeaders, errorReply } from './errors.ts'
import { STANDARD_HEADERS } from './stream.ts'

const headerLines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')

/** Answers 101 and hands the connection over. */
export function switchProtocols(socket: Duplex, contentType: string): void {
  const headers = { 'Content-Type': contentType, Connection: 'Upgrade', Upgrade: 'tcp' }
  socket.write(`HTTP/1.1 101 UPGRADED\r\n${headerLines({ ...headers, ...STANDARD_HEADERS })}\r\n`)
}

/** An error before the 101 is a plain response, and the end of the connection. */
export function refuseUpgrade(socket: Duplex, error: unknown): void {
  const { status, message } = errorReply(error)
  const body = `${JSON.stringify({ message })}\n`
  const headers = {
    ...STANDARD_HEADERS,
    ...errorHeaders(status),
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }
  socket.end(`HTTP/1.1 ${status} Error\r\n${headerLines(headers)}\r\n${body}`)
}

/**
 * Bytes of a body that Node has left on the connection: it does not parse the body of an upgrade
 * request. They are the caller's options, not input for the guest.
 */
export function bodyLength(request: IncomingMessage): number {
  const length = Number(request.headers['content-length'] ?? 0)
  return Number.isSafeInteger(length) && length > 0 ? length : 0
}

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
