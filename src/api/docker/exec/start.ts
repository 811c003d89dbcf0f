import type { Duplex } from 'node:stream'
import { type TerminalSize, UNKNOWN_SIZE } from '../../../contract/terminal.ts'
import type { FoundExec } from '../../../engine/container/exec/find-exec.ts'
import type { ExecClient, StartedExec } from '../../../engine/container/exec/start-exec.ts'
import type { Containers } from '../../../engine/engine.ts'
import { since } from '../api-version.ts'
import { parseBody, parseText } from '../body.ts'
import { sizeOf } from '../console-size.ts'
import { referenceOf } from '../containers/verbs.ts'
import type { Handler } from '../context.ts'
import { errorReply } from '../errors.ts'
import {
  declineUpgrade,
  firstByteTime,
  switchProtocols,
  type UpgradeRequest,
  writeTo,
} from '../hijack.ts'
import { empty } from '../json.ts'
import { frame, MULTIPLEXED, RAW } from '../multiplex.ts'
import { streamed } from '../stream.ts'
import { upgradeBody } from '../upgrade-body.ts'
import { startExecSchema } from './exec-body.ts'

type Verbs = Pick<Containers, 'findExec' | 'checkExec' | 'startExec' | 'resizeExec'>

/** The exec, which can be started as far as its container goes: what is wrong here has a status. */
function startable(containers: Verbs, id: string): FoundExec {
  const found = containers.findExec(id)
  containers.checkExec(found)
  return found
}

/** A client without input stays as long as it runs. */
const untilItEnds = (): Promise<void> => new Promise(() => {})

/**
 * Starts an exec and stays until it has ended. The head of the answer is out: what is wrong now is
 * told in the stream.
 *
 * @source engine API reference, 7
 */
async function follow(
  containers: Verbs,
  found: FoundExec,
  client: ExecClient,
  size: TerminalSize,
  feed: (started: StartedExec) => Promise<void>,
): Promise<void> {
  try {
    const started = await containers.startExec(found, client)
    if (size !== UNKNOWN_SIZE) await containers.resizeExec(found, size).catch(() => undefined)
    await Promise.race([feed(started), started.ended])
  } catch (error) {
    await client.write('stdout', Buffer.from(`${errorReply(error).message}\r\n`))
  }
}

/**
 * Hands what the client sends to the exec, one piece after the other. Settles when a terminal's client has
 * left it, which goes on; the end of any other input ends the exec's.
 */
function feedFrom(socket: Duplex, started: StartedExec): Promise<void> {
  const { stdin, watch } = started
  return new Promise((left) => {
    const end = (): void => {
      if (watch === undefined) stdin?.close()
      else left()
    }
    const send = async (typed: Uint8Array): Promise<void> => {
      const { bytes, detached } = watch?.take(typed) ?? { bytes: typed, detached: false }
      if (bytes.length > 0) await stdin?.write(bytes)
      if (!detached) return
      started.detach()
      left()
    }
    if (stdin !== undefined) {
      socket.on('data', (bytes: Buffer) => {
        socket.pause()
        void send(bytes).then(() => socket.resume())
      })
      socket.on('end', end)
      socket.on('close', end)
      if (socket.readableEnded || socket.destroyed) end()
    }
    socket.resume()
  })
}

/** 200 and the output as a body, without input; with `Detach`, 200 at once. 400, 404, 409. */
export const startExecAsBody =
  (containers: Verbs): Handler =>
  async (c) => {
    const { Detach, Tty, ConsoleSize } = await parseBody(c, startExecSchema)
    const found = startable(containers, referenceOf(c))
    if (Detach === true) {
      await containers.startExec(found, undefined)
      return empty(200)
    }
    return streamed(c, RAW, async ({ write }) => {
      const client: ExecClient = {
        sends: false,
        write: (stream, bytes) => write(Tty === true ? bytes : frame(stream, bytes)),
      }
      await follow(containers, found, client, sizeOf(ConsoleSize), untilItEnds)
    })
  }

/**
 * 101, then the output framed, or raw where the client's body says that it has a terminal; its bytes
 * are the exec's input. 400, 404, 409 before the 101.
 */
export const startExecAttached =
  (containers: Verbs) =>
  async ({ request, socket, head, version, id }: UpgradeRequest): Promise<void> => {
    const text = await upgradeBody(request, socket, head)
    const type = request.headers['content-type']
    const { Detach, Tty, ConsoleSize } = parseText(text, type, startExecSchema)
    const found = startable(containers, id)
    if (Detach === true) {
      await containers.startExec(found, undefined)
      declineUpgrade(socket)
      return
    }
    const raw = Tty === true
    switchProtocols(socket, !raw && since(version, 42) ? MULTIPLEXED : RAW)
    const ready = firstByteTime(request)
    const client: ExecClient = {
      sends: true,
      write: async (stream, bytes) => {
        await ready
        if (!socket.writableEnded) await writeTo(socket, raw ? bytes : frame(stream, bytes))
      },
    }
    const size = sizeOf(ConsoleSize)
    await follow(containers, found, client, size, (started) => feedFrom(socket, started))
    await ready
    // Also where nothing was fed: a connection that nobody reads is never closed.
    socket.resume()
    socket.end()
  }
