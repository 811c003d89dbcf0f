import { Errno } from '../../contract/errno.ts'
import { type Blocked, blocked, fail, ok, type Result } from '../../contract/result.ts'
import type { ByteSink, ByteSource } from '../../contract/streams.ts'
import type { FileHandle, Readiness } from '../mount/vnode.ts'

/** A standard input: blocks while nothing is there and the other side is open. */
export function inputHandle(source: ByteSource): FileHandle {
  return {
    seekable: false,
    stream: source,
    read: (into): Result<number> | Blocked => {
      const count = source.read(into)
      return count === undefined ? blocked(() => source.available() !== 0) : ok(count)
    },
    write: () => fail(Errno.BADF),
    readable: (): Readiness | undefined => {
      const count = source.available()
      if (count === 0) return undefined
      return { bytes: Math.max(0, count), hangup: count < 0 }
    },
    writable: () => undefined,
    close: () => {},
  }
}

/** A standard output: blocks while its reader lags behind; PIPE when the reader has gone. */
export function outputHandle(sink: ByteSink): FileHandle {
  return {
    seekable: false,
    stream: sink,
    read: () => fail(Errno.BADF),
    write: (from): Result<number> | Blocked => {
      const count = sink.write(from)
      if (count === undefined) return fail(Errno.PIPE)
      return count === 0 && from.length > 0 ? blocked(() => sink.room() !== 0) : ok(count)
    },
    readable: () => undefined,
    writable: (): Readiness | undefined => {
      const room = sink.room()
      return room === 0 ? undefined : { bytes: Math.max(0, room), hangup: room < 0 }
    },
    close: () => {},
  }
}
