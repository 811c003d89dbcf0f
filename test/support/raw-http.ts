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

export function parseAnswer(text: string): RawAnswer {
  const at = text.indexOf('\r\n\r\n')
  const head = at === -1 ? text : text.slice(0, at)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
  return { status, head, body: at === -1 ? '' : text.slice(at + 4) }
}

export interface RawRequest {
  readonly method: string
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** Sends one request byte by byte as it is given, and reads until the connection is closed. */
export async function raw(port: number, request: RawRequest): Promise<RawAnswer> {
  const { method, target, headers = {}, body = '' } = request
  const socket = await connect(port)
  const lines = { Host: 'localhost', Connection: 'close', ...headers }
  const length = Buffer.byteLength(body)
  const sized =
    length > 0 && !('Transfer-Encoding' in lines) ? { 'Content-Length': `${length}` } : {}
  const head = Object.entries({ ...sized, ...lines }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  socket.write(`${method} ${target} HTTP/1.1\r\n${head.join('')}\r\n`, 'latin1')
  socket.write(body)
  const answer = parseAnswer(await readAll(socket))
  socket.destroy()
  return answer
}
