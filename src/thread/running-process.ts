import type { Clock, RandomFill } from '../contract/clock.ts'
import type { Credentials } from '../contract/identity.ts'
import type { MemoryController } from '../kernel/cgroup/memory.ts'
import type { Walker } from '../kernel/mount/place.ts'
import type { FdTable } from '../kernel/process/fd-table.ts'
import type { Process } from '../kernel/process/process.ts'
import { PAGE } from '../wasm/instance.ts'
import { GuestThread, type GuestThreadParts } from './guest-thread.ts'

export interface RunningProcessParts extends GuestThreadParts {
  readonly pid: number
  readonly parentPid: number
  readonly credentials: Credentials
  readonly args: readonly string[]
  readonly environment: readonly string[]
  readonly workingDirectory: string
  readonly walker: Walker
  readonly fds: FdTable
  readonly clock: Clock
  readonly random: RandomFill
  readonly umask: number
  readonly memory: MemoryController
}

/** A process on the thread that has its container's kernel: PID 1. */
export class RunningProcess extends GuestThread implements Process {
  readonly pid: number
  readonly parentPid: number
  readonly credentials: Credentials
  readonly args: readonly string[]
  readonly environment: readonly string[]
  readonly workingDirectory: string
  readonly walker: Walker
  readonly fds: FdTable
  readonly clock: Clock
  readonly random: RandomFill
  readonly umask: number
  readonly #memory: MemoryController

  constructor(parts: RunningProcessParts) {
    super(parts)
    this.pid = parts.pid
    this.parentPid = parts.parentPid
    this.credentials = parts.credentials
    this.args = parts.args
    this.environment = parts.environment
    this.workingDirectory = parts.workingDirectory
    this.walker = parts.walker
    this.fds = parts.fds
    this.clock = parts.clock
    this.random = parts.random
    this.umask = parts.umask
    this.#memory = parts.memory
  }

  grow(pages: number): boolean {
    const growth = this.#memory.grow(pages * PAGE)
    return growth === 'kill' ? this.die('memory') : growth === 'granted'
  }

  reserve(bytes: number): boolean {
    return this.ledger.charge('memory', bytes)
  }
}
