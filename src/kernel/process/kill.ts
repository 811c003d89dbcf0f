import { Errno } from '../../contract/errno.ts'
import { DONE, fail, type Result } from '../../contract/result.ts'
import { isSignal, SIGNAL } from '../../contract/signals.ts'
import type { Namespace, Process } from './process.ts'
import { deliver } from './signal-delivery.ts'

const INIT = 1
/** What only looks whether there is somebody. */
const PROBE = 0

/** Whom a target of kill(2) means. */
function meant(all: Namespace, sender: Process | undefined, target: number): readonly Process[] {
  if (target > 0) {
    const one = all.processes.get(target)
    return one === undefined ? [] : [one]
  }
  const processes = [...all.processes.values()]
  if (target === -1) return processes.filter((one) => one.pid !== INIT && one !== sender)
  const group = target === 0 ? sender?.groupId : -target
  return processes.filter(({ groupId }) => groupId === group)
}

/** CONT goes to everybody of the session, so that a shell can wake what has changed its user. */
function maySignal(sender: Process | undefined, target: Process, signal: number): boolean {
  if (sender === undefined || sender.credentials.uid === 0) return true
  if (sender.credentials.uid === target.credentials.uid) return true
  return signal === SIGNAL.CONT && sender.sessionId === target.sessionId
}

/**
 * @param sender - undefined: the host.
 * @returns SRCH: nobody is meant. PERM: none of them may be sent to. INVAL: no signal.
 * @source kill(2)
 */
export function kill(
  all: Namespace,
  sender: Process | undefined,
  target: number,
  signal: number,
): Result<undefined> {
  if (signal !== PROBE && !isSignal(signal)) return fail(Errno.INVAL)
  const found = meant(all, sender, target)
  if (found.length === 0) return fail(Errno.SRCH)
  const allowed = found.filter((one) => maySignal(sender, one, signal))
  if (allowed.length === 0) return fail(Errno.PERM)
  if (signal !== PROBE) {
    for (const one of allowed) deliver(one, signal, sender === undefined ? 'host' : 'inside')
  }
  return DONE
}
