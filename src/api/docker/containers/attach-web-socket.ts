import { EngineError } from '../../../contract/errors.ts'
import type { OutputPiece, OutputStream } from '../../../engine/container/log/log-entry.ts'
import type { Containers } from '../../../engine/engine.ts'
import { since } from '../api-version.ts'
import type { Handler } from '../context.ts'
import type { UpgradeRequest } from '../hijack.ts'
import { written } from '../multiplex.ts'
import { openWebSocket, type WebSocketClient } from '../web-socket.ts'
import { has, optionsOf, streamsOf } from './attach-query.ts'
import { referenceOf } from './verbs.ts'

type Verbs = Pick<Containers, 'resolve' | 'attach'>

/** Versions before 1.42 take every stream, whatever is asked for. @source engine API reference, 1 */
const OBEYS_STREAMS = 42
/** @source engine API reference, 1 */
const SENDS_BINARY = 28

const EVERY_STREAM: ReadonlySet<OutputStream> = new Set(['stdout', 'stderr'])

/**
 * 101, then what came together of the output is a message, stdout and stderr mixed and without
 * frames of Docker's, and each message of the client is input. The client's close is the end of its
 * input; at the container's end the connection is closed with 1000. 400, 404, 409 before the 101.
 *
 * @source Docker Engine API, ContainerAttachWebsocket
 */
export const attachWebSocket =
  (containers: Verbs) =>
  (asked: UpgradeRequest): void => {
    const { query, version, id } = asked
    const container = containers.resolve(id)
    const obeys = since(version, OBEYS_STREAMS)
    const stdin = obeys ? has(query, 'stdin') : true
    let client: WebSocketClient | undefined
    const attachment = {
      streams: obeys ? streamsOf(query) : EVERY_STREAM,
      write: async (pieces: readonly OutputPiece[]): Promise<void> =>
        await client?.write(written(true, pieces)),
      end: (): void => client?.end(),
    }
    const attached = containers.attach(container, optionsOf(query, stdin), attachment, id)
    try {
      client = openWebSocket(asked, since(version, SENDS_BINARY), {
        message: async (bytes) => {
          if (stdin) await attached.send(bytes)
        },
        ended: () => {
          if (stdin) attached.endInput()
        },
        gone: () => attached.detach(),
      })
    } catch (error) {
      attached.detach()
      throw error
    }
  }

/** What asks for no upgrade is no WebSocket. 400, 404. */
export const attachWithoutWebSocket =
  (containers: Pick<Verbs, 'resolve'>): Handler =>
  (c) => {
    containers.resolve(referenceOf(c))
    throw new EngineError('INVALID_ARGUMENT', 'Bad request: not a WebSocket')
  }
