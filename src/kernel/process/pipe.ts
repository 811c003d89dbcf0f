import { Errno } from '../../contract/errno.ts'
import { type Blocked, blocked, fail, ok, type Result } from '../../contract/result.ts'
import type { Ledger } from '../cgroup/ledger.ts'
import { OpenFile } from '../mount/open-file.ts'
import type { FileHandle, Readiness } from '../mount/vnode.ts'
import type { PipeBuffer } from './pipe-buffer.ts'
import { RingPipe } from './ring-pipe.ts'
import { inputHandle } from './stream-handle.ts'

/** Bytes a pipe holds. @source pipe(7), "Pipe capacity" */
export const PIPE_BYTES = 65_536
/** A write of no more goes in whole or not at all: PIPE_BUF. @source pipe(7) */
export const ATOMIC_BYTES = 4_096

/** The end that writes. A pipe is said to be writable when an atomic write fits. */
function writerHandle(buffer: PipeBuffer, close: () => void): FileHandle {
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
    close,
  }
}

/** Or nobody reads: then a write fails at once. */
function hasRoom(buffer: PipeBuffer, needed: number): boolean {
  const room = buffer.room()
  return room < 0 || room >= needed
}

/**
 * A pipe: each end has one reference. NOMEM: it cannot be paid for.
 *
 * @source pipe(2), pipe(7)
 */
export function makePipe(
  ledger: Ledger,
  { nonblock }: { readonly nonblock: boolean },
): Result<{ readonly reader: OpenFile; readonly writer: OpenFile }> {
  if (!ledger.charge('memory', PIPE_BYTES)) return fail(Errno.NOMEM)
  const buffer = new RingPipe(PIPE_BYTES)
  let open = 2
  const closed = (): void => {
    open -= 1
    if (open === 0) ledger.release('memory', PIPE_BYTES)
  }
  const closeReader = (): void => {
    buffer.closeReader()
    closed()
  }
  const closeWriter = (): void => {
    buffer.closeWriter()
    closed()
  }
  const shared = { type: 'fifo', place: undefined, nonblock, ledger } as const
  const reader = { ...inputHandle(buffer), close: closeReader }
  return ok({
    reader: new OpenFile({ ...shared, access: { read: true, write: false }, handle: reader }),
    writer: new OpenFile({
      ...shared,
      access: { read: false, write: true },
      handle: writerHandle(buffer, closeWriter),
    }),
  })
}
