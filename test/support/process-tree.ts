import type { Clock } from '../../src/contract/clock.ts'
import { type Credentials, ROOT } from '../../src/contract/identity.ts'
import { IoController } from '../../src/kernel/cgroup/io.ts'
import { Ledger } from '../../src/kernel/cgroup/ledger.ts'
import { PidsController } from '../../src/kernel/cgroup/pids.ts'
import type { LayerEntry } from '../../src/kernel/mount/layer-index.ts'
import type { Walker } from '../../src/kernel/mount/place.ts'
import { FdTable } from '../../src/kernel/process/fd-table.ts'
import type { Launch, LaunchAnswer, Launcher, Program } from '../../src/kernel/process/launcher.ts'
import { PidNamespace } from '../../src/kernel/process/pid-namespace.ts'
import { Process, type ProcessExit, type ProcessThread } from '../../src/kernel/process/process.ts'
import { frozenClock } from '../../src/thread/clock.ts'
import { must } from './errno.ts'
import { directoryEntry, treeOf } from './process.ts'

/** A thread that only keeps what it is told. */
class ToldThread implements ProcessThread {
  sleeping = false
  charged = 0
  readonly told: string[] = []

  charge(units: number): void {
    this.charged += units
  }
  look(): void {
    this.told.push('look')
  }
  exit(status: number): void {
    this.told.push(`exit ${status}`)
  }
  handle(signal: number, interrupts: boolean): void {
    this.told.push(`handle ${signal}${interrupts ? '' : ' and go on'}`)
  }
  end(signal: number): void {
    this.told.push(`end ${signal}`)
  }
  become(): void {
    this.told.push('become')
  }
  stop(): void {
    this.told.push('stop')
  }
  resume(): void {
    this.told.push('resume')
  }
  /** What it was told since the last time. */
  take(): readonly string[] {
    return this.told.splice(0)
  }
}

export interface Launched {
  readonly process: Process
  readonly program: Program
  readonly launch: Launch
}

/** Answers what it is told to, at once; without an answer it keeps the launch. */
class FakeLauncher implements Launcher<Process> {
  answer: LaunchAnswer | undefined = { ok: true, native: true }
  readonly launched: Launched[] = []
  readonly replaced: Launched[] = []

  thread(): ToldThread {
    return new ToldThread()
  }
  launch(process: Process, program: Program, launch: Launch): void {
    this.launched.push({ process, program, launch })
    if (this.answer !== undefined) launch.tell(this.answer)
  }
  replace(process: Process, program: Program, launch: Launch): void {
    this.replaced.push({ process, program, launch })
    if (this.answer !== undefined) launch.tell(this.answer)
  }
}

export const WASM = '\0asm\u0001\0\0\0'
export const ended = (code: number, signal?: number): ProcessExit => ({ code, signal })

interface Options {
  readonly initDefaults?: boolean
  readonly pids?: number
  readonly fds?: number
  readonly files?: readonly LayerEntry[]
}

/** A container's processes over a tree of files, without threads. Its first process is PID 1. */
export function containerOf({ initDefaults = false, pids, fds, files = [] }: Options = {}) {
  const limits = { ...(pids !== undefined && { pids }), ...(fds !== undefined && { fds }) }
  const ledger = new Ledger(limits, new IoController())
  const tree = treeOf([directoryEntry('/bin'), ...files], { ledger })
  /** ns; a test moves it. */
  const time = { ns: 0n }
  const frozen = frozenClock(1_000)
  const clock: Clock = { ...frozen, now: (which) => frozen.now(which) + time.ns }
  const namespace = new PidNamespace({ pids: new PidsController(ledger), initDefaults, clock })
  const launcher = new FakeLauncher()
  namespace.launcher = launcher

  /** As one that comes from outside: a session of its own, and no parent. */
  function enter(more: Partial<ConstructorParameters<typeof Process>[0]> = {}): Process {
    const pid = must(namespace.allocate())
    const walker: Walker = { ...tree.walker, credentials: more.credentials ?? ROOT }
    const process = new Process({
      pid,
      parentPid: 0,
      groupId: pid,
      sessionId: pid,
      credentials: ROOT,
      args: ['prog'],
      environment: ['A=1'],
      workingDirectory: '/',
      walker,
      fds: new FdTable(64, ledger),
      clock,
      random: (into) => void into.fill(9),
      ledger,
      umask: 0o022,
      thread: new ToldThread(),
      namespace,
      ...more,
    })
    namespace.add(process)
    return process
  }

  /** As a child that spawn has made. */
  const child = (
    parent: Process,
    more: Partial<ConstructorParameters<typeof Process>[0]> = {},
  ): Process =>
    enter({
      parentPid: parent.pid,
      groupId: parent.groupId,
      sessionId: parent.sessionId,
      credentials: parent.credentials,
      signals: parent.signals.forChild([]),
      mask: parent.mask.forChild([]),
      ...more,
    })

  return { ...tree, ledger, time, namespace, launcher, enter, child, init: enter() }
}

/** What the thread of a process was told since the last time. */
export const toldTo = ({ thread }: Process): readonly string[] =>
  thread instanceof ToldThread ? thread.take() : []

export const user = (uid: number): Credentials => ({ uid, gid: uid, groups: [] })
