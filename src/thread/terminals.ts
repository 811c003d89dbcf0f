import type { StandardStreams } from '../contract/streams.ts'
import type { TerminalSize } from '../contract/terminal.ts'
import type { Namespace, Process } from '../kernel/process/process.ts'
import { isOrphaned, membersOf } from '../kernel/process/process-groups.ts'
import { Terminal, type TerminalJobs } from '../kernel/process/terminal.ts'
import type { MemberNumber } from './live-tree.ts'

function jobsOf(namespace: Namespace, caller: () => Process | undefined): TerminalJobs {
  return {
    caller: () => {
      const process = caller()
      if (process === undefined) throw new TypeError('nobody is there who could use a terminal')
      const { groupId, sessionId, signals, mask } = process
      return {
        groupId,
        sessionId,
        isStopped: () => process.stopped,
        ignores: (signal) => signals.action(signal) === 'ignore' || mask.blocks(signal),
      }
    },
    isOrphan: (group) => {
      const [member] = membersOf(namespace, group)
      return member === undefined || isOrphaned(member)
    },
    signal: (group, signal) => namespace.raiseGroup(group, signal),
  }
}

/** The terminals of a container: each is that of a process which was started from outside. */
export class Terminals {
  readonly #jobs: TerminalJobs
  readonly #all = new Map<MemberNumber, Terminal>()

  /** @param caller - whose call is being made. */
  constructor(namespace: Namespace, caller: () => Process | undefined) {
    this.#jobs = jobsOf(namespace, caller)
  }

  get any(): boolean {
    return this.#all.size > 0
  }

  /** A terminal between the streams of a process that is about to be. */
  make(size: TerminalSize, { stdin, stdout }: StandardStreams): Terminal {
    const now = (): number => performance.now()
    return new Terminal({
      number: this.#free(),
      input: stdin,
      output: stdout,
      size,
      jobs: this.#jobs,
      now,
    })
  }

  /** Those whose names stand in /dev/pts. */
  all(): Iterable<Terminal> {
    return this.#all.values()
  }

  /** The lowest number that is nobody's, as the Linux pty driver takes it. */
  #free(): number {
    const taken = new Set([...this.#all.values()].map(({ number }) => number))
    let number = 0
    while (taken.has(number)) number += 1
    return number
  }

  /** It controls the session that `process` leads, and is served from now on. */
  control(number: MemberNumber, terminal: Terminal, process: Process): void {
    terminal.session = process.sessionId
    terminal.foreground = process.groupId
    process.terminal = terminal
    this.#all.set(number, terminal)
  }

  resize(number: MemberNumber, size: TerminalSize): void {
    this.#all.get(number)?.resize(size)
  }

  pump(): void {
    for (const terminal of this.#all.values()) terminal.pump()
  }

  /** Nobody is on its other side any more. */
  forget(number: MemberNumber): void {
    this.#all.get(number)?.hangUp()
    this.#all.delete(number)
  }
}
