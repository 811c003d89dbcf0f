import type { RandomFill } from '../contract/clock.ts'
import { EngineError } from '../contract/errors.ts'
import type { ExecSpec } from '../contract/guest-spec.ts'
import { endsByDefault, SIGKILL } from '../contract/signals.ts'
import type { TerminalSize } from '../contract/terminal.ts'
import { FdTable } from '../kernel/process/fd-table.ts'
import { Process } from '../kernel/process/process.ts'
import { directoryAt } from './container-files.ts'
import { type Ground, openFirst, UMASK, userOf, walkerOf } from './container-ground.ts'
import type { InitThread } from './init-thread.ts'
import type { Attached, ContainerMembers, MemberNumber, MemberPorts } from './live-tree.ts'
import { Member } from './member.ts'
import { MemberThread } from './member-thread.ts'

/** The processes of a container beside its PID 1. Everything happens on the kernel's thread. */
export class Members implements ContainerMembers {
  readonly #ground: Ground
  readonly #random: RandomFill
  readonly #members = new Map<number, Member>()
  #init: { readonly process: Process; readonly thread: InitThread } | undefined
  /** Whose call is being made. */
  #calling: Process | undefined
  #lastPid = 1

  constructor(ground: Ground, random: RandomFill) {
    this.#ground = ground
    this.#random = random
  }

  /** PID 1 is there. */
  lead(process: Process, thread: InitThread): void {
    this.#init = { process, thread }
    this.#ground.processes.set(process.pid, process)
  }

  /** Whose call is being made: PID 1's, unless it is another's. */
  get caller(): Process {
    const caller = this.#calling ?? this.#init?.process
    if (caller === undefined) throw new TypeError('no process yet')
    return caller
  }

  /**
   * One more process, under a number of its cell's.
   *
   * @throws EngineError `INVALID_ARGUMENT` | `INVALID_LIMIT`.
   */
  attach(number: number, spec: ExecSpec, ports: MemberPorts): Attached {
    const { group } = this.#ground
    if (!group.pids.join()) {
      throw new EngineError('INVALID_LIMIT', 'the container has as many processes as it may have')
    }
    try {
      const thread = new MemberThread(ports.signals)
      const process = this.#processOf(spec, ports, thread)
      this.#members.set(number, new Member({ process, thread, server: ports.server, group }))
      this.#ground.processes.set(process.pid, process)
      if (this.#members.size === 1) this.#init?.thread.fuel.hurry(true)
      return { environment: process.environment }
    } catch (error) {
      group.pids.leave()
      throw error
    }
  }

  #processOf(spec: ExecSpec, ports: MemberPorts, thread: MemberThread): Process {
    const ground = this.#ground
    const { guest, ledger, clock } = ground
    const charge = (units: number): void => thread.charge(units)
    const { workingDirectory } = spec
    const { credentials, environment } = userOf(ground, spec)
    const walking = { credentials, workingDirectory, find: directoryAt, charge }
    const walker = walkerOf(ground, walking)
    const fds = new FdTable(guest.limits.openFiles, ledger)
    try {
      openFirst(ground, walker, fds, ports)
    } catch (error) {
      fds.closeAll()
      throw error
    }
    this.#lastPid += 1
    return new Process({
      pid: this.#lastPid,
      parentPid: 0,
      groupId: this.#lastPid,
      sessionId: this.#lastPid,
      credentials,
      args: spec.args,
      environment,
      workingDirectory,
      walker,
      fds,
      clock,
      random: this.#random,
      ledger,
      umask: UMASK,
      thread,
    })
  }

  /**
   * That process is no more.
   *
   * @param cpuUs - what it has used and not yet told of.
   */
  detach(number: number, cpuUs: number): void {
    const member = this.#members.get(number)
    if (member === undefined) return
    this.#members.delete(number)
    this.#ground.processes.delete(member.process.pid)
    this.#ground.group.usedBeside(cpuUs)
    member.close()
    if (this.#members.size === 0) this.#init?.thread.fuel.hurry(false)
  }

  #numbered(number: MemberNumber): Process | undefined {
    return number === undefined ? this.#init?.process : this.#members.get(number)?.process
  }

  /**
   * A signal from outside. As on Linux PID 1 ignores what it has no handler for; with an init in front
   * of it the default actions hold. SIGKILL always ends it.
   *
   * @source pid_namespaces(7), "The namespace init process"
   */
  signal(number: MemberNumber, signal: number): void {
    const process = this.#numbered(number)
    const hasDefaults = number !== undefined || this.#ground.guest.init
    if (signal === SIGKILL || (hasDefaults && endsByDefault(signal))) process?.thread.end(signal)
  }

  /** Its terminal, if it has one, has another size. */
  resize(_number: MemberNumber, _size: TerminalSize): void {}

  get any(): boolean {
    return this.#members.size > 0
  }

  /** Requests lie in mailboxes. */
  serve(): void {
    for (const member of this.#members.values()) {
      this.#calling = member.process
      member.serve()
    }
    this.#calling = undefined
  }

  /** Something may have changed: whoever waits for it is told. */
  stir(): void {
    for (const member of this.#members.values()) member.stir()
  }

  /** PID 1 has ended, and with it everybody. */
  close(): void {
    for (const number of [...this.#members.keys()]) this.detach(number, 0)
  }
}
