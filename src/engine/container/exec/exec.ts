import type { ExecSpec } from '../../../contract/guest-spec.ts'
import type { TerminalSize } from '../../../contract/terminal.ts'
import { type Deferred, deferred } from '../../../std/deferred.ts'
import { type ExecFact, type ExecState, nextExec } from './exec-state.ts'

/** What a caller may say of a new exec. What is absent comes from the container or is Docker's. */
export interface ExecRequest {
  readonly cmd: readonly string[]
  /** `NAME=value`; a name alone takes the container's variable away. */
  readonly env?: readonly string[]
  readonly user?: string
  readonly workingDir?: string
  readonly attachStdin?: boolean
  readonly attachStdout?: boolean
  readonly attachStderr?: boolean
  readonly tty?: boolean
  /** Of its terminal, until a client says another. */
  readonly terminalSize?: TerminalSize
  /** Kept for who asks; it changes nothing. */
  readonly privileged?: boolean
  /** As `ctrl-p,ctrl-q`; only a terminal has them. */
  readonly detachKeys?: string
}

/** What is told of an exec beside what it runs. */
export interface ExecOptions {
  readonly attachStdin: boolean
  readonly attachStdout: boolean
  readonly attachStderr: boolean
  readonly privileged: boolean
  readonly detachKeys: Uint8Array
}

/** One more process of a container that runs: before, while and for a while after it runs. */
export class Exec {
  /** 64 hex digits. */
  readonly id: string
  readonly spec: ExecSpec
  readonly options: ExecOptions
  /** Settles when it has ended or failed, and that was told. */
  readonly over: Deferred<void> = deferred()
  #state: ExecState = { status: 'created' }

  constructor(id: string, spec: ExecSpec, options: ExecOptions) {
    this.id = id
    this.spec = spec
    this.options = options
  }

  get state(): ExecState {
    return this.#state
  }

  /** Takes it along its life. The verb has asked before whether it may. */
  advance(fact: ExecFact): void {
    const state = nextExec(this.#state, fact)
    if (state === undefined) throw new TypeError(`${fact.type} of a ${this.#state.status} exec`)
    this.#state = state
  }
}

export type RunningExec = Exec & { readonly state: Extract<ExecState, { status: 'running' }> }

export const isRunning = (exec: Exec): exec is RunningExec => exec.state.status === 'running'

/** Undefined until it has ended or failed. */
export const endOf = ({ state }: Exec) =>
  state.status === 'ended' || state.status === 'failed' ? state : undefined
