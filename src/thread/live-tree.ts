import type { ProcessRow } from '../contract/cell.ts'
import { EngineError, type ErrorCode } from '../contract/errors.ts'
import type { ExecSpec } from '../contract/guest-spec.ts'
import type { StandardStreams } from '../contract/streams.ts'
import type { TerminalSize } from '../contract/terminal.ts'
import type { PutRules } from '../contract/tree.ts'
import type { OverlayFileSystem } from '../kernel/mount/overlay.ts'
import type { Walker } from '../kernel/mount/place.ts'
import type { ProcessExit } from '../kernel/process/process.ts'
import type { MailboxServer } from './mailbox.ts'
import type { MemberWorker } from './member-thread.ts'
import type { ChildSeat, OrderAnswer } from './order.ts'
import { ownerOf } from './tree/owner.ts'
import { putArchive } from './tree/put-archive.ts'
import type { StagedEntry } from './tree/staged-archive.ts'
import { copyUpper } from './upper-file.ts'

/**
 * What the worker of a running process is asked about its container. It answers between two steps of its
 * guest: at a safepoint, around a call, or in the middle of a wait; never within a kernel call.
 */
export type LiveRequest = {
  readonly id: number
  /** The process that is meant: a worker has one after another. */
  readonly generation: number
} & (
  | { readonly verb: 'copy'; readonly file: string }
  | {
      readonly verb: 'put'
      readonly path: string
      readonly entries: readonly StagedEntry[]
      readonly rules: PutRules
    }
  | ({ readonly verb: 'attach'; readonly member: number } & ExecAttach & MemberSeat)
  | ({ readonly verb: 'detach'; readonly member: number; readonly exit: ProcessExit } & Spent)
  | { readonly verb: 'ordered'; readonly order: number; readonly answer: OrderAnswer }
  | { readonly verb: 'signal'; readonly member: MemberNumber; readonly signal: number }
  | { readonly verb: 'resize'; readonly member: MemberNumber; readonly size: TerminalSize }
  | { readonly verb: 'processes' }
)

/** Of a process beside PID 1; undefined: PID 1. */
export type MemberNumber = number | undefined

/** What is known of a process that is started from outside. */
export interface ExecAttach {
  readonly exec: ExecSpec
  readonly program: string | undefined
  /** Its program knows its descriptors and its directory. */
  readonly native: boolean
}

/** The seat of one more process. */
export interface MemberSeat {
  readonly slot: number
  readonly mailbox: SharedArrayBuffer
  readonly stdin: SharedArrayBuffer
  readonly stdout: SharedArrayBuffer
  readonly stderr: SharedArrayBuffer
  readonly hasInput: boolean
}

/** CPU of a process that has ended. */
export interface Spent {
  readonly cpuMs: number
  /** µs of it that its container's quota has not been told of. */
  readonly unpaidUs: number
}

/** One process as its kernel knows it: by the numbers of the cell. */
export interface ListedProcess extends Omit<ProcessRow, 'pid' | 'parentPid'> {
  /** 0: PID 1. */
  readonly number: number
  /** Undefined: it is outside of the container. */
  readonly parent: number | undefined
}

/** What is answered to each. */
export interface LiveAnswers extends Readonly<Record<LiveRequest['verb'], unknown>> {
  readonly copy: undefined
  readonly put: undefined
  readonly attach: Attached
  readonly detach: undefined
  readonly ordered: undefined
  readonly signal: undefined
  readonly resize: undefined
  readonly processes: readonly ListedProcess[]
}
export type LiveAnswer = LiveAnswers[LiveRequest['verb']]

export type LiveReply = { readonly id: number } & (
  | { readonly ok: true; readonly answer: LiveAnswer }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string }
)

/** What a kernel has of the thread of one more process. */
export interface ChildPorts extends MemberWorker {
  readonly slot: number
  readonly server: MailboxServer
}

/** And of one that was started from outside. */
export interface MemberPorts extends ChildPorts, StandardStreams {
  readonly hasInput: boolean
}

/** What its thread must know to begin. */
export interface Attached {
  readonly environment: readonly string[]
  /** As `SecondaryTask` has them. */
  readonly pipes: SharedArrayBuffer | undefined
}

/** The processes of a container, as somebody outside of it sees them. */
export interface ContainerMembers {
  readonly any: boolean
  attach(member: number, spec: ExecAttach, ports: MemberPorts): Attached
  detach(member: number, exit: ProcessExit, spent: Spent): void
  /** What the cell says to an order. */
  ordered(order: number, answer: OrderAnswer, portsOf: PortsOf): void
  signal(member: MemberNumber, signal: number): void
  resize(member: MemberNumber, size: TerminalSize): void
  /** PID 1 first. */
  list(): readonly ListedProcess[]
  /** Some process has a terminal, which moves without being asked. */
  readonly hasTerminals: boolean
  /** When a timer of a process is due, on the container's clock; undefined: there is none. */
  readonly nextTimer: bigint | undefined
  /** ms until then; Infinity: there is none. */
  readonly untilTimer: number
  /** Takes what was typed, gives away what was echoed, and lets timers send. */
  pump(): void
  serve(): void
  stir(): void
}

/** A container whose kernel is on this thread. */
export interface LiveTree {
  readonly overlay: OverlayFileSystem
  readonly user: string
  /** As root walks. */
  walker(): Walker
  readonly members: ContainerMembers
}

/** Makes the kernel's ends of what a seat shares. */
export interface PortsOf {
  member(seat: MemberSeat): MemberPorts
  child(seat: Omit<ChildSeat, 'member'>): ChildPorts
}

function act(
  { overlay, user, walker, members }: LiveTree,
  request: LiveRequest,
  portsOf: PortsOf,
): LiveAnswer {
  switch (request.verb) {
    case 'copy':
      copyUpper(overlay, request.file)
      return undefined
    case 'put': {
      const { path, entries, rules } = request
      const owner = ownerOf(walker(), user, rules)
      putArchive(walker(), path, entries, { rules, owner })
      return undefined
    }
    case 'attach':
      return members.attach(request.member, request, portsOf.member(request))
    case 'detach':
      members.detach(request.member, request.exit, request)
      return undefined
    case 'ordered':
      members.ordered(request.order, request.answer, portsOf)
      return undefined
    case 'signal':
      members.signal(request.member, request.signal)
      return undefined
    case 'resize':
      members.resize(request.member, request.size)
      return undefined
    case 'processes':
      return members.list()
  }
}

/** Never throws: a guest must not end for what somebody else asked. */
export function replyTo(tree: LiveTree, request: LiveRequest, portsOf: PortsOf): LiveReply {
  const { id } = request
  try {
    return { id, ok: true, answer: act(tree, request, portsOf) }
  } catch (error) {
    const known = error instanceof EngineError
    const code = known ? error.code : 'INTERNAL'
    return { id, ok: false, code, message: known ? error.message : 'internal error' }
  }
}
