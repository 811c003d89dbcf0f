import type { Failure } from './errno.ts'

export interface Ok<T> {
  readonly ok: true
  readonly value: T
}
export interface Fail {
  readonly ok: false
  readonly errno: Failure
}
/** What a kernel call answers: a value, or the error number the guest will see. Never a throw. */
export type Result<T> = Ok<T> | Fail

/**
 * A call that cannot finish yet. Kernel calls never wait: the outermost loop in `thread/` parks the
 * process until `changed` holds or `deadline` has passed, and makes the call again.
 */
export interface Blocked {
  readonly ok: 'blocked'
  /** Only reads: true when calling again may have another answer. */
  changed(): boolean
  /** Milliseconds of the host's monotonic clock (`performance.now()`); Infinity for none. */
  readonly deadline: number
  /** No signal ends it before its time: it is a wait for storage, not for an event. */
  readonly firm?: boolean
}

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value })
/** Success that says nothing more: one object, so that it costs nothing. */
export const DONE: Ok<undefined> = { ok: true, value: undefined }

const failures: Fail[] = []
/** The failure `errno`: one object for each number, so that failing costs nothing. */
export function fail(errno: Failure): Fail {
  let failure = failures[errno]
  if (failure === undefined) {
    failure = { ok: false, errno }
    failures[errno] = failure
  }
  return failure
}

export const blocked = (changed: () => boolean, deadline = Number.POSITIVE_INFINITY): Blocked => ({
  ok: 'blocked',
  changed,
  deadline,
})
