import type { CellExit, CellJob, CellProcess, ExecJob, ExecProcess } from '../contract/cell.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import type { Limits } from '../contract/limits.ts'
import type { TerminalSize } from '../contract/terminal.ts'
import { deferred } from '../std/deferred.ts'
import type { ProcessOutcome } from '../thread/process-task.ts'
import type { CellExec, ExecContainer, StartExec } from './cell-exec.ts'
import { processGone } from './refusals.ts'
import { type Lost, type SeatedParts, SeatedProcess } from './seated-process.ts'
import type { Ask } from './trees.ts'
import { exitWithoutReport } from './without-report.ts'
import type { SeatTask, WorkerSeat } from './worker-seat.ts'

export interface CellRunParts extends SeatedParts<CellRun> {
  readonly task: Omit<SeatTask, 'hasInput'>
  readonly job: CellJob
  /** Starts one more process in its container, if there is a place for it. */
  readonly startExec: StartExec
}

/** One job: the first process of a container, and with it the container. */
export class CellRun extends SeatedProcess<CellExit> implements CellProcess, ExecContainer {
  readonly #parts: CellRunParts
  #guest: GuestSpec
  readonly #sat = deferred<WorkerSeat>()
  #seated = false
  #paused = false
  /** The processes beside it that are not gone. */
  readonly #execs = new Set<CellExec>()

  constructor(parts: CellRunParts) {
    super(parts, parts.job)
    this.#parts = parts
    this.#guest = parts.task.guest
  }

  /** Whether its end is worth waiting for. */
  get keepsFiles(): boolean {
    return this.#parts.job.writableLayer !== undefined
  }

  get guest(): GuestSpec {
    return this.#guest
  }

  protected taken(seat: WorkerSeat): void {
    const { job, task } = this.#parts
    this.#seated = true
    this.#sat.resolve(seat)
    this.ready(seat, () =>
      seat.begin({ ...task, guest: this.#guest, hasInput: job.stdin !== undefined }),
    )
  }

  protected get waits(): boolean {
    return this.#execs.size > 0
  }

  protected leave(seat: WorkerSeat | undefined): void {
    seat?.unasked()
    for (const exec of this.#execs) exec.containerEnded()
  }

  /** Asks its worker, as soon as it has one. */
  readonly ask: Ask = async (question) => {
    await Promise.race([this.#sat.promise, this.gone])
    const seat = this.place
    if (seat === undefined) throw processGone()
    return await seat.ask(question)
  }

  /** A question whose answer nobody waits for; one that comes before its worker is asked then. */
  #tell(question: Parameters<Ask>[0]): void {
    this.ask(question).catch(() => undefined)
  }

  signal(signal: number): void {
    this.#tell({ verb: 'signal', member: undefined, signal })
  }

  resize(size: TerminalSize): void {
    this.#tell({ verb: 'resize', member: undefined, size })
  }

  get kernelSlot(): number | undefined {
    return this.place?.slot
  }

  override async pause(): Promise<void> {
    this.#paused = true
    // Those beside it first: what they ask is still answered.
    const others = [...this.#execs].map((exec) => exec.pause())
    await Promise.all([...others, super.pause()])
  }

  override unpause(): void {
    this.#paused = false
    super.unpause()
    for (const exec of this.#execs) exec.unpause()
  }

  exec(job: ExecJob): ExecProcess {
    const refused = this.isOver ? processGone() : undefined
    const exec = this.#parts.startExec(job, this, refused)
    if (exec.isOver) return exec
    this.#execs.add(exec)
    if (this.#paused) void exec.pause()
    void exec.gone.then(() => {
      this.#execs.delete(exec)
      this.settleWhenDry()
    })
    return exec
  }

  update(limits: Partial<Limits>): void {
    if (this.isOver) return
    this.#guest = { ...this.#guest, limits: { ...this.#guest.limits, ...limits } }
    if (this.begun) this.place?.update(limits)
    for (const exec of this.#execs) exec.update(limits)
  }

  protected exitOf(outcome: Extract<ProcessOutcome, { ok: true }> | Lost): CellExit {
    if (outcome.ok === true) {
      const { report, files, layerLoss } = outcome
      return { ...report, files, layerLoss }
    }
    return exitWithoutReport(this.condemned, 'worker', this.#seated && this.keepsFiles)
  }
}
