import { Errno } from '../../contract/errno.ts'
import { type Blocked, DONE, type Result } from '../../contract/result.ts'
import { SIGNAL } from '../../contract/signals.ts'
import type { OpenFile, Whence } from '../../kernel/mount/open-file.ts'
import type { FdTable } from '../../kernel/process/fd-table.ts'
import type { Process } from '../../kernel/process/process.ts'
import {
  type CallContext,
  chargeBytes,
  errnoOf,
  offsetOf,
  type Step,
  type Suspended,
  suspended,
} from './call.ts'

/** A call that reads or writes what its descriptor leads to, and needs nothing else of its process. */
export interface Transferring extends Pick<CallContext, 'memory'> {
  readonly process: Pick<Process, 'charge'> & { readonly fds: Pick<FdTable, 'get'> }
}

/** `at`: the offset the call names, undefined where it names none that can be. */
interface Way {
  readonly move: (
    file: OpenFile,
    buffers: readonly Uint8Array[],
    at: number | undefined,
  ) => Result<number> | Blocked
  readonly wrong: (file: OpenFile, at: number | undefined) => Errno | undefined
  /** A stream takes all of it before the call answers, however long that takes, unless it is NONBLOCK. */
  readonly whole?: boolean
}

/**
 * Reads or writes through a list of buffers, with fresh views each time the call is made.
 *
 * @param moved - bytes that an earlier attempt has moved.
 */
function transfer(
  call: Transferring,
  fd: number,
  list: number,
  count: number,
  out: number,
  way: Way,
  at?: number,
  moved = 0,
): Step {
  const file = call.process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  // A wrong mode is told before the buffers are looked at.
  const refused = way.wrong(file.value, at)
  if (refused !== undefined) return refused
  const buffers = call.memory.buffers(list, count)
  if (!buffers.ok) return buffers.errno
  if (!call.memory.covers(out, 4)) return Errno.FAULT
  const done = way.move(file.value, behind(buffers.value, moved), at)
  if (done.ok === 'blocked') return waiting(done, call, fd, list, count, out, way, at, moved)
  if (!done.ok) return moved > 0 ? settled(call, out, moved) : done.errno
  const total = moved + done.value
  const isPart = way.whole === true && done.value > 0 && total < sizeOf(buffers.value)
  if (isPart && takesAll(file.value)) {
    return transfer(call, fd, list, count, out, way, at, total)
  }
  return settled(call, out, total)
}

/** Not within `transfer`: whatever functions of a function name is made anew for each of its calls. */
function waiting(wait: Blocked, ...transferred: Parameters<typeof transfer>): Step {
  const [call, , , , out, , , moved = 0] = transferred
  const again = (): Step => transfer(...transferred)
  const interrupted = moved > 0 ? () => settled(call, out, moved) : undefined
  return { ...suspended(wait, again), ...(interrupted && { interrupted }) }
}

function settled(call: Transferring, out: number, bytes: number): Errno {
  chargeBytes(call, bytes)
  return call.memory.writeU32(out, bytes)
}

const takesAll = ({ handle, nonblock }: OpenFile): boolean =>
  handle?.seekable === false && !nonblock
const sizeOf = (buffers: readonly Uint8Array[]): number =>
  buffers.reduce((sum, { length }) => sum + length, 0)

/** What is left of the buffers after their first `bytes`. */
function behind(buffers: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  if (bytes === 0) return buffers
  let left = bytes
  return buffers.flatMap((buffer) => {
    const part = buffer.subarray(Math.min(left, buffer.length))
    left -= buffer.length - part.length
    return part.length === 0 ? [] : [part]
  })
}

/** Nobody reads any more: who has not said otherwise ends by it. @source write(2), EPIPE */
function signalled(call: CallContext, step: Step): Step {
  if (typeof step !== 'number') return signalledLater(call, step)
  if (step === Errno.PIPE) call.process.namespace.raise(call.process, SIGNAL.PIPE)
  return step
}

const signalledLater = (call: CallContext, step: Suspended): Step => ({
  ...step,
  resume: () => signalled(call, step.resume()),
})

const notReadable = (file: OpenFile): Errno | undefined =>
  file.isDirectory || !file.access.read ? Errno.BADF : undefined
const notWritable = (file: OpenFile): Errno | undefined =>
  file.isDirectory || !file.access.write ? Errno.BADF : undefined
const notAt = (file: OpenFile, at: number | undefined): Errno | undefined => {
  if (file.handle?.seekable !== true) return Errno.SPIPE
  return at === undefined ? Errno.INVAL : undefined
}

