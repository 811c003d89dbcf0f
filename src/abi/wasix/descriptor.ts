import { Errno } from '../../contract/errno.ts'
import { addPipe, fdDup as dupFrom } from '../bulkhead/descriptor.ts'
import { type CallContext, errnoOf } from '../preview1/call.ts'
import { openPath } from '../preview1/path.ts'

/** `fdflagsext`. */
const CLOEXEC = 1

/** The lowest free number. */
export const fdDup = (call: CallContext, fd: number, out: number): Errno =>
  dupFrom(call, fd, 0, 0, out)

/** F_DUPFD and F_DUPFD_CLOEXEC, whatever it is called. @source the guests' reference, 6.1 */
export const fdDup2 = (
  call: CallContext,
  fd: number,
  minimum: number,
  closes: number,
  out: number,
): Errno => dupFrom(call, fd, minimum, Number(closes !== 0), out)

/** @source pipe(2) */
export function fdPipe(call: CallContext, read: number, written: number): Errno {
  const { memory } = call
  if (!memory.covers(read, 4) || !memory.covers(written, 4)) return Errno.FAULT
  const pipe = addPipe(call, { nonblock: false, closeOnExec: false })
  if (!pipe.ok) return pipe.errno
  memory.writeU32(read, pipe.value.read)
  return memory.writeU32(written, pipe.value.written)
}

/** 16 bits at `out`. */
export function fdFdflagsGet({ process, memory }: CallContext, fd: number, out: number): Errno {
  const closes = process.fds.isCloseOnExec(fd >>> 0)
  if (!closes.ok) return closes.errno
  const view = memory.zeroed(out, 2)
  if (!view.ok) return view.errno
  view.value.setUint16(0, closes.value ? CLOEXEC : 0, true)
  return Errno.SUCCESS
}

export function fdFdflagsSet({ process }: CallContext, fd: number, flags: number): Errno {
  if ((flags & ~CLOEXEC) !== 0) return Errno.INVAL
  return errnoOf(process.fds.setCloseOnExec(fd >>> 0, flags !== 0))
}

/** `path_open`, and whether another program has it open too. */
export const pathOpen2 = (
  call: CallContext,
  fd: number,
  lookup: number,
  pointer: number,
  length: number,
  oflags: number,
  rights: bigint,
  _inheriting: bigint,
  fdflags: number,
  flagsext: number,
  out: number,
): Errno => {
  if ((flagsext & ~CLOEXEC) !== 0) return Errno.INVAL
  const closeOnExec = flagsext !== 0
  return openPath(call, { fd, lookup, pointer, length, oflags, rights, fdflags, closeOnExec, out })
}
