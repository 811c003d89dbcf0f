import type { ExecJob, ExecProcess } from '../contract/cell.ts'
import type { EngineError } from '../contract/errors.ts'
import type { TerminalSize } from '../contract/terminal.ts'
import { deferred } from '../std/deferred.ts'
import { isNative } from '../thread/native.ts'
import { CellMember, type CellMemberParts, type MemberContainer } from './cell-member.ts'
import { processGone } from './refusals.ts'
import type { QuestionOf } from './trees.ts'
import type { WorkerSeat } from './worker-seat.ts'

/** @param refused - it is told so, and never starts. */
export type StartExec = (
  job: ExecJob,
  container: MemberContainer,
  refused: EngineError | undefined,
) => CellExec

export interface CellExecParts extends CellMemberParts {
  readonly job: ExecJob
}

/**
 * One more process of a container, from outside:
 *
 *   a seat → the kernel attaches it, or refuses → its worker begins → it ends → the kernel forgets it,
 *   and writes no more → its output is closed, and drained → the seat is free
 */
export class CellExec extends CellMember implements ExecProcess {
  readonly #parts: CellExecParts
  /** Its kernel knows of it. */
  readonly #known = deferred<void>()

  constructor(parts: CellExecParts) {
    super(parts, parts.job)
    this.#parts = parts
  }

  /** Somebody may still read its output, for as long as he likes. */
  get left(): Promise<void> {
    return this.gone
  }

  protected taken(seat: WorkerSeat): void {
    void this.#attach(seat)
  }

  async #attach(seat: WorkerSeat): Promise<void> {
    const { container, job, member, module } = this.#parts
    const hasInput = job.stdin !== undefined || this.#hasTerminal
    const shared = seat.member(this.mailbox, hasInput)
    try {
      const native = isNative(module.manifest)
      const { exec, program } = job
      const start = { verb: 'attach', member, exec, program, native } as const
      const attached = await container.ask({ ...start, ...shared })
      const { fuel, kernelSlot } = container
      if (kernelSlot === undefined) throw processGone()
      this.attached = true
      this.#known.resolve()
      if (this.isOver) await this.detach(undefined)
      else if (this.condemned !== undefined) this.end({ ok: 'lost', wedged: false })
      else {
        const { limits, deterministic } = container.guest
        const { environment, pipes } = attached
        const spec = { args: job.exec.args, environment, limits, deterministic }
        const task = { module, spec, mailbox: this.mailbox, pipes, kernelSlot, fuel }
        this.ready(seat, () => seat.beginSecondary(task))
      }
    } catch (error) {
      if (this.condemned !== undefined) this.end({ ok: 'lost', wedged: false })
      else this.refuse(error as EngineError) // all that `ask` throws
    }
  }

  get #hasTerminal(): boolean {
    return this.#parts.job.exec.terminal !== undefined
  }

  /** They are its kernel's, and whoever waits for them may be a child of it; or they are lent to itself. */
  protected override streamsMoved(seat: WorkerSeat): void {
    this.#parts.container.wake()
    super.streamsMoved(seat)
  }

  signal(signal: number): void {
    const { member } = this.#parts
    void this.#tell({ verb: 'signal', member, signal })
  }

  resize(size: TerminalSize): void {
    const { member } = this.#parts
    void this.#tell({ verb: 'resize', member, size })
  }

  /** Nobody waits for the answer. */
  async #tell(question: QuestionOf<'signal'> | QuestionOf<'resize'>): Promise<void> {
    await Promise.race([this.#known.promise, this.gone])
    if (!this.isOver) await this.#parts.container.ask(question).catch(() => undefined)
  }

  protected get waits(): boolean {
    return false
  }
}
