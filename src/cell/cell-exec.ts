import type { ExecJob, ExecProcess } from '../contract/cell.ts'
import type { EngineError } from '../contract/errors.ts'
import type { ExitReport } from '../contract/exit.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import type { Limits } from '../contract/limits.ts'
import type { TerminalSize } from '../contract/terminal.ts'
import { deferred } from '../std/deferred.ts'
import { createMailbox, markDead } from '../thread/mailbox.ts'
import type { ProcessOutcome } from '../thread/process-task.ts'
import { processGone } from './refusals.ts'
import { type Lost, type SeatedParts, SeatedProcess } from './seated-process.ts'
import type { Ask } from './trees.ts'
import { withoutReport } from './without-report.ts'
import type { SeatTask, WorkerSeat } from './worker-seat.ts'

/** The container a process is started in. */
export interface ExecContainer {
  /** Asks its kernel. EngineError PROCESS_GONE: it has ended. */
  readonly ask: Ask
  /** Where the kernel is; undefined: it has ended. */
  readonly kernelSlot: number | undefined
  /** With the limits it has now. */
  readonly guest: GuestSpec
}

/** @param refused - it is told so, and never starts. */
export type StartExec = (
  job: ExecJob,
  container: ExecContainer,
  refused: EngineError | undefined,
) => CellExec

export interface CellExecParts extends SeatedParts<CellExec> {
  /** A number for it among all that its container's kernel is told of. */
  readonly member: number
  readonly module: SeatTask['module']
  readonly job: ExecJob
  readonly container: ExecContainer
}

/**
 * One more process of a container:
 *
 *   a seat → the kernel attaches it, or refuses → its worker begins → it ends → the kernel forgets it,
 *   and writes no more → its output is closed, and drained → the seat is free
 */
export class CellExec extends SeatedProcess<ExitReport> implements ExecProcess {
  readonly #parts: CellExecParts
  readonly #mailbox = createMailbox()
  #attached = false
  /** Its kernel knows of it. */
  readonly #known = deferred<void>()

  constructor(parts: CellExecParts) {
    super(parts, parts.job)
    this.#parts = parts
  }

  /** It never starts. */
  override refuse(error: EngineError): void {
    super.refuse(error)
  }

  protected taken(seat: WorkerSeat): void {
    void this.#attach(seat)
  }

  async #attach(seat: WorkerSeat): Promise<void> {
    const { container, job, member, module } = this.#parts
    const hasInput = job.stdin !== undefined
    const shared = seat.member(this.#mailbox, hasInput)
    try {
      const attached = await container.ask({ verb: 'attach', member, exec: job.exec, ...shared })
      const { kernelSlot } = container
      if (attached === undefined || kernelSlot === undefined) throw processGone()
      this.#attached = true
      this.#known.resolve()
      if (this.isOver) await this.#detach(0)
      else if (this.condemned !== undefined) this.end({ ok: 'lost', wedged: false })
      else {
        const { limits, deterministic } = container.guest
        const spec = { args: job.exec.args, ...attached, limits, deterministic }
        const task = { module, spec, hasInput, mailbox: this.#mailbox, kernelSlot }
        this.ready(seat, () => seat.beginSecondary(task))
      }
    } catch (error) {
      if (this.condemned !== undefined) this.end({ ok: 'lost', wedged: false })
      else this.refuse(error as EngineError) // all that `ask` throws
    }
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
  async #tell(question: Parameters<Ask>[0]): Promise<void> {
    await Promise.race([this.#known.promise, this.gone])
    if (!this.isOver) await this.#parts.container.ask(question).catch(() => undefined)
  }

  /** Its container's first process has ended, or is about to. */
  containerEnded(): void {
    if (this.isOver) return
    if (!this.#attached && this.#parts.unqueue(this)) {
      this.refuse(processGone())
      return
    }
    if (!this.#attached) return
    markDead(this.#mailbox)
    this.kill('killed')
  }

  protected leave(seat: WorkerSeat | undefined, outcome: ProcessOutcome | Lost | undefined): void {
    if (!this.#attached) return
    const cpuUs = outcome?.ok === true ? outcome.unpaidUs : 0
    void this.#detach(cpuUs).then(() => {
      // What it left unread is not read, and its seat may be another's.
      if (this.isSettled) return
      seat?.closeOutput()
      this.pump()
    })
  }

  /** Nobody writes to its output any more, whatever comes of it. */
  async #detach(cpuUs: number): Promise<void> {
    const { container, member } = this.#parts
    await container.ask({ verb: 'detach', member, cpuUs }).catch(() => undefined)
  }

  protected get waits(): boolean {
    return false
  }

  update(limits: Partial<Limits>): void {
    if (this.begun && this.#attached) this.place?.update(limits)
  }

  protected exitOf(outcome: Extract<ProcessOutcome, { ok: true }> | Lost): ExitReport {
    return outcome.ok === true ? outcome.report : withoutReport(this.condemned, 'worker')
  }
}
