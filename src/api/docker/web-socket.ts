import { type WebSocket, WebSocketServer } from 'ws'
import { EngineError } from '../../contract/errors.ts'
import type { UpgradeRequest } from './hijack.ts'

/** Bytes of one message of a client. A longer one ends the connection with 1009. */
export const MOST_MESSAGE_BYTES = 2 ** 20
/** A message may come in so many frames, and in so many pieces that wait for the rest. */
const MOST_FRAMES = 1_024
const MOST_PIECES = 16_384
/** Bytes that may wait for a client that reads slowly before its pings are answered no more. */
const MOST_WAITING = 65_536

/** @source RFC 6455, 7.4.1 */
const NORMAL_CLOSURE = 1_000

export interface WebSocketClient {
  /** Settles when the other side can take more, or has gone. */
  write(bytes: Uint8Array): Promise<void>
  /** Ends the connection with 1000; who does not answer is cut off after a while. */
  end(): void
}

/** What a client does. */
export interface WebSocketEvents {
  /** The next message is not read before it settles. */
  message(bytes: Uint8Array): Promise<void>
  /** After the last message was taken: it has closed the connection, or the connection has broken. */
  ended(): void
  /** At once. */
  gone(): void
}

/** Compression is left out: it costs memory by the connection, and a small message may be a large one. */
const server = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  autoPong: false,
  maxPayload: MOST_MESSAGE_BYTES,
  maxFragments: MOST_FRAMES,
  maxBufferedChunks: MOST_PIECES,
})

/** Hands on one message after the other, also of those that came in one piece. */
function feed(socket: WebSocket, { message, ended, gone }: WebSocketEvents): void {
  let waiting = 0
  let turn = Promise.resolve()
  socket.on('message', (data: Buffer) => {
    waiting += 1
    socket.pause()
    turn = turn
      .then(() => message(data))
      .then(() => {
        waiting -= 1
        if (waiting === 0) socket.resume()
      })
  })
  socket.on('close', () => {
    gone()
    void turn.then(ended)
  })
}

function clientOf(socket: WebSocket, binary: boolean): WebSocketClient {
  return {
    write: (bytes) => new Promise((taken) => socket.send(bytes, { binary }, () => taken())),
    end: () => socket.close(NORMAL_CLOSURE),
  }
}

/**
 * Answers 101 and speaks WebSocket from there on.
 *
 * @param binary - whether messages to the client are binary; text else, whatever is in them.
 * @throws EngineError `INVALID_ARGUMENT`: what the client asks for is no WebSocket. Nothing was answered.
 * @source RFC 6455
 */
export function openWebSocket(
  { request, socket, head }: Pick<UpgradeRequest, 'request' | 'socket' | 'head'>,
  binary: boolean,
  events: WebSocketEvents,
): WebSocketClient {
  let client: WebSocketClient | undefined
  let refusal = 'not a WebSocket'
  const refused = ({ message }: Error): void => {
    refusal = message
  }
  // Both are called before handleUpgrade returns.
  server.once('wsClientError', refused)
  server.handleUpgrade(request, socket, head, (opened) => {
    // It has ended the connection with the code of what was wrong: 1002, 1007, 1009.
    opened.on('error', () => {})
    // Answers nobody reads must not pile up.
    opened.on('ping', (data) => {
      if (opened.bufferedAmount < MOST_WAITING) opened.pong(data)
    })
    feed(opened, events)
    client = clientOf(opened, binary)
  })
  server.off('wsClientError', refused)
  if (client === undefined) throw new EngineError('INVALID_ARGUMENT', `Bad request: ${refusal}`)
  return client
}
