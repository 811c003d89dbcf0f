import { createConnection, type Socket } from 'node:net'

export interface RawAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** A connection of its own, so that whatever a test sends is sent as it is. */
export const connect = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })

/** Everything that comes until the other side has nothing more to say. A reset is an end too. */
export const readAll = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    const pieces: Buffer[] = []
    socket.on('data', (piece: Buffer) => pieces.push(piece))
    socket.on('error', () => {})
    const done = (): void => resolve(Buffer.concat(pieces).toString('latin1'))
    socket.once('end', done)
    socket.once('close', done)
  })

const lengthOf = (head: string): number =>
  Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? Number.POSITIVE_INFINITY)

/**
 * The first answer of a text. Behind it there may be another: a request is answered before its body is
 * read, and what is no body is then refused by the parser; both may come at once.
 */
export function parseAnswer(text: string): RawAnswer {
  const at = text.indexOf('\r\n\r\n')
  const head = at === -1 ? text : text.slice(0, at)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
  const from = at + 4
  return { status, head, body: at === -1 ? '' : text.slice(from, from + lengthOf(head)) }
}

export interface RawRequest {
  readonly method: string
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** Writes a request byte by byte as it is given; one connection has one. */
export function send(
  socket: Socket,
  { method, target, headers = {}, body = '' }: RawRequest,
): void {
  const lines = { Host: 'localhost', Connection: 'close', ...headers }
  const length = Buffer.byteLength(body)
  const sized =
    length > 0 && !('Transfer-Encoding' in lines) ? { 'Content-Length': `${length}` } : {}
  const head = Object.entries({ ...sized, ...lines }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  socket.write(`${method} ${target} HTTP/1.1\r\n${head.join('')}\r\n`, 'latin1')
  if (length > 0) socket.write(body)
}

/** Sends one request and reads until the connection is closed. */
export async function raw(port: number, request: RawRequest): Promise<RawAnswer> {
  const socket = await connect(port)
  send(socket, request)
  const answer = parseAnswer(await readAll(socket))
  socket.destroy()
  return answer
}

/** Whether all of an answer is there: by its length, its last chunk, or because it may have no end. */
function isWhole(text: string, method: string): boolean {
  if (!text.includes('\r\n\r\n')) return false
  const { status, head, body } = parseAnswer(text)
  if (status < 400 || method === 'HEAD') return true
  const length = lengthOf(head)
  return Number.isFinite(length) ? body.length >= length : body.endsWith('0\r\n\r\n')
}

/**
 * Sends one request as clients do, which keep their connection, and reads until its answer is there: of
 * one that goes well the head only, for it may be a stream without an end. Then the connection is cut.
 */
export async function ask(port: number, request: RawRequest): Promise<RawAnswer> {
  const socket = await connect(port)
  let text = ''
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (piece: Buffer) => {
      text += piece.toString('latin1')
      if (isWhole(text, request.method)) resolve()
    })
    socket.on('error', () => {})
    socket.once('close', () => resolve())
    socket.once('end', () => resolve())
  })
  send(socket, { ...request, headers: { Connection: 'keep-alive', ...request.headers } })
  await answered
  socket.destroy()
  return parseAnswer(text)
}
