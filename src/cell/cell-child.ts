import { Errno } from '../contract/errno.ts'
import type { EngineError } from '../contract/errors.ts'
import { CellMember, type CellMemberParts } from './cell-member.ts'
import type { WorkerSeat } from './worker-seat.ts'

export interface CellChildParts extends CellMemberParts {
  /** The kernel's number for what it has asked. */
  readonly order: number
  readonly args: readonly string[]
  readonly environment: readonly string[]
  readonly native: boolean
  readonly pipes: SharedArrayBuffer | undefined
}

/**
 * One more process of a container, started by one of its own: its descriptors are its kernel's, and it
 * has no streams. Its seat is told to the kernel before it begins, so that its first call is served.
 */
export class CellChild extends CellMember {
  readonly #parts: CellChildParts
  #forgotten = false
  /** Nobody outside reads of it: its slot is free before its container has ended. */
  readonly left: Promise<unknown>

  constructor(parts: CellChildParts) {
    super(parts, undefined)
    this.#parts = parts
    this.left = this.ended.catch(() => undefined)
  }

  /** Its parent waits for it. */
  override get urgent(): boolean {
    return true
  }

  protected taken(seat: WorkerSeat): void {
    const { args, container, environment, member, module, native, order, pipes } = this.#parts
    const { fuel, guest, kernelSlot } = container
    if (kernelSlot === undefined) {
      this.end({ ok: 'lost', wedged: false })
      return
    }
    this.attached = true
    const child = { member, slot: seat.slot, mailbox: this.mailbox }
    const answer = { ok: true, native, child } as const
    container.ask({ verb: 'ordered', order, answer }).catch(() => this.containerEnded())
    const { limits, deterministic } = guest
    const spec = { args, environment, limits, deterministic }
    const task = { module, spec, mailbox: this.mailbox, pipes, kernelSlot, fuel }
    this.ready(seat, () => seat.beginSecondary(task))
  }

  override refuse(error: EngineError): void {
    const { container, order } = this.#parts
    const answer = { ok: false, errno: Errno.AGAIN } as const
    container.ask({ verb: 'ordered', order, answer }).catch(() => {})
    super.refuse(error)
  }

  /** Its seat is another's only when its kernel has forgotten it. */
  protected get waits(): boolean {
    return this.attached && !this.#forgotten
  }

  protected override forgotten(): void {
    this.#forgotten = true
    this.settleWhenDry()
  }
}
