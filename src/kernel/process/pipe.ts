import { Errno } from '../../contract/errno.ts'
import { type Blocked, blocked, fail, ok, type Result } from '../../contract/result.ts'
import type { Ledger } from '../cgroup/ledger.ts'
import { OpenFile } from '../mount/open-file.ts'
import type { FileHandle, Readiness } from '../mount/vnode.ts'
import type { PipeBuffer, PipeBuffers, PipeEnd } from './pipe-buffer.ts'
import { RingPipe } from './ring-pipe.ts'
import { inputHandle } from './stream-handle.ts'

/**
 * Bytes a pipe holds: four times as many as Linux's, so that both sides work at once on pieces of that
 * size. @source pipe(7), "Pipe capacity"
 */
export const PIPE_BYTES = 262_144
/** A write of no more goes in whole or not at all: PIPE_BUF. @source pipe(7) */
export const ATOMIC_BYTES = 4_096

/** The end that writes. A pipe is said to be writable when an atomic write fits. */
function writerHandle(buffer: PipeBuffer): Omit<FileHandle, 'close'> {
  return {
    seekable: false,
    atomic: ATOMIC_BYTES,
    read: () => fail(Errno.BADF),
    write: (from): Result<number> | Blocked => {
      const room = buffer.room()
      if (room < 0) return fail(Errno.PIPE)
      const needed = from.length <= ATOMIC_BYTES ? from.length : 1
      if (room < needed) return blocked(() => hasRoom(buffer, needed))
      return ok(buffer.write(from) ?? 0)
    },
    readable: () => undefined,
    writable: (): Readiness | undefined => {
      if (!hasRoom(buffer, ATOMIC_BYTES)) return undefined
      const room = buffer.room()
      return { bytes: Math.max(0, room), hangup: room < 0 }
    },
  }
}

/** Or nobody reads: then a write fails at once. */
function hasRoom(buffer: PipeBuffer, needed: number): boolean {
  const room = buffer.room()
  return room < 0 || room >= needed
}

interface EndParts {
  readonly ledger: Ledger
  readonly nonblock: boolean
  readonly close: () => void
}

/** One end of a pipe with these bytes. */
export function openEnd(
  end: PipeEnd,
  buffer: PipeBuffer,
  { ledger, nonblock, close }: EndParts,
): OpenFile {
  const handle = end === 'read' ? inputHandle(buffer) : writerHandle(buffer)
  return new OpenFile({
    type: 'fifo',
    place: undefined,
    access: { read: end === 'read', write: end === 'write' },
    handle: { ...handle, stream: buffer, pipe: { buffer, end }, close },
    nonblock,
    ledger,
  })
}

/**
 * A pipe: each end has one reference. NOMEM: it cannot be paid for.
 *
 * @param buffers - where its bytes lie when there is place; else in this thread's memory.
 * @source pipe(2), pipe(7)
 */
export function makePipe(
  ledger: Ledger,
  { nonblock }: { readonly nonblock: boolean },
  buffers?: PipeBuffers,
): Result<{ readonly reader: OpenFile; readonly writer: OpenFile }> {
  if (!ledger.charge('memory', PIPE_BYTES)) return fail(Errno.NOMEM)
  const buffer = buffers?.take() ?? new RingPipe(PIPE_BYTES)
  let open = 2
  const closing = (close: () => void) => () => {
    close()
    open -= 1
    if (open === 0) ledger.release('memory', PIPE_BYTES)
  }
  const closeReader = closing(() => buffer.closeReader())
  const closeWriter = closing(() => buffer.closeWriter())
  return ok({
    reader: openEnd('read', buffer, { ledger, nonblock, close: closeReader }),
    writer: openEnd('write', buffer, { ledger, nonblock, close: closeWriter }),
  })
}
