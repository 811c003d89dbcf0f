import type { RandomFill } from '../contract/clock.ts'
import { EngineError } from '../contract/errors.ts'
import { EXIT_CODE_OF } from '../contract/exit.ts'
import { SIGKILL } from '../contract/signals.ts'
import type { StandardStreams } from '../contract/streams.ts'
import type { TerminalSize } from '../contract/terminal.ts'
import type { IntervalTimers } from '../kernel/process/interval-timers.ts'
import type { Process, ProcessExit } from '../kernel/process/process.ts'
import { directoryAt } from './container-files.ts'
import { type Ground, identityOf } from './container-ground.ts'
import type { InitThread } from './init-thread.ts'
import type { Launches } from './launches.ts'
import { INIT } from './leader-thread.ts'
import { Lender, type OwnStreams } from './lender.ts'
import { listedProcesses } from './listed-processes.ts'
import type {
  Attached,
  ChildPorts,
  ContainerMembers,
  ExecAttach,
  ListedProcess,
  MemberNumber,
  MemberPorts,
  PortsOf,
  Spent,
} from './live-tree.ts'
import { Member } from './member.ts'
import { MemberThread, type MemberWorker } from './member-thread.ts'
import type { OrderAnswer } from './order.ts'
import { outsideProcess } from './outside-process.ts'
import type { PipeArena } from './pipe-arena.ts'
import { type Severable, severable } from './severable.ts'
import { Terminals } from './terminals.ts'

const US_PER_MS = 1_000

export interface MembersParts {
  readonly ground: Ground
  readonly random: RandomFill
  readonly launches: Launches
  /** Whose pipes are lent; undefined: none are. */
  readonly arena: PipeArena | undefined
}

/** An input that is at its end has no ring that anybody writes to. */
const ownOf = (
  { hasInput }: MemberPorts,
  { stdin, stdout, stderr }: StandardStreams,
): OwnStreams => ({
  stdout,
  stderr,
  ...(hasInput && { stdin }),
})

/** The processes of a container beside its PID 1. Everything happens on the kernel's thread. */
export class Members implements ContainerMembers {
  readonly #parts: MembersParts
  readonly #members = new Map<number, Member>()
  readonly #streams = new Map<number, Severable>()
  #init: { readonly process: Process; readonly thread: InitThread } | undefined
  #endedCpuMs = 0
  /** What others were last told of the container as a whole. */
  #told: readonly number[] = []
  readonly terminals: Terminals
  /** Whose call is being made. */
  #calling: Process | undefined

  constructor(parts: MembersParts) {
    this.#parts = parts
    this.terminals = new Terminals(parts.ground.namespace, () => this.caller)
  }

  /** PID 1 is there. */
  lead(process: Process, thread: InitThread): void {
    this.#init = { process, thread }
    this.#parts.ground.namespace.add(process)
  }

  /** In the middle of a call of one of them: leaves it by a trap when the container must end. */
  look(): void {
    this.#init?.thread.heedKill()
  }

  /** Whose call is being made: PID 1's, unless it is another's. Undefined: there is no process yet. */
  get caller(): Process | undefined {
    return this.#calling ?? this.#init?.process
  }

  /**
   * One more process, under a number of its cell's, started from outside.
   *
   * @throws EngineError `INVALID_ARGUMENT` | `INVALID_LIMIT`.
   */
  attach(number: number, start: ExecAttach, ports: MemberPorts): Attached {
    const { ground, random } = this.#parts
    const { namespace } = ground
    const pid = namespace.allocate()
    if (!pid.ok) {
      throw new EngineError('INVALID_LIMIT', 'the container has as many processes as it may have')
    }
    try {
      const thread = new MemberThread(() => this.look(), this.#worker(ports))
      const streams = severable(ports)
      const size = start.exec.terminal
      const terminal = size && this.terminals.make(size, streams)
      const process = outsideProcess(ground, {
        ...start,
        pid: pid.value,
        spec: start.exec,
        identityOf: (user) => identityOf(ground, user),
        find: directoryAt,
        add: (process) => {
          namespace.add(process)
          this.#calling = process
        },
        streams: terminal ?? streams,
        random,
        thread,
      })
      if (terminal !== undefined) this.terminals.control(number, terminal, process)
      this.#streams.set(number, streams)
      this.#join(
        number,
        process,
        thread,
        ports,
        terminal === undefined ? ownOf(ports, streams) : {},
      )
      this.#tell()
      return { environment: process.environment, pipes: this.#parts.arena?.memory }
    } catch (error) {
      namespace.discard(pid.value)
      throw error
    } finally {
      this.#calling = undefined
    }
  }

  /** Of a run with frozen clocks no time is told. */
  #worker({ signals, cpuMs }: ChildPorts): MemberWorker {
    const frozen = this.#parts.ground.guest.deterministic !== undefined
    return { signals, cpuMs: frozen ? () => 0 : cpuMs }
  }

