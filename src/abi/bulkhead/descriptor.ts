import { Errno } from '../../contract/errno.ts'
import { ok, type Result } from '../../contract/result.ts'
import { makePipe } from '../../kernel/process/pipe.ts'
import { type CallContext, errnoOf } from '../preview1/call.ts'

/** Bits of what descriptors are made with. */
const FLAG = { CLOEXEC: 1, NONBLOCK: 2 } as const

const isCloexec = (flags: number): boolean => (flags & FLAG.CLOEXEC) !== 0

/** F_DUPFD: the lowest free number from `minimum` on. @source fcntl(2) */
export function fdDup(
  { process, memory }: CallContext,
  fd: number,
  minimum: number,
  flags: number,
  out: number,
): Errno {
  if ((flags & ~FLAG.CLOEXEC) !== 0) return Errno.INVAL
  if (!memory.covers(out, 4)) return Errno.FAULT
  const made = process.fds.dup(fd >>> 0, minimum, isCloexec(flags))
  return made.ok ? memory.writeU32(out, made.value) : made.errno
}

/** @source dup2(2), dup3(2) */
export function fdDupTo({ process }: CallContext, from: number, to: number, flags: number): Errno {
  if ((flags & ~FLAG.CLOEXEC) !== 0) return Errno.INVAL
  return errnoOf(process.fds.dupTo(from >>> 0, to, isCloexec(flags)))
}

/** The numbers of a pipe's ends. */
interface PipeEnds {
  readonly read: number
  readonly written: number
}

/** Opens both ends of a pipe, or neither. */
export function addPipe(
  { process }: CallContext,
  { nonblock, closeOnExec }: { readonly nonblock: boolean; readonly closeOnExec: boolean },
): Result<PipeEnds> {
  const pipe = makePipe(process.ledger, { nonblock }, process.namespace.pipes)
  if (!pipe.ok) return pipe
  const { reader, writer } = pipe.value
  const read = process.fds.add(reader, closeOnExec)
  if (!read.ok) {
    reader.release()
    writer.release()
    return read
  }
  const written = process.fds.add(writer, closeOnExec)
  if (written.ok) return ok({ read: read.value, written: written.value })
  process.fds.close(read.value)
  writer.release()
  return written
}

/** Two numbers at `out`: what is read, what is written. @source pipe2(2) */
export function fdPipe(call: CallContext, flags: number, out: number): Errno {
  if ((flags & ~(FLAG.CLOEXEC | FLAG.NONBLOCK)) !== 0) return Errno.INVAL
  if (!call.memory.covers(out, 8)) return Errno.FAULT
  const nonblock = (flags & FLAG.NONBLOCK) !== 0
  const pipe = addPipe(call, { nonblock, closeOnExec: isCloexec(flags) })
  if (!pipe.ok) return pipe.errno
  call.memory.writeU32(out, pipe.value.read)
  return call.memory.writeU32((out >>> 0) + 4, pipe.value.written)
}

/** F_GETFD. */
export function fdFlagsGet({ process, memory }: CallContext, fd: number, out: number): Errno {
  const closes = process.fds.isCloseOnExec(fd >>> 0)
  return closes.ok ? memory.writeU32(out, closes.value ? FLAG.CLOEXEC : 0) : closes.errno
}

/** F_SETFD. */
export function fdFlagsSet({ process }: CallContext, fd: number, flags: number): Errno {
  if ((flags & ~FLAG.CLOEXEC) !== 0) return Errno.INVAL
  return errnoOf(process.fds.setCloseOnExec(fd >>> 0, isCloexec(flags)))
}
