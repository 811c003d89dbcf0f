import type { Clock, RandomFill } from '../../contract/clock.ts'
import type { Credentials } from '../../contract/identity.ts'
import type { Ledger } from '../cgroup/ledger.ts'
import type { Walker } from '../mount/place.ts'
import type { FdTable } from './fd-table.ts'

/** Where a process is in its life, by the letters of proc(5): R, S, T, Z. */
export type ProcessState = 'running' | 'sleeping' | 'stopped' | 'zombie'

/** The thread a process runs on, as its kernel sees it. */
export interface ProcessThread {
  /** It waits, and uses no CPU. */
  readonly sleeping: boolean
  /** Adds the cost of host work to the fuel the process has used, in units. */
  charge(units: number): void
  /**
   * Ends the process with `status`, which is its caller. Does not return to the guest: the loop in
   * `thread/` raises a real trap once the flag is set.
   */
  exit(status: number): void
  /** The handler of the guest is called with `signal` when a call returns; `interrupts`: it waits no more. */
  handle(signal: number, interrupts: boolean): void
  /** The default action of `signal`: it is no more, whoever calls. */
  end(signal: number): void
  /** Another program is next: the guest, which is its caller, is left and does not come back. */
  become(): void
  /** It stands still until `resume`. */
  stop(): void
  resume(): void
}

/** How a process ended. */
export interface ProcessExit {
  /** 0 to 255; of one that a signal ended 128 + its number. */
  readonly code: number
  readonly signal: number | undefined
}

export interface ProcessParts {
  readonly pid: number
  readonly parentPid: number
  readonly groupId: number
  readonly sessionId: number
  readonly credentials: Credentials
  readonly args: readonly string[]
  readonly environment: readonly string[]
  readonly workingDirectory: string
  readonly walker: Walker
  readonly fds: FdTable
  readonly clock: Clock
  readonly random: RandomFill
  readonly ledger: Ledger
  readonly umask: number
  readonly thread: ProcessThread
}

/** One process of a container: what a system call may see and change of its caller and of others. */
export class Process {
  readonly pid: number
  /** 0: it is outside of the container. */
  parentPid: number
  groupId: number
  sessionId: number
  readonly credentials: Credentials
  args: readonly string[]
  /** `NAME=value`, in the order given. */
  environment: readonly string[]
  /** Absolute path in the container. */
  workingDirectory: string
  walker: Walker
  readonly fds: FdTable
  readonly clock: Clock
  readonly random: RandomFill
  readonly ledger: Ledger
  /** File mode creation mask. */
  umask: number
  readonly thread: ProcessThread
  /** Set by a signal, until another lets it go on. */
  stopped = false
  /** It has ended, and nobody has asked for its end yet. */
  ended: ProcessExit | undefined

  constructor(parts: ProcessParts) {
    this.pid = parts.pid
    this.parentPid = parts.parentPid
    this.groupId = parts.groupId
    this.sessionId = parts.sessionId
    this.credentials = parts.credentials
    this.args = parts.args
    this.environment = parts.environment
    this.workingDirectory = parts.workingDirectory
    this.walker = parts.walker
    this.fds = parts.fds
    this.clock = parts.clock
    this.random = parts.random
    this.ledger = parts.ledger
    this.umask = parts.umask
    this.thread = parts.thread
  }

  get state(): ProcessState {
    if (this.ended !== undefined) return 'zombie'
    if (this.stopped) return 'stopped'
    return this.thread.sleeping ? 'sleeping' : 'running'
  }

  charge(units: number): void {
    this.thread.charge(units)
  }

  exit(status: number): void {
    this.thread.exit(status)
  }
}
