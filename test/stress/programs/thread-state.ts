import { readdirSync, readFileSync } from 'node:fs'
import { threadId } from '../../../src/thread/thread-id.ts'

/**
 * Whether one of these threads of this process would run if it had a CPU: a crowded machine may keep it off
 * them for seconds. False where nobody can tell.
 *
 * @source proc(5), `state` of /proc/pid/stat
 */
export function wouldRun(threads: readonly number[]): boolean {
  return threads.some((thread) => {
    if (thread === 0) return false
    try {
      const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'latin1')
      return stat.charAt(stat.lastIndexOf(')') + 2) !== 'S'
    } catch {
      // It is no more.
      return false
    }
  })
}

/** The same of all threads of this process but the caller's. */
export function othersWouldRun(): boolean {
  try {
    const own = threadId()
    const others = readdirSync('/proc/self/task').map(Number)
    return wouldRun(others.filter((thread) => thread !== own))
  } catch {
    return false
  }
}
