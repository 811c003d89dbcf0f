import { Errno } from '../../contract/errno.ts'
import type { Whence } from '../../kernel/mount/open-file.ts'
import type { CallContext, Step } from '../preview1/call.ts'
import { fdFilestatGet } from '../preview1/descriptor.ts'
import { seek } from '../preview1/file.ts'
import { pathFilestatGet } from '../preview1/path.ts'
import { poll, type SubscriptionLayout } from '../preview1/poll.ts'
import { PREVIEW1, type Row } from '../preview1/table.ts'

/** Snapshot 0 counted its whence values in another order. */
const WHENCE: readonly Whence[] = ['current', 'end', 'set']
const SUBSCRIPTION: SubscriptionLayout = { bytes: 56, clockId: 24, timeout: 32, flags: 48 }
const FILESTAT_BYTES = 56
const NEW_FILESTAT_BYTES = 64

const fdSeek = (call: CallContext, fd: number, offset: bigint, whence: number, out: number) =>
  seek(call, fd, offset, WHENCE[whence], out)

/** nlink is 32 bits at 20 here, so that everything behind it stands 8 bytes earlier. */
function narrowed(call: CallContext, out: number, write: (at: number) => Errno): Errno {
  const target = call.memory.view(out, NEW_FILESTAT_BYTES)
  const old = call.memory.view(out, FILESTAT_BYTES)
  if (!old.ok) return old.errno
  if (!target.ok) return target.errno
  const behind = target.value.slice(FILESTAT_BYTES)
  const errno = write(out)
  if (errno !== Errno.SUCCESS) return errno
  const stat = target.value.slice()
  old.value.fill(0)
  old.value.set(stat.subarray(0, 17), 0)
  old.value.set(stat.subarray(24, 28), 20)
  old.value.set(stat.subarray(32, 64), 24)
  target.value.set(behind, FILESTAT_BYTES)
  return Errno.SUCCESS
}

const fdFilestat = (call: CallContext, fd: number, out: number): Errno =>
  narrowed(call, out, (at) => fdFilestatGet(call, fd, at))

const pathFilestat = (
  call: CallContext,
  fd: number,
  flags: number,
  pointer: number,
  length: number,
  out: number,
): Errno => narrowed(call, out, (at) => pathFilestatGet(call, fd, flags, pointer, length, at))

const pollOneoff = (
  call: CallContext,
  pointer: number,
  events: number,
  count: number,
  out: number,
): Step => poll(call, pointer, events, count, out, SUBSCRIPTION)

/** `wasi_unstable`: preview1 but for three layouts. @source the WASI reference, 2.1 */
export const SNAPSHOT0: Readonly<Record<string, Row>> = {
  ...PREVIEW1,
  fd_seek: { ...PREVIEW1.fd_seek, handler: fdSeek },
  fd_filestat_get: { ...PREVIEW1.fd_filestat_get, handler: fdFilestat },
  path_filestat_get: { ...PREVIEW1.path_filestat_get, handler: pathFilestat },
  poll_oneoff: { ...PREVIEW1.poll_oneoff, handler: pollOneoff },
}
