import { SIGNAL } from '../../contract/signals.ts'
import type { Namespace, Process, ProcessExit } from './process.ts'
import { isOrphaned, membersOf } from './process-groups.ts'
import { deliver } from './signal-delivery.ts'

const INIT = 1

/** What an end does to all that stay. @param reap - takes an ended process out of the table. */
export function end(
  all: Namespace,
  process: Process,
  exit: ProcessExit,
  reap: (process: Process) => void,
): void {
  const caredBefore = groupsInCareOf(all, process)
  process.ended = exit
  process.stopped = false
  process.untold = undefined
  process.fds.closeAll()
  if (process.sessionId === process.pid) giveUpTerminal(all, process)
  leaveChildren(all, process, reap)
  for (const member of caredBefore) wakeOrphans(member)
  tellParent(process, reap)
  if (process.pid === INIT) endAll(all)
}

/** One live member of each group that may be left alone: the process's own, and its children's. */
function groupsInCareOf(all: Namespace, process: Process): readonly Process[] {
  const groups = new Set([process.groupId])
  for (const child of process.children) groups.add(child.groupId)
  return [...groups].flatMap((group) => {
    const member = membersOf(all, group).find((one) => one !== process && one.ended === undefined)
    return member === undefined || isOrphaned(member) ? [] : [member]
  })
}

/** A group that nobody can wake any more and that has somebody stopped is told so, and woken. */
function wakeOrphans(member: Process): void {
  if (!isOrphaned(member)) return
  const members = membersOf(member.namespace, member.groupId)
  if (!members.some(({ stopped }) => stopped)) return
  for (const one of members) deliver(one, SIGNAL.HUP, 'inside')
  for (const one of members) deliver(one, SIGNAL.CONT, 'inside')
}

/** The leader of a session has ended: its terminal is nobody's. */
function giveUpTerminal(all: Namespace, leader: Process): void {
  const { terminal } = leader
  if (terminal === undefined || terminal.session !== leader.sessionId) return
  const foreground = membersOf(all, terminal.foreground)
  for (const one of foreground) deliver(one, SIGNAL.HUP, 'inside')
  for (const one of foreground) deliver(one, SIGNAL.CONT, 'inside')
  for (const one of all.processes.values()) {
    if (one.terminal === terminal) one.terminal = undefined
  }
  terminal.session = 0
  terminal.foreground = 0
  terminal.hangUp()
}

/** To PID 1; to nobody when an init stands in front of it, which asks for all of them, or it has ended. */
function leaveChildren(all: Namespace, process: Process, reap: (child: Process) => void): void {
  const init = all.processes.get(INIT)
  const heir = all.initDefaults || init?.ended !== undefined ? undefined : init
  for (const child of process.children) {
    child.parentPid = heir?.pid ?? 0
    heir?.children.add(child)
    if (child.ended !== undefined) tellParent(child, reap)
  }
  process.children.clear()
}

/** A parent that ignores the ends of its children has none to wait for. */
function tellParent(process: Process, reap: (process: Process) => void): void {
  const { parent } = process
  if (parent === undefined || parent.signals.action(SIGNAL.CHLD) === 'ignore') reap(process)
  else deliver(parent, SIGNAL.CHLD, 'inside')
}

/** Nobody outlives PID 1. */
function endAll(all: Namespace): void {
  for (const one of all.processes.values()) if (one.ended === undefined) one.thread.end(SIGNAL.KILL)
}
