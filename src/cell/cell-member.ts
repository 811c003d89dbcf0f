import type { EngineError } from '../contract/errors.ts'
import type { ExitReport, Usage } from '../contract/exit.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import type { Limits } from '../contract/limits.ts'
import { createMailbox, markDead } from '../thread/mailbox.ts'
import type { ProcessOutcome } from '../thread/process-task.ts'
import { endOfMember } from './member-end.ts'
import { processGone } from './refusals.ts'
import {
  type Condemnation,
  type Lost,
  type OuterStreams,
  type SeatedParts,
  SeatedProcess,
} from './seated-process.ts'
import type { Ask } from './trees.ts'
import { withoutReport } from './without-report.ts'
import type { SeatTask, WorkerSeat } from './worker-seat.ts'

/** The container of a process beside its PID 1. */
export interface MemberContainer {
  /** Asks its kernel. EngineError PROCESS_GONE: it has ended. */
  readonly ask: Ask
  /** Where the kernel is; undefined: it has ended. */
  readonly kernelSlot: number | undefined
  /** A process of it has used so much, and is no more. */
  spent(usage: Pick<Usage, 'cpuMs' | 'fuel'>): void
  /** Something has moved that its kernel looks at by itself. */
  wake(): void
  /** With the limits it has now. */
  readonly guest: GuestSpec
  /** What its processes may use together; undefined: there is no limit. */
  readonly fuel: SharedArrayBuffer | undefined
  /** One of them has found no fuel left. */
  outOfFuel(): void
}

export interface CellMemberParts {
  readonly pid: number
  readonly seated: SeatedParts<CellMember>
  /** A number for it among all that its container's kernel is told of. */
  readonly member: number
  readonly module: SeatTask['module']
  readonly container: MemberContainer
}

/**
 * A process of a container beside its PID 1, whoever started it. When it has ended its kernel is told to
 * forget it, and then writes no more to what it has of it; only then its seat can be another's.
 */
export abstract class CellMember extends SeatedProcess<ExitReport> {
  protected readonly mailbox = createMailbox()
  /** Its kernel knows of it. */
  protected attached = false
  readonly #parts: CellMemberParts

  constructor(parts: CellMemberParts, streams: OuterStreams | undefined) {
    super(parts.pid, parts.seated, streams)
    this.#parts = parts
  }

  /** What its kernel knows it by. */
  get number(): number {
    return this.#parts.member
  }

  /** Its container need not wait for it any more. */
  abstract get left(): Promise<unknown>

  /** It never starts. */
  override refuse(error: EngineError): void {
    super.refuse(error)
  }

  /** Its container's first process has ended, or is about to. */
  containerEnded(reason: Condemnation = 'killed'): void {
    if (this.isOver) return
    if (!this.attached && this.#parts.seated.unqueue(this)) {
      this.refuse(processGone())
      return
    }
    if (!this.attached) return
    markDead(this.mailbox)
    this.kill(reason)
  }

  protected leave(seat: WorkerSeat | undefined, outcome: ProcessOutcome | Lost | undefined): void {
    if (!this.attached) return
    // Of one whose thread is gone is known what it told last.
    const told = outcome?.ok === 'lost' ? seat?.control.stats() : undefined
    const usage = outcome?.ok === true ? outcome.report.usage : told
    if (usage !== undefined) this.#parts.container.spent(usage)
    if (outcome?.ok === true && outcome.report.reason === 'fuel') this.#parts.container.outOfFuel()
    void this.detach(outcome, usage?.cpuMs).then(() => {
      // What it left unread is not read, and its seat may be another's.
      if (this.isSettled) return
      seat?.closeOutput()
      this.forgotten()
    })
  }

  /** Its kernel has forgotten it. */
  protected forgotten(): void {
    this.pump()
  }

  /** Nobody writes to its output any more, whatever comes of it. */
  protected async detach(outcome: ProcessOutcome | Lost | undefined, cpuMs = 0): Promise<void> {
    const { container, member } = this.#parts
    const unpaidUs = outcome?.ok === true ? outcome.unpaidUs : 0
    const exit = endOfMember(outcome, this.condemned)
    await container.ask({ verb: 'detach', member, cpuMs, unpaidUs, exit }).catch(() => undefined)
  }

  update(limits: Partial<Limits>): void {
    if (this.begun && this.attached) this.place?.update(limits)
  }

  protected exitOf(outcome: Extract<ProcessOutcome, { ok: true }> | Lost): ExitReport {
    return outcome.ok === true ? outcome.report : withoutReport(this.condemned, 'worker')
  }
}