  #join(
    number: number,
    process: Process,
    thread: MemberThread,
    { server, slot }: ChildPorts,
    own: OwnStreams = {},
  ): void {
    const { group } = this.#parts.ground
    const lender = this.#parts.arena && new Lender(process.fds, slot, own)
    const member = new Member({ process, thread, server, group, lender })
    this.#members.set(number, member)
    thread.number = number
    if (this.#members.size === 1) this.#init?.thread.fuel.hurry(true)
  }

  /** An order has been answered: what it asked for may be a process from now on. */
  ordered(order: number, answer: OrderAnswer, portsOf: PortsOf): void {
    const seated = this.#parts.launches.ordered(order, answer)
    if (seated === undefined) return
    const { process, thread, child, begins } = seated
    const ports = portsOf.child(child)
    thread.bind(this.#worker(ports))
    if (!begins) {
      ports.signals.end(SIGKILL)
      ports.server.close()
      return
    }
    this.#join(child.member, process, thread, ports)
    // It may have asked before it was known here, and SERVE been taken down since.
    this.#serve(child.member)
    this.#tell()
  }

  /** That process is no more. */
  detach(number: number, exit: ProcessExit, spent: Spent): void {
    const { group, namespace } = this.#parts.ground
    const member = this.#members.get(number)
    if (member === undefined) return
    this.#members.delete(number)
    this.#endedCpuMs += member.spent(spent.cpuMs)
    group.cpu.spend(spent.unpaidUs, performance.now() * US_PER_MS)
    member.close()
    namespace.ended(member.process, exit)
    this.terminals.forget(number)
    this.#streams.get(number)?.sever()
    this.#streams.delete(number)
    if (this.#members.size === 0) this.#init?.thread.fuel.hurry(false)
    this.#tell()
  }

  /** PID 1, which tells of its container, may sleep on while others change that. */
  #tell(): void {
    const { ledger } = this.#parts.ground
    const { io } = ledger
    const moved = [io.moved('read'), io.moved('write')]
    const now = [ledger.used('memory'), ledger.used('pids'), ...moved]
    if (now.every((value, index) => value === this.#told[index])) return
    this.#told = now
    this.#init?.thread.publish()
  }

  /** Milliseconds of CPU, those that have ended included: it never falls. */
  get cpuMs(): number {
    let sum = this.#endedCpuMs
    for (const member of this.#members.values()) sum += member.cpuMs
    return sum
  }

  list(): readonly ListedProcess[] {
    const { processes } = this.#parts.ground.namespace
    return listedProcesses(processes.values())
  }

  /** A signal from outside: what it does is the process's own. */
  signal(number: MemberNumber, signal: number): void {
    const process = number === undefined ? this.#init?.process : this.#members.get(number)?.process
    if (process !== undefined) this.#parts.ground.namespace.signal(undefined, process.pid, signal)
  }

  /** Its terminal, if it has one, has another size. */
  resize(number: MemberNumber, size: TerminalSize): void {
    this.terminals.resize(number, size)
  }

  get hasTerminals(): boolean {
    return this.terminals.any
  }

  get nextTimer(): bigint | undefined {
    return this.#timers.next
  }

  get untilTimer(): number {
    return this.#timers.left
  }

  get #timers(): IntervalTimers<Process> {
    return this.#parts.ground.namespace.timers
  }

  pump(): void {
    this.terminals.pump()
    this.#timers.fire()
  }

  /** What the cell knows a process by; 0: PID 1. */
  numberOf(process: Process): number {
    return process.thread.number ?? INIT
  }

  get any(): boolean {
    return this.#members.size > 0
  }

  /** Requests lie in mailboxes. */
  serve(): void {
    for (const number of this.#members.keys()) this.#serve(number)
    const thread = this.#init?.thread
    if (thread?.sleeping === true) thread.cpu.served(performance.now())
    this.#tell()
  }

  #serve(number: number): void {
    const member = this.#members.get(number)
    this.#calling = member?.process
    member?.serve()
    this.#calling = undefined
  }

  /** Something may have changed: whoever waits for it is told. */
  stir(): void {
    for (const member of this.#members.values()) member.stir()
  }

  /** PID 1 has ended, and with it everybody. */
  close(): void {
    for (const number of [...this.#members.keys()]) this.detach(number, KILLED, NOTHING)
  }
}

/** @source pid_namespaces(7): the end of PID 1 kills all others. */
const NOTHING: Spent = { cpuMs: 0, unpaidUs: 0 }
const KILLED: ProcessExit = { code: EXIT_CODE_OF.killed, signal: SIGKILL }
