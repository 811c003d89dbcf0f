import type { Duplex } from 'node:stream'
import type { Attached } from '../../../engine/container/attach.ts'
import type { OutputPiece } from '../../../engine/container/log/log-entry.ts'
import type { Containers } from '../../../engine/engine.ts'
import { deferred } from '../../../std/deferred.ts'
import { since } from '../api-version.ts'
import type { Handler } from '../context.ts'
import { firstByteTime, switchProtocols, type UpgradeRequest, writeTo } from '../hijack.ts'
import { MULTIPLEXED, RAW, written } from '../multiplex.ts'
import { type ResponseStream, streamed } from '../stream.ts'
import { unwantedBody } from '../upgrade-body.ts'
import { has, optionsOf, streamsOf } from './attach-query.ts'

/**
 * Hands what the client sends to the container, one piece after the other.
 *
 * @param body - bytes of the request's own body that come first: they are options, not input.
 */
function feed(socket: Duplex, first: Buffer, body: number, input: Attached): void {
  let left = body
  const send = (bytes: Buffer): void => {
    const skipped = Math.min(left, bytes.length)
    left -= skipped
    if (skipped === bytes.length) return
    socket.pause()
    void input.send(bytes.subarray(skipped)).then(() => socket.resume())
  }
  send(first)
  socket.on('data', send)
  socket.on('end', () => input.endInput())
}

/** 200 for a client that asks for no upgrade: the same output as a body, and no input. 404, 409. */
export const attachAsBody =
  (containers: Pick<Containers, 'resolve' | 'attach'>): Handler =>
  (c) => {
    const id = c.req.param('id') ?? ''
    const container = containers.resolve(id)
    const { tty } = container.record.spec
    const query = new URL(c.req.url).searchParams
    const over = deferred<void>()
    let send: ResponseStream['write'] | undefined
    const attachment = {
      streams: streamsOf(query),
      write: async (pieces: readonly OutputPiece[]): Promise<void> =>
        await send?.(written(tty, pieces)),
      end: () => over.resolve(),
    }
    const attached = containers.attach(container, optionsOf(query, false), attachment, id)
    return streamed(c, RAW, async ({ gone, write }) => {
      send = write
      gone.addEventListener('abort', () => over.resolve(), { once: true })
      await over.promise
      attached.detach()
    })
  }

/**
 * 101, then the container's output framed, or raw from a terminal; the client's bytes are its input.
 * 404, 409 before the 101.
 */
export const attachContainer =
  (containers: Pick<Containers, 'resolve' | 'attach'>) =>
  ({ request, socket, head, version, query, id }: UpgradeRequest): void => {
    const container = containers.resolve(id)
    const { tty } = container.record.spec
    const ready = firstByteTime(request)
    const attachment = {
      streams: streamsOf(query),
      write: async (pieces: readonly OutputPiece[]): Promise<void> => {
        await ready
        await writeTo(socket, written(tty, pieces))
      },
      end: (): void => void ready.then(() => socket.end()),
    }
    const stdin = has(query, 'stdin')
    const attached = containers.attach(container, optionsOf(query, stdin), attachment, id)
    switchProtocols(socket, !tty && since(version, 42) ? MULTIPLEXED : RAW)
    socket.on('close', () => attached.detach())
    const body = unwantedBody(request)
    if (stdin) feed(socket, head, body, attached)
    else socket.resume()
  }
