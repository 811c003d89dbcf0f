import { once } from 'node:events'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { ApiContext } from './context.ts'
import { errorReply } from './errors.ts'

/** A response that is written as its content comes. */
export interface ResponseStream {
  /** Aborts when the client has gone. */
  readonly gone: AbortSignal
  /** Settles when the client can take more; does nothing once it has gone. */
  write(bytes: Uint8Array | string): Promise<void>
}

/** Headers that every reply carries. @source engine API reference, 4 */
export const STANDARD_HEADERS: Readonly<Record<string, string>> = {
  'Api-Version': '1.51',
  'Docker-Experimental': 'false',
  Ostype: 'linux',
}

/**
 * Answers 200 at once and lets `produce` write the body. The head is sent before the first byte of
 * the body: `docker run` waits for the head of `/wait` before it starts anything.
 *
 * @param produce - an error of it ends the response; the head is out, so the client sees it cut.
 */
export function streamed(
  c: ApiContext,
  contentType: string,
  produce: (stream: ResponseStream) => Promise<void>,
  report: (error: unknown) => void = () => {},
): Response {
  const { outgoing } = c.env
  const gone = new AbortController()
  outgoing.on('close', () => gone.abort())
  outgoing.writeHead(200, { ...STANDARD_HEADERS, 'Content-Type': contentType })
  outgoing.flushHeaders()
  const write = async (bytes: Uint8Array | string): Promise<void> => {
    if (gone.signal.aborted || outgoing.write(bytes)) return
    // `close` also ends the wait: its signal aborts the listener for `drain`.
    await once(outgoing, 'drain', { signal: gone.signal }).catch(() => undefined)
  }
  produce({ gone: gone.signal, write }).then(
    () => outgoing.end(),
    (error: unknown) => {
      report(error)
      outgoing.destroy()
    },
  )
  return RESPONSE_ALREADY_SENT
}

/**
 * Answers 200 with `bytes` as they come. A client that goes away, or an error after the head, gives
 * them back.
 */
export function sendBytes(
  c: ApiContext,
  headers: Readonly<Record<string, string>>,
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
): Response {
  const { outgoing } = c.env
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value)
  return streamed(c, headers['Content-Type'] ?? 'application/octet-stream', async (stream) => {
    for await (const piece of bytes) {
      if (stream.gone.aborted) break
      await stream.write(piece)
    }
  })
}

/** A line of a JSON stream, as dockerd ends it. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\r\n`

/** How a stream of JSON tells of an error after its head is out: both keys, for old and new clients. */
export function errorLine(error: unknown): string {
  const { message } = errorReply(error)
  return jsonLine({ errorDetail: { message }, error: message })
}
