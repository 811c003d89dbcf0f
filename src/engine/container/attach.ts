import { EngineError } from '../../contract/errors.ts'
import type { Attachment } from './attachments.ts'
import type { Container } from './container.ts'
import { announce, type ContainerParts } from './containers.ts'
import { DetachWatch, detachKeysOf } from './detach-keys.ts'
import type { OutputPiece, OutputStream } from './log/log-entry.ts'
import { type LogBatch, readLog } from './log/read-log.ts'
import { checkReadable } from './logs.ts'

export interface AttachOptions {
  readonly stdin: boolean
  /** What was written before. */
  readonly logs: boolean
  /** What comes. */
  readonly stream: boolean
  /** As `ctrl-p,ctrl-q`, which they are where it is empty: a terminal's client leaves by them. */
  readonly detachKeys?: string | undefined
}

/** The caller's end of an attachment. */
export interface Attached {
  /** Settles when the process has taken the bytes; they are dropped where the input is not open. */
  send(bytes: Uint8Array): Promise<void>
  /** The caller will send no more: the end of an input that is read once, of the attachment else. */
  endInput(): void
  detach(): void
}

const conflict = (text: string): EngineError => new EngineError('WRONG_STATE', text)

/** Neighbours of one stream are one piece: a client cannot tell where a guest's writes ended anyway. */
function piecesOf(batch: LogBatch): readonly OutputPiece[] {
  const runs: { readonly stream: OutputStream; readonly all: Uint8Array[] }[] = []
  for (const { stream, bytes } of batch) {
    const last = runs.at(-1)
    if (last?.stream === stream) last.all.push(bytes)
    else runs.push({ stream, all: [bytes] })
  }
  return runs.map(({ stream, all }) => ({ stream, bytes: Buffer.concat(all) }))
}

/** What was written, and with `stream` what comes, from the log: no byte twice and none missing. */
async function replay(
  container: Container,
  attachment: Attachment,
  follow: boolean,
  gone: AbortSignal,
) {
  const over = container.run?.over.promise
  const batches = readLog(container.log, {
    streams: attachment.streams,
    follow: follow && over !== undefined ? { ended: over } : undefined,
    signal: gone,
  })
  try {
    for await (const batch of batches) {
      if (gone.aborted) break
      await attachment.write(piecesOf(batch))
    }
  } catch {
    // Its reader has gone.
  }
  attachment.end()
}

/**
 * Attaches somebody to a container: to the run there is, or to the next one.
 *
 * @param reference - as the caller wrote it, for the texts.
 * @throws EngineError `WRONG_STATE`: it is paused or waits to be restarted. `INVALID_ARGUMENT`: no such
 *   detach keys.
 * @source engine API reference, 3.4
 */
export const attach =
  (parts: Pick<ContainerParts, 'events'>) =>
  (
    container: Container,
    options: AttachOptions,
    attachment: Attachment,
    reference: string,
  ): Attached => {
    const { spec, state } = container.record
    const watch = new DetachWatch(detachKeysOf(options.detachKeys ?? ''))
    if (state.status === 'paused') {
      throw conflict(`container ${reference} is paused, unpause the container before attach`)
    }
    if (state.status === 'restarting') {
      throw conflict(`container ${reference} is restarting, wait until the container is running`)
    }
    if (options.logs) checkReadable(container)
    const gone = new AbortController()
    let detach = (): void => gone.abort()
    if (options.logs || !options.stream) {
      void replay(container, attachment, options.stream, gone.signal)
    } else detach = container.attachments.add(attachment)
    announce(parts, container.record, 'attach')
    const input = options.stdin && options.stream ? container.stdin : undefined
    return {
      send: async (typed) => {
        const { bytes, detached } = spec.tty ? watch.take(typed) : { bytes: typed, detached: false }
        if (bytes.length > 0) await input?.write(bytes)
        if (!detached) return
        announce(parts, container.record, 'detach')
        detach()
        attachment.end()
      },
      endInput: () => {
        if (spec.stdinOnce && !spec.tty) {
          input?.close()
          return
        }
        // The input is open to others, and goes on. Who is heard no more may be gone altogether.
        detach()
        attachment.end()
      },
      detach,
    }
  }
