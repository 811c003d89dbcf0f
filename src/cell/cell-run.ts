import type {
  CellExit,
  CellJob,
  CellProcess,
  ContainerStats,
  ExecJob,
  ExecProcess,
  ProcessRow,
} from '../contract/cell.ts'
import { Errno, type Failure } from '../contract/errno.ts'
import type { Usage } from '../contract/exit.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import type { Limits } from '../contract/limits.ts'
import type { TerminalSize } from '../contract/terminal.ts'
import { deferred } from '../std/deferred.ts'
import { FuelPool } from '../thread/fuel-pool.ts'
import { INIT } from '../thread/leader-thread.ts'
import type { ListedProcess, LiveRequest } from '../thread/live-tree.ts'
import { isNative } from '../thread/native.ts'
import type { Order } from '../thread/order.ts'
import type { ProcessOutcome } from '../thread/process-task.ts'
import type { CellChild, CellChildParts } from './cell-child.ts'
import type { StartExec } from './cell-exec.ts'
import type { CellMember, MemberContainer } from './cell-member.ts'
import { ContainerAccount } from './container-account.ts'
import { standsStill } from './pause.ts'
import type { Programs } from './programs.ts'
import { processGone } from './refusals.ts'
import { type Lost, type SeatedParts, SeatedProcess } from './seated-process.ts'
import type { Ask, QuestionOf } from './trees.ts'
import { exitWithoutReport } from './without-report.ts'
import type { SeatTask, WorkerSeat } from './worker-seat.ts'

export interface CellRunParts {
  readonly pid: number
  readonly seated: SeatedParts<CellRun>
  /** What comes from `prepareModule` of its cell. */
  readonly module: SeatTask['module']
  readonly root: SeatTask['root']
  readonly job: CellJob
  /** Starts one more process in its container, if there is a place for it. */
  readonly startExec: StartExec
  readonly startChild: StartChild
  readonly programs: Programs<SeatTask['module']>
}

/** Undefined: there is no place for one more. */
export type StartChild = (
  wanted: Omit<CellChildParts, 'pid' | 'seated' | 'member'>,
) => CellChild | undefined

/** One job: the first process of a container, and with it the container. */
export class CellRun extends SeatedProcess<CellExit> implements CellProcess, MemberContainer {
  readonly #parts: CellRunParts
  #guest: GuestSpec
  readonly #sat = deferred<WorkerSeat>()
  #seated = false
  #paused = false
  /** The processes beside it that are not gone. */
  readonly #members = new Set<CellMember>()
  readonly #account = new ContainerAccount()
  readonly fuel: SharedArrayBuffer | undefined

  constructor(parts: CellRunParts) {
    super(parts.pid, parts.seated, parts.job)
    this.#parts = parts
    this.#guest = parts.job.guest
    const { fuel } = this.#guest.limits
    this.fuel = fuel === undefined ? undefined : FuelPool.of(fuel).memory
  }

  /** Whether its end is worth waiting for. */
  get keepsFiles(): boolean {
    return this.#parts.job.writableLayer !== undefined
  }

  get guest(): GuestSpec {
    return this.#guest
  }

  protected taken(seat: WorkerSeat): void {
    const { job, module, root } = this.#parts
    const { program, writableLayer } = job
    this.#seated = true
    this.#sat.resolve(seat)
    // A terminal is there, also when nobody types.
    const hasInput = job.stdin !== undefined || this.#guest.terminal !== undefined
    this.ready(seat, () => {
      const { guest, fuel } = this
      seat.begin({ module, root, guest, program, hasInput, writableLayer, fuel })
    })
  }

  protected get waits(): boolean {
    return this.#members.size > 0
  }

