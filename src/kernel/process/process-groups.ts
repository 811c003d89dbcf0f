import { Errno } from '../../contract/errno.ts'
import { DONE, fail, ok, type Result } from '../../contract/result.ts'
import type { Namespace, Process } from './process.ts'

/** Those of a group, the dead who nobody has asked for among them. */
export const membersOf = (all: Namespace, group: number): readonly Process[] =>
  [...all.processes.values()].filter(({ groupId }) => groupId === group)

/** Nobody outside of its group, but of its session, could wake a stopped member. @source POSIX, 3.243 */
export function isOrphaned({ namespace, groupId }: Process): boolean {
  return membersOf(namespace, groupId).every(
    (member) => member.ended !== undefined || !isCared(member),
  )
}

function isCared({ parent, groupId, sessionId }: Process): boolean {
  if (parent === undefined) return false
  return parent.groupId !== groupId && parent.sessionId === sessionId
}

function processOf(all: Namespace, caller: Process, pid: number): Process | undefined {
  return pid === 0 ? caller : all.processes.get(pid)
}

const isInSession = (all: Namespace, group: number, session: number): boolean =>
  membersOf(all, group).some(({ sessionId }) => sessionId === session)

/** PERM: there is no such group in the session. */
export function joinable(all: Namespace, group: number, session: number): Result<undefined> {
  return isInSession(all, group, session) ? DONE : fail(Errno.PERM)
}

/**
 * @returns INVAL: a negative group. SRCH: neither the caller nor a child of it. PERM: it leads a
 *   session, or the group is not in it. ACCES: a child, which runs a program of its own from its start.
 * @source setpgid(2)
 */
export function setGroup(
  all: Namespace,
  caller: Process,
  pid: number,
  group: number,
): Result<undefined> {
  if (!Number.isInteger(group) || group < 0) return fail(Errno.INVAL)
  const process = processOf(all, caller, pid)
  if (process === undefined) return fail(Errno.SRCH)
  if (process !== caller && process.parentPid !== caller.pid) return fail(Errno.SRCH)
  if (process.sessionId !== caller.sessionId) return fail(Errno.PERM)
  if (process.sessionId === process.pid) return fail(Errno.PERM)
  if (process !== caller) return fail(Errno.ACCES)
  const wanted = group === 0 ? process.pid : group
  if (wanted !== process.pid && !isInSession(all, wanted, process.sessionId)) {
    return fail(Errno.PERM)
  }
  process.groupId = wanted
  return DONE
}

/** PERM: there is a group of the caller's number. @source setsid(2) */
export function setSession(all: Namespace, caller: Process): Result<number> {
  if (membersOf(all, caller.pid).length > 0) return fail(Errno.PERM)
  caller.sessionId = caller.pid
  caller.groupId = caller.pid
  caller.terminal = undefined
  return ok(caller.pid)
}

/** SRCH: there is no such process. @source getpgid(2), getsid(2) */
export function idOf(
  all: Namespace,
  caller: Process,
  pid: number,
  which: 'groupId' | 'sessionId',
): Result<number> {
  const process = processOf(all, caller, pid)
  return process === undefined ? fail(Errno.SRCH) : ok(process[which])
}
