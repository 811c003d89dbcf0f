import { once } from 'node:events'
import { type ClientOptions, WebSocket } from 'ws'
import { deferred } from '../../src/std/deferred.ts'

/** A client of a WebSocket, and what it has heard. */
export interface SocketClient {
  readonly socket: WebSocket
  /** What has come, as text. */
  text(): string
  /** Whether each message that has come was binary. */
  kinds(): readonly boolean[]
  /** Settles once what has come has `part` in it. */
  heard(part: string): Promise<void>
  /** The code it was closed with. */
  readonly closed: Promise<number>
}

export async function openSocket(url: string, options: ClientOptions = {}): Promise<SocketClient> {
  const socket = new WebSocket(url, options)
  let text = ''
  const kinds: boolean[] = []
  let changed = deferred<void>()
  socket.on('message', (data: Buffer, binary) => {
    text += data.toString()
    kinds.push(binary)
    changed.resolve()
    changed = deferred()
  })
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  await once(socket, 'open')
  return {
    socket,
    text: () => text,
    kinds: () => kinds,
    heard: async (part) => {
      while (!text.includes(part)) await changed.promise
    },
    closed,
  }
}

/** The answer to a client that is no client of a WebSocket here. */
export async function refusedSocket(
  url: string,
  options: ClientOptions = {},
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const socket = new WebSocket(url, options)
  return await new Promise((resolve, reject) => {
    socket.once('open', () => reject(new Error('it was opened')))
    socket.once('unexpected-response', (_, response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (piece: string) => {
        body += piece
      })
      response.once('end', () => resolve({ status: response.statusCode, body }))
    })
  })
}
