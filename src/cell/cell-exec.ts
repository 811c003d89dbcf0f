import type { ExecJob, ExecProcess } from '../contract/cell.ts'
import type { EngineError } from '../contract/errors.ts'
import { isNative } from '../thread/native.ts'
import { CellMember, type CellMemberParts, type MemberContainer } from './cell-member.ts'
import { processGone } from './refusals.ts'
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

  constructor(parts: CellExecParts) {
    super(parts, parts.job)
    this.#parts = parts
  }

  protected taken(seat: WorkerSeat): void {
    void this.#attach(seat)
  }

  async #attach(seat: WorkerSeat): Promise<void> {
    const { container, job, member, module } = this.#parts
    const hasInput = job.stdin !== undefined
    const shared = seat.member(this.mailbox, hasInput)
    try {
      const native = isNative(module.manifest)
      const { exec, program } = job
      const start = { verb: 'attach', member, exec, program, native } as const
      const attached = await container.ask({ ...start, ...shared })
      const { kernelSlot } = container
      if (attached === undefined || kernelSlot === undefined) throw processGone()
      this.attached = true
      if (this.isOver) await this.detach(undefined)
      else if (this.condemned !== undefined) this.end({ ok: 'lost', wedged: false })
      else {
        const { limits, deterministic } = container.guest
        const spec = { args: job.exec.args, ...attached, limits, deterministic }
        const task = { module, spec, hasInput, mailbox: this.mailbox, kernelSlot }
        this.ready(seat, () => seat.beginSecondary(task))
      }
    } catch (error) {
      if (this.condemned !== undefined) this.end({ ok: 'lost', wedged: false })
      else this.refuse(error as EngineError) // all that `ask` throws
    }
  }

  protected get waits(): boolean {
    return false
  }
}
