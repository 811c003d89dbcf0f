import type { StandardStreams } from '../contract/streams.ts'
import type { PlainDevice } from '../kernel/mount/vnode.ts'

/** What is asked of a kernel through a mailbox. */
export const REQUEST = {
  /** The next piece of a window that does not fit into one request. */
  part: 0,
  /** The call that was answered with BLOCKED, again. */
  resume: 1,
  /** More of an answer that does not fit into one: from the byte of its argument on. */
  more: 2,
  /** Linear memory grows by so many bytes: GROWTH. */
  grow: 3,
  /** So many bytes of other memory: 0, or 1 where they do not fit. */
  reserve: 4,
  /** CPU time: used, and rested (µs): 0 to run on, or 1 to rest until `deadline`. */
  spend: 5,
  /** The call that was answered with BLOCKED is given up: it answers what it can now, or EINTR. */
  interrupt: 6,
  /** The guest has a handler for signals from now on: 1; or none any more: 0. */
  handler: 7,
  /** The signal of its argument came for a handler that is gone. */
  unhandled: 8,
  /** And from here on the calls, by their numbers. */
  call: 16,
} as const

/** Results beside errnos. */
export const BLOCKED = -1
/** The call failed in the host, or was none of ours. */
export const CRASHED = -2
/** The caller goes on as another program, which lies in its port. */
export const BECOMES = -3

/** The call was not made: its descriptor is a stream, or an end of a pipe, that the caller is lent, and uses by itself. */
export const LENT = -4

/** By the number that stands for it. */
export const PLAIN: Readonly<Record<PlainDevice, number>> = { null: -1, zero: -2 }

/** A stream of the caller's own seat, by the number that stands for it. */
export const OWN: Readonly<Record<keyof StandardStreams, number>> = {
  stdin: -3,
  stdout: -4,
  stderr: -5,
}

export const GROWTH = ['granted', 'denied', 'kill'] as const

/** The numbers of an answer, by their position. */
export const NUMBER = {
  /** ms: until when a call waits at most. */
  deadline: 0,
  /** Units of fuel that the call cost. */
  charged: 1,
  /** Bytes of the whole answer. */
  size: 2,
  readBytes: 3,
  writtenBytes: 4,
  /** 1: no signal ends the wait before its time. */
  firm: 5,
  /** Which pipe is LENT; below 0 a device or a stream, as `PLAIN` and `OWN` have it. */
  pipe: 6,
} as const
