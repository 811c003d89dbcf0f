import { readlinkSync } from 'node:fs'

/** The number Linux gives this thread; 0 where there is no such thing. */
export function threadId(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1))
  } catch {
    return 0
  }
}
