import type { Clock, RandomFill } from '../../contract/clock.ts'
import type { Credentials } from '../../contract/identity.ts'
import type { Ledger } from '../cgroup/ledger.ts'
import type { Walker } from '../mount/place.ts'
import type { FdTable } from './fd-table.ts'

/** Where a process is in its life, by the letters of proc(5): R, S, Z. */
export type ProcessState = 'running' | 'sleeping' | 'zombie'

/** One running guest: what a system call may see and change of its caller. */
export interface Process {
  readonly pid: number
  readonly parentPid: number
  readonly credentials: Credentials
  readonly args: readonly string[]
  /** `NAME=value`, in the order given. */
  readonly environment: readonly string[]
  /** Absolute path in the container. */
  readonly workingDirectory: string
  readonly walker: Walker
  readonly fds: FdTable
  readonly clock: Clock
  readonly random: RandomFill
  readonly ledger: Ledger
  state: ProcessState
  /** File mode creation mask. */
  readonly umask: number
  /** Adds the cost of host work to the fuel the process has used, in units. */
  charge(units: number): void
  /**
   * Ends the process with `status`. Does not return to the guest: the caller in `thread/` raises a
   * real trap once the flag is set.
   */
  exit(status: number): void
}
