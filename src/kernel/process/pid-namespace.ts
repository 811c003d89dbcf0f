import type { Clock } from '../../contract/clock.ts'
import { Errno } from '../../contract/errno.ts'
import { type Blocked, fail, ok, type Result } from '../../contract/result.ts'
import type { PidsController } from '../cgroup/pids.ts'
import { waitForChild } from './child-wait.ts'
import { IntervalTimers } from './interval-timers.ts'
import { kill } from './kill.ts'
import type { Launcher } from './launcher.ts'
import { PidNumbers } from './pid-numbers.ts'
import type { PipeBuffers } from './pipe-buffer.ts'
import type { Namespace, Process, ProcessExit, Waited, WaitFor, WaitOptions } from './process.ts'
import { end } from './process-end.ts'
import { idOf, membersOf, setGroup, setSession } from './process-groups.ts'
import { deliver } from './signal-delivery.ts'

export interface PidNamespaceParts {
  readonly pids: PidsController
  /** PID 1 has default signal actions: docker run --init. */
  readonly initDefaults: boolean
  readonly clock: Clock
}

/** The processes of one container, their numbers, groups and sessions. */
export class PidNamespace implements Namespace {
  readonly initDefaults: boolean
  pipes: PipeBuffers | undefined
  readonly timers: IntervalTimers<Process>
  readonly #pids: PidsController
  readonly #numbers = new PidNumbers()
  readonly #processes = new Map<number, Process>()
  /** Numbers that are paid for, and have no process yet. */
  readonly #reserved = new Set<number>()
  #launcher: Launcher<Process> | undefined
  /** How many there have been. */
  born = 0
  /** PID 1 was there, and has ended. */
  #over = false

  constructor({ pids, initDefaults, clock }: PidNamespaceParts) {
    this.#pids = pids
    this.initDefaults = initDefaults
    this.timers = new IntervalTimers({
      now: () => clock.now('monotonic'),
      raise: (process, signal) => this.raise(process, signal),
    })
  }

  get processes(): ReadonlyMap<number, Process> {
    return this.#processes
  }

  /** To be set before the first spawn. */
  get launcher(): Launcher<Process> {
    if (this.#launcher === undefined) throw new TypeError('nobody launches processes here')
    return this.#launcher
  }

  set launcher(launcher: Launcher<Process>) {
    this.#launcher = launcher
  }

  allocate(): Result<number> {
    if (this.#over || !this.#pids.join()) return fail(Errno.AGAIN)
    const pid = this.#numbers.next(this.#inUse())
    if (pid === undefined) {
      this.#pids.leave()
      return fail(Errno.AGAIN)
    }
    this.#reserved.add(pid)
    return ok(pid)
  }

  #inUse(): ReadonlySet<number> {
    const numbers = new Set(this.#reserved)
    for (const { pid, groupId, sessionId } of this.#processes.values()) {
      numbers.add(pid).add(groupId).add(sessionId)
    }
    return numbers
  }

  add(process: Process): void {
    this.born += 1
    this.#reserved.delete(process.pid)
    this.#processes.set(process.pid, process)
    process.parent?.children.add(process)
  }

  discard(pid: number): void {
    const process = this.#processes.get(pid)
    if (process !== undefined) {
      process.fds.closeAll()
      this.#reap(process)
    } else if (this.#reserved.delete(pid)) this.#pids.leave()
  }

  ended(process: Process, exit: ProcessExit): void {
    if (process.ended !== undefined || this.#processes.get(process.pid) !== process) return
    if (process.pid === 1) this.#over = true
    this.timers.forget(process)
    end(this, process, exit, (one) => this.#reap(one))
  }

  /** Nobody will ask for it any more. */
  #reap(process: Process): void {
    this.#processes.delete(process.pid)
    process.parent?.children.delete(process)
    this.#pids.leave()
  }

  wait(
    caller: Process,
    which: WaitFor,
    options: WaitOptions,
  ): Result<Waited | undefined> | Blocked {
    return waitForChild(caller, which, options, (child) => {
      caller.childrenCpuMs += child.childrenCpuMs + (child.thread.cpuMs?.() ?? 0)
      this.#reap(child)
    })
  }

  signal(sender: Process | undefined, target: number, signal: number): Result<undefined> {
    return kill(this, sender, target, signal)
  }

  raise(process: Process, signal: number): void {
    deliver(process, signal, 'inside')
  }

  raiseGroup(group: number, signal: number): void {
    for (const member of membersOf(this, group)) deliver(member, signal, 'inside')
  }

  setGroup(caller: Process, pid: number, group: number): Result<undefined> {
    return setGroup(this, caller, pid, group)
  }

  setSession(caller: Process): Result<number> {
    return setSession(this, caller)
  }

  groupOf(caller: Process, pid: number): Result<number> {
    return idOf(this, caller, pid, 'groupId')
  }

  sessionOf(caller: Process, pid: number): Result<number> {
    return idOf(this, caller, pid, 'sessionId')
  }
}
