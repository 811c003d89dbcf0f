import type { Clock, RandomFill } from '../../contract/clock.ts'
import type { Credentials } from '../../contract/identity.ts'
import type { Blocked, Result } from '../../contract/result.ts'
import type { Ledger } from '../cgroup/ledger.ts'
import type { Place, Walker } from '../mount/place.ts'
import type { ControllingTerminal } from './controlling-terminal.ts'
import type { FdTable } from './fd-table.ts'
import type { IntervalTimers } from './interval-timers.ts'
import type { Launcher } from './launcher.ts'
import type { PipeBuffers } from './pipe-buffer.ts'
import { type Limit, type LimitName, ProcessLimits } from './process-limits.ts'
import type { ProcessThread } from './process-thread.ts'
import { SignalActions } from './signal-actions.ts'
import { SignalMask } from './signal-mask.ts'

export type { ProcessThread } from './process-thread.ts'

/** Where a process is in its life, by the letters of proc(5): R, S, T, Z. */
export type ProcessState = 'running' | 'sleeping' | 'stopped' | 'zombie'

/** How a process ended. */
export interface ProcessExit {
  /** 0 to 255; of one that a signal ended 128 + its number. */
  readonly code: number
  readonly signal: number | undefined
}

/** What the parent of a process that goes on has not been told yet. */
export type UntoldChange =
  | { readonly kind: 'stopped'; readonly signal: number }
  | { readonly kind: 'continued' }

/** Which children `wait` is about. */
export type WaitFor = 'any' | { readonly pid: number } | { readonly group: number }

export interface WaitOptions {
  /** Answers at once, also when nothing is to be told. */
  readonly noHang: boolean
  /** Tells of children that were stopped. */
  readonly stopped: boolean
  /** Tells of children that go on. */
  readonly continued: boolean
}

/** What `wait` tells of one child. */
export type Waited =
  | { readonly pid: number; readonly kind: 'ended'; readonly exit: ProcessExit }
  | ({ readonly pid: number } & UntoldChange)

/** The processes of one container, as each of them reaches the others. */
export interface Namespace {
  readonly processes: ReadonlyMap<number, Process>
  /** PID 1 has default signal actions: an init stands in front of it. */
  readonly initDefaults: boolean
  readonly launcher: Launcher<Process>
  /** Where its pipes lie; undefined: each in memory of its own. */
  readonly pipes: PipeBuffers | undefined
  readonly timers: IntervalTimers<Process>
  /** A number for one more process, paid for. AGAIN: there is no place. */
  allocate(): Result<number>
  add(process: Process): void
  /** A process, or a number without one, that never began. */
  discard(pid: number): void
  /** Closes its files; its parent is told of `exit`, its children get another parent. */
  ended(process: Process, exit: ProcessExit): void
  /** CHILD: there is none that is meant. */
  wait(caller: Process, which: WaitFor, options: WaitOptions): Result<Waited | undefined> | Blocked
  /** kill(2). `sender` undefined: the host. SRCH, PERM, INVAL. */
  signal(sender: Process | undefined, target: number, signal: number): Result<undefined>
  /** The kernel's own: nobody's permission is asked. */
  raise(process: Process, signal: number): void
  /** As `raise`, for all of a group: what a terminal sends. */
  raiseGroup(group: number, signal: number): void
  /** setpgid(2): 0 is the caller, and a group of its own. */
  setGroup(caller: Process, pid: number, group: number): Result<undefined>
  /** setsid(2). */
  setSession(caller: Process): Result<number>
  /** getpgid(2), getsid(2): 0 is the caller. */
  groupOf(caller: Process, pid: number): Result<number>
  sessionOf(caller: Process, pid: number): Result<number>
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
  readonly namespace: Namespace
  /** Undefined: where relative names are looked up by the walker. */
  readonly directory?: Place
  /** Undefined: nothing is known of it. */
  readonly program?: string | undefined
  /** Undefined: the last part of the first argument. */
  readonly command?: string
  /** Undefined: all signals have their default actions. */
  readonly signals?: SignalActions
  /** Undefined: none is held back. */
  readonly mask?: SignalMask
  /** Undefined: those of the container. */
  readonly limits?: ProcessLimits
  readonly terminal?: ControllingTerminal | undefined
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
  directory: Place
  /** Absolute path of what it runs; empty when nobody has said. */
  program: string
  /** What it was called by, without directories: comm of proc(5). */
  command: string
  /** It knows its descriptors and its directory: nothing is put in its way for a libc that does not. */
  native = false
  walker: Walker
  readonly fds: FdTable
  readonly clock: Clock
  readonly random: RandomFill
  readonly ledger: Ledger
  /** File mode creation mask. */
  umask: number
  readonly thread: ProcessThread
  readonly namespace: Namespace
  readonly signals: SignalActions
  readonly mask: SignalMask
  readonly limits: ProcessLimits
  /** The one that controls its session. */
  terminal: ControllingTerminal | undefined
  /** Those it may wait for, the dead among them. */
  readonly children = new Set<Process>()
  /** Nanoseconds of its monotonic clock. */
  readonly startedAt: bigint
  /** Set by a signal, until another lets it go on. */
  stopped = false
  /** What ends it when it goes on: a signal that came while it was stopped. */
  endsWith: number | undefined
  untold: UntoldChange | undefined
  /** Milliseconds of CPU of the children it has waited for. */
  childrenCpuMs = 0
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
    this.directory = parts.directory ?? parts.walker.workingDirectory ?? parts.walker.root
    this.program = parts.program ?? ''
    this.command = parts.command ?? commandOf(parts.args[0] ?? '')
    this.walker = parts.walker
    this.fds = parts.fds
    this.clock = parts.clock
    this.random = parts.random
    this.ledger = parts.ledger
    this.umask = parts.umask
    this.thread = parts.thread
    this.namespace = parts.namespace
    this.signals = parts.signals ?? new SignalActions()
    this.mask = parts.mask ?? new SignalMask()
    this.limits = parts.limits ?? limitsOfContainer(parts)
    this.terminal = parts.terminal
    this.startedAt = parts.clock.now('monotonic')
  }

  get state(): ProcessState {
    if (this.ended !== undefined) return 'zombie'
    if (this.stopped) return 'stopped'
    return this.thread.sleeping ? 'sleeping' : 'running'
  }

  /** Undefined when it is outside of the container. */
  get parent(): Process | undefined {
    return this.namespace.processes.get(this.parentPid)
  }

  charge(units: number): void {
    this.thread.charge(units)
  }

  exit(status: number): void {
    this.thread.exit(status)
  }

  /** setrlimit(2). INVAL, PERM. */
  setLimit(name: LimitName, limit: Limit): Result<undefined> {
    const set = this.limits.set(name, limit, this.credentials.uid === 0)
    if (set.ok && name === 'openFiles') this.fds.limit = limit.soft
    return set
  }
}

/** The name a program goes by when it is called by `path`. */
export const commandOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const limitsOfContainer = ({ fds, ledger }: ProcessParts): ProcessLimits =>
  new ProcessLimits({
    openFiles: fds.limit,
    fileSize: ledger.io.fileSize,
    processes: Number.POSITIVE_INFINITY,
  })