  protected leave(seat: WorkerSeat | undefined, outcome: ProcessOutcome | Lost | undefined): void {
    seat?.unasked()
    const isSpent = outcome?.ok === true && outcome.report.reason === 'fuel'
    for (const member of this.#members) member.containerEnded(isSpent ? 'fuel' : 'killed')
  }

  /** Whoever sleeps would find out only when it goes on. */
  outOfFuel(): void {
    if (this.isOver) return
    this.kill('fuel')
    for (const member of this.#members) member.containerEnded('fuel')
  }

  /** Asks its worker, as soon as it has one. */
  readonly ask: Ask = async <V extends LiveRequest['verb']>(question: QuestionOf<V>) => {
    // Not later: each that waits for its end would be kept until then.
    if (!this.#seated) await Promise.race([this.#sat.promise, this.gone])
    const seat = this.place
    if (seat === undefined) throw processGone()
    return await seat.ask(question)
  }

  /** A question whose answer nobody waits for; one that comes before its worker is asked then. */
  #tell(question: QuestionOf<'signal'> | QuestionOf<'resize'>): void {
    this.ask(question).catch(() => undefined)
  }

  signal(signal: number): void {
    this.#tell({ verb: 'signal', member: undefined, signal })
  }

  resize(size: TerminalSize): void {
    this.#tell({ verb: 'resize', member: undefined, size })
  }

  wake(): void {
    this.place?.wake()
  }

  spent(usage: Pick<Usage, 'cpuMs' | 'fuel'>): void {
    this.#account.ended(usage)
  }

  override async stats(): Promise<ContainerStats | undefined> {
    const own = await super.stats()
    const beside = [...this.#members].flatMap(({ place }) => place?.control.stats() ?? [])
    return own && this.#account.stats(own, beside)
  }

  async processes(): Promise<readonly ProcessRow[] | undefined> {
    const listed = await this.ask({ verb: 'processes' }).catch(() => undefined)
    return listed?.map((one) => this.#rowOf(one))
  }

  #rowOf({ number, parent, ...row }: ListedProcess): ProcessRow {
    const pidOf = (one: number): number => (one === INIT ? this.pid : one)
    const seated = number === INIT ? this : [...this.#members].find((one) => one.number === number)
    // A wait for a lent pipe is not its kernel's to know.
    const waits = row.state === 'running' && standsStill(seated?.place?.control.state())
    return {
      ...row,
      pid: pidOf(number),
      parentPid: parent === undefined ? 0 : pidOf(parent),
      state: waits ? 'sleeping' : row.state,
    }
  }

  get kernelSlot(): number | undefined {
    return this.place?.slot
  }

  override async pause(): Promise<void> {
    this.#paused = true
    // Those beside it first: what they ask is still answered.
    const others = [...this.#members].map((exec) => exec.pause())
    await Promise.all([...others, super.pause()])
  }

  override unpause(): void {
    this.#paused = false
    super.unpause()
    for (const exec of this.#members) exec.unpause()
  }

  exec(job: ExecJob): ExecProcess {
    const refused = this.isOver ? processGone() : undefined
    const exec = this.#parts.startExec(job, this, refused)
    if (!exec.isOver) this.#join(exec)
    return exec
  }

  #join(member: CellMember): void {
    this.#members.add(member)
    if (this.#paused) void member.pause()
    void member.left.then(() => {
      this.#members.delete(member)
      this.settleWhenDry()
    })
  }

  /** Its kernel wants one more process, or another program for one of those it has. */
  order(order: Order): void {
    void this.#carryOut(order).then((errno) => {
      if (errno === undefined) return
      const answer = { ok: false, errno } as const
      this.ask({ verb: 'ordered', order: order.order, answer }).catch(() => {})
    })
  }

  async #carryOut(order: Order): Promise<Failure | 'bytes' | undefined> {
    const { programs, startChild, root } = this.#parts
    const scope = { root: root.key, container: this.pid }
    const module = await programs.find(scope, order)
    if (typeof module !== 'object') return module
    if (this.isOver) return Errno.SRCH
    const { args, environment, pipes } = order
    const native = isNative(module.manifest)
    if (order.replaces !== undefined) return this.#replace(order, module, native)
    const child = startChild({
      container: this,
      module,
      order: order.order,
      args,
      environment,
      native,
      pipes,
    })
    if (child === undefined) return Errno.AGAIN
    if (!child.isOver) this.#join(child)
    return undefined
  }

  #replace(order: Order, module: SeatTask['module'], native: boolean): Failure | undefined {
    const target =
      order.replaces === INIT
        ? this
        : [...this.#members].find(({ number }) => number === order.replaces)
    const seat = target?.place
    if (seat === undefined) return Errno.SRCH
    seat.become(module)
    const answer = { ok: true, native, child: undefined } as const
    this.ask({ verb: 'ordered', order: order.order, answer }).catch(() => {})
    return undefined
  }

  update(limits: Partial<Limits>): void {
    if (this.isOver) return
    this.#guest = { ...this.#guest, limits: { ...this.#guest.limits, ...limits } }
    if (this.begun) this.place?.update(limits)
    for (const exec of this.#members) exec.update(limits)
  }

  protected exitOf(outcome: Extract<ProcessOutcome, { ok: true }> | Lost): CellExit {
    if (outcome.ok === true) {
      const { report, files, filesLoss, layerLoss } = outcome
      const { exitCode, reason, message, oomKilled } = report
      const usage = this.#account.usage(report.usage)
      return { exitCode, reason, message, oomKilled, usage, files, filesLoss, layerLoss }
    }
    const lost = exitWithoutReport(this.condemned, 'worker', this.#seated && this.keepsFiles)
    return { ...lost, usage: this.#account.usage(lost.usage) }
  }
}