const READ: Way = { move: (file, into) => file.read(into), wrong: notReadable }
const WRITE: Way = { move: (file, from) => file.write(from), wrong: notWritable, whole: true }
const READ_AT: Way = {
  move: (file, into, at = 0) => file.readAt(into, at),
  wrong: (file, at) => notReadable(file) ?? notAt(file, at),
}
const WRITE_AT: Way = {
  move: (file, from, at = 0) => file.writeAt(from, at),
  wrong: (file, at) => notWritable(file) ?? notAt(file, at),
}

/** @source witx `fd_read`; readv(2) */
export const fdRead = (call: Transferring, fd: number, list: number, count: number, out: number) =>
  transfer(call, fd, list, count, out, READ)

/** As `fdWrite`, but that EPIPE is an errno alone. */
export const writeTo = (call: Transferring, fd: number, list: number, count: number, out: number) =>
  transfer(call, fd, list, count, out, WRITE)

/** @source witx `fd_write`; writev(2) */
export const fdWrite = (call: CallContext, fd: number, list: number, count: number, out: number) =>
  signalled(call, writeTo(call, fd, list, count, out))

/** @source witx `fd_pread`; preadv(2) */
export const fdPread = (
  call: CallContext,
  fd: number,
  list: number,
  count: number,
  offset: bigint,
  out: number,
): Step => transfer(call, fd, list, count, out, READ_AT, offsetOf(offset))

/** @source witx `fd_pwrite`; pwritev(2) */
export const fdPwrite = (
  call: CallContext,
  fd: number,
  list: number,
  count: number,
  offset: bigint,
  out: number,
): Step => transfer(call, fd, list, count, out, WRITE_AT, offsetOf(offset))

/** `whence` of the witx file. */
const WHENCE: readonly Whence[] = ['set', 'current', 'end']

/** @source witx `fd_seek`; lseek(2) */
export function fdSeek(
  call: CallContext,
  fd: number,
  offset: bigint,
  whence: number,
  out: number,
): Errno {
  return seek(call, fd, offset, WHENCE[whence], out)
}

export function seek(
  { process, memory }: CallContext,
  fd: number,
  offset: bigint,
  whence: Whence | undefined,
  out: number,
): Errno {
  const file = process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  if (file.value.isDirectory) return Errno.BADF
  if (file.value.handle?.seekable !== true) return Errno.SPIPE
  if (whence === undefined) return Errno.INVAL
  if (!memory.covers(out, 8)) return Errno.FAULT
  const position = file.value.seek(BigInt.asIntN(64, offset), whence)
  return position.ok ? memory.writeU64(out, position.value) : position.errno
}

/** @source witx `fd_tell` */
export const fdTell = (call: CallContext, fd: number, out: number): Errno =>
  seek(call, fd, 0n, 'current', out)

/** Advice beyond 5 is unknown; on a file it changes nothing. @source witx `fd_advise` */
export function fdAdvise(
  { process }: CallContext,
  fd: number,
  _offset: bigint,
  _length: bigint,
  advice: number,
): Errno {
  const file = process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  if (file.value.isDirectory) return Errno.BADF
  if (advice >>> 0 > 5) return Errno.INVAL
  return file.value.handle?.seekable === true ? Errno.SUCCESS : Errno.SPIPE
}

/** Allocation is refused, as the newest engines do: libc falls back. @source witx `fd_allocate` */
export function fdAllocate({ process }: CallContext, fd: number): Errno {
  const file = process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  return file.value.isDirectory ? Errno.BADF : Errno.NOTSUP
}

/** @source witx `fd_sync`, `fd_datasync` */
export function fdSync({ process }: CallContext, fd: number): Errno {
  const file = process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  if (file.value.isDirectory) return Errno.BADF
  if (file.value.handle?.seekable !== true || file.value.place === undefined) return Errno.INVAL
  return errnoOf(file.value.handle.sync?.() ?? DONE)
}

/** @source witx `fd_filestat_set_size`; ftruncate(2) */
export function fdFilestatSetSize(call: CallContext, fd: number, size: bigint): Errno {
  const file = call.process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  if (file.value.isDirectory) return Errno.BADF
  const unsigned = BigInt.asUintN(64, size)
  if (unsigned >= 2n ** 63n) return Errno.INVAL
  const bytes = offsetOf(unsigned)
  if (bytes === undefined) return Errno.FBIG
  const stat = file.value.place?.vnode.stat()
  const done = file.value.truncate(bytes)
  if (done.ok && stat?.ok === true) chargeBytes(call, Math.abs(bytes - stat.value.size))
  return errnoOf(done)
}
