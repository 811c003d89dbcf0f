import type { Errno } from '../../contract/errno.ts'
import type { Whence } from '../../kernel/mount/open-file.ts'
import type { CallContext, Step } from '../preview1/call.ts'
import { fdFilestat } from '../preview1/descriptor.ts'
import { seek } from '../preview1/file.ts'
import { pathFilestat } from '../preview1/path.ts'
import { poll, pollReach, type SubscriptionLayout } from '../preview1/poll.ts'
import { byKernel, CHEAP, FILE, full, PATH, type Row } from '../preview1/row.ts'
import { SNAPSHOT0_FILESTAT } from '../preview1/stat.ts'
import { PREVIEW1 } from '../preview1/table.ts'
import { out, text } from '../reach.ts'

/** Snapshot 0 counted its whence values in another order. */
const WHENCE: readonly Whence[] = ['current', 'end', 'set']
const SUBSCRIPTION: SubscriptionLayout = { bytes: 56, clockId: 24, timeout: 32, flags: 48 }

const fdSeek = (call: CallContext, fd: number, offset: bigint, whence: number, out: number) =>
  seek(call, fd, offset, WHENCE[whence], out)

const fdFilestatGet = (call: CallContext, fd: number, out: number): Errno =>
  fdFilestat(call, fd, out, SNAPSHOT0_FILESTAT)

const pathFilestatGet = (
  call: CallContext,
  fd: number,
  flags: number,
  pointer: number,
  length: number,
  out: number,
): Errno => pathFilestat(call, fd, flags, pointer, length, out, SNAPSHOT0_FILESTAT)

const pollOneoff = (
  call: CallContext,
  pointer: number,
  events: number,
  count: number,
  out: number,
): Step => poll(call, pointer, events, count, out, SUBSCRIPTION)

const { sock_accept: _tooNew, ...CALLS } = PREVIEW1

/** The calls whose layouts differ. */
const SNAPSHOT0_LAYOUTS = {
  fd_seek: full(byKernel(fdSeek, [out(3, 8)]), CHEAP),
  fd_filestat_get: full(byKernel(fdFilestatGet, [out(1, SNAPSHOT0_FILESTAT.bytes)]), FILE),
  path_filestat_get: full(
    byKernel(pathFilestatGet, [text(2, 3), out(4, SNAPSHOT0_FILESTAT.bytes)]),
    PATH,
  ),
  poll_oneoff: full(byKernel(pollOneoff, pollReach(SUBSCRIPTION)), FILE),
} as const satisfies Readonly<Record<string, Row>>

/**
 * `wasi_unstable`: preview1 but for three layouts, and without the one call that came later.
 *
 * @source the WASI reference, 2.1
 */
export const SNAPSHOT0: Readonly<Record<string, Row>> = { ...CALLS, ...SNAPSHOT0_LAYOUTS }
