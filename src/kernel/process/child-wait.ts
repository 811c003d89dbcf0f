import { Errno } from '../../contract/errno.ts'
import { type Blocked, blocked, fail, ok, type Result } from '../../contract/result.ts'
import type { Process, Waited, WaitFor, WaitOptions } from './process.ts'

function isMeant({ pid, groupId }: Process, which: WaitFor): boolean {
  if (which === 'any') return true
  return 'pid' in which ? pid === which.pid : groupId === which.group
}

/** What is to be told of `child`; undefined: nothing yet. */
function newsOf(child: Process, options: Omit<WaitOptions, 'noHang'>): Waited | undefined {
  const { pid, ended, untold } = child
  if (ended !== undefined) return { pid, kind: 'ended', exit: ended }
  return untold !== undefined && options[untold.kind] ? { pid, ...untold } : undefined
}

/**
 * Tells of one child, once. The end of a child is the last that is told: then it is no more.
 *
 * @param reap - takes an ended child out of the table.
 * @returns CHILD: no child is meant. Undefined: nothing yet, with `noHang`.
 * @source waitpid(2)
 */
export function waitForChild(
  caller: Process,
  which: WaitFor,
  options: WaitOptions,
  reap: (child: Process) => void,
): Result<Waited | undefined> | Blocked {
  const children = [...caller.children].filter((child) => isMeant(child, which))
  if (children.length === 0) return fail(Errno.CHILD)
  for (const child of children) {
    const news = newsOf(child, options)
    if (news === undefined) continue
    if (news.kind === 'ended') reap(child)
    else child.untold = undefined
    return ok(news)
  }
  return options.noHang ? ok(undefined) : blocked(() => hasChanged(caller, which, options))
}

/** There is something to tell, or nobody left to wait for. */
function hasChanged(caller: Process, which: WaitFor, options: WaitOptions): boolean {
  let any = false
  for (const child of caller.children) {
    if (!isMeant(child, which)) continue
    if (newsOf(child, options) !== undefined) return true
    any = true
  }
  return !any
}

/** Whom waitpid(2) means by `target`. */
export function waitForOf(caller: Process, target: number): WaitFor {
  if (target === -1) return 'any'
  if (target === 0) return { group: caller.groupId }
  return target > 0 ? { pid: target } : { group: -target }
}
