import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { EngineError } from '../../contract/errors.ts'
import { deferred } from '../../std/deferred.ts'
import { BODY_BOUNDS } from './body.ts'
import { impatience, readBody, tooLarge } from './read-body.ts'

/**
 * Node reads the body of an upgrade request like that of any other from 26 on; before, it stands on the
 * connection, in front of whatever follows the 101.
 *
 * @source Node 26.0.0, "fix handling of HTTP upgrades with bodies"
 */
const NODE_READS_IT = Number(process.versions.node.split('.')[0]) >= 26

const MOST_BYTES = BODY_BOUNDS.most
/** Bytes of a line of a chunked body: a size, extensions, or a trailer. */
const LONGEST_LINE = 4_096

const invalid = (why: string): EngineError => new EngineError('INVALID_ARGUMENT', why)

/** Settles when there may be more to read, or when there will never be. */
async function readable(socket: Duplex): Promise<void> {
  const { promise, resolve } = deferred<void>()
  const changed = (): void => resolve()
  const events = ['readable', 'end', 'close'] as const
  for (const event of events) socket.on(event, changed)
  await promise
  for (const event of events) socket.off(event, changed)
}

async function exactly(socket: Duplex, size: number): Promise<Buffer> {
  if (size === 0) return Buffer.alloc(0)
  for (;;) {
    // The rest, when the other side has ended.
    const bytes = socket.read(size) as Buffer | null
    if (bytes?.length === size) return bytes
    if (bytes !== null || socket.readableEnded || socket.destroyed) {
      throw invalid('invalid JSON: the request ended before its body did')
    }
    await readable(socket)
  }
}

async function line(socket: Duplex): Promise<string> {
  let text = ''
  while (!text.endsWith('\n')) {
    if (text.length > LONGEST_LINE) throw invalid('invalid chunked body')
    text += (await exactly(socket, 1)).toString('latin1')
  }
  return text.trimEnd()
}

/** @source RFC 9112, 7.1 */
async function chunked(socket: Duplex): Promise<Buffer> {
  const pieces: Buffer[] = []
  let total = 0
  for (;;) {
    const [, digits] = /^([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(await line(socket)) ?? []
    if (digits === undefined) throw invalid('invalid chunked body')
    const size = Number.parseInt(digits, 16)
    total += size
    if (total > MOST_BYTES) throw tooLarge(MOST_BYTES)
    if (size === 0) break
    pieces.push(await exactly(socket, size))
    if ((await line(socket)) !== '') throw invalid('invalid chunked body')
  }
  while ((await line(socket)) !== '');
  return Buffer.concat(pieces)
}

/** What Node has left on the connection. */
async function bodyInFront({ headers }: IncomingMessage, socket: Duplex): Promise<Buffer> {
  const length = Number(headers['content-length'] ?? 0)
  if (length > MOST_BYTES) throw tooLarge(MOST_BYTES)
  const isChunked = headers['transfer-encoding'] !== undefined
  const { late, callOff } = impatience(BODY_BOUNDS.patienceMs)
  try {
    return await Promise.race([isChunked ? chunked(socket) : exactly(socket, length), late])
  } finally {
    callOff()
  }
}

/** What Node reads; it ends the connection of a client that ends too early, but not the body. */
async function bodyOf(request: IncomingMessage, socket: Duplex): Promise<Buffer> {
  const { promise: gone, reject } = deferred<never>()
  const cut = (): void =>
    reject(new EngineError('BODY_CUT_SHORT', 'the body ended before its time'))
  socket.once('close', cut)
  try {
    return await Promise.race([readBody(request, BODY_BOUNDS), gone])
  } finally {
    socket.off('close', cut)
  }
}

/**
 * The body of an upgrade request. What follows it is left on the connection.
 *
 * @param head - what Node had read already.
 * @throws EngineError `INVALID_ARGUMENT` | `BODY_TOO_LARGE` | `BODY_TOO_SLOW` | `BODY_CUT_SHORT`.
 * @source engine API reference, 3.2
 */
export async function upgradeBody(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<string> {
  if (head.length > 0) socket.unshift(head)
  return String(await (NODE_READS_IT ? bodyOf : bodyInFront)(request, socket))
}

/**
 * Lets go a body that nobody wants.
 *
 * @returns how many bytes of it come first on the connection.
 */
export function unwantedBody(request: IncomingMessage): number {
  if (NODE_READS_IT) {
    request.resume()
    return 0
  }
  const length = Number(request.headers['content-length'] ?? 0)
  return Number.isSafeInteger(length) && length > 0 ? length : 0
}
