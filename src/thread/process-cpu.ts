import type { CpuClock } from '../contract/clock.ts'
import type { CpuController, CpuUsage } from '../kernel/cgroup/cpu.ts'
import type { Waiter } from './guest-ports.ts'
import type { CpuSeat } from './run-queue.ts'

const US_PER_MS = 1_000
/** Safepoints that follow closer than this share a reading of the CPU clock. */
const READ_EVERY_MS = 0.5
/** And what others are told is no older: the clock costs 2.6 µs. */
const TELL_EVERY_MS = 1

/** Why a process must rest: its container's quota is used up until then (ms), or others go first. */
export type Hold = { readonly until: number } | 'turn'

/** The account of its container. */
export type Bandwidth = Pick<CpuController, 'bounded' | 'spend' | 'rested'>

/** The CPU time of one process: counted from its own thread, and paid into its container's account. */
export class ProcessCpu {
  readonly #clock: CpuClock
  readonly #controller: Bandwidth
  /** Undefined where nobody competes. */
  readonly #seat: CpuSeat | undefined
  readonly #firstTotal: number
  /** Undefined: it has used so little that nothing of it would be told. */
  #firstSystem: number | undefined
  #sleptUs = 0
  /** What it had used when it last paid; undefined: nobody pays. */
  #paid: number | undefined
  #toldMs = 0
  #toldAt = Number.NEGATIVE_INFINITY
  /** What it had used when it last competed; undefined: it does not. */
  #competedFrom: number | undefined
  #readAt = Number.NEGATIVE_INFINITY
  #servedAt = Number.NEGATIVE_INFINITY

  constructor(clock: CpuClock, controller: Bandwidth, seat: CpuSeat | undefined) {
    this.#clock = clock
    this.#controller = controller
    this.#seat = seat
    this.#firstTotal = clock.total()
    this.#paid = controller.bounded ? 0 : undefined
  }

  #total(): number {
    const slept = this.#clock.countsSleep ? this.#sleptUs : 0
    return Math.max(0, this.#clock.total() - this.#firstTotal - slept)
  }

  /** @param now - ms. */
  used(now: number): Pick<CpuUsage, 'userUs' | 'systemUs'> {
    const total = this.#tell(now)
    const first = this.#firstSystem
    const system = first === undefined ? 0 : Math.min(total, this.#clock.system() - first)
    return { userUs: Math.round(total - system), systemUs: Math.round(system) }
  }

  /** Milliseconds it has used, as of a moment before `now` (ms). */
  usedMs(now: number): number {
    if (now - this.#toldAt >= TELL_EVERY_MS) this.#tell(now)
    return this.#toldMs
  }

  #tell(now: number): number {
    const total = this.#total()
    this.#toldAt = now
    this.#toldMs = total / US_PER_MS
    // From the first millisecond on: it is told in steps of several, and costs more to ask for.
    if (total >= US_PER_MS) this.#firstSystem ??= this.#clock.system()
    return total
  }

  /** What there is to account for, if it is time to; what was used while nobody asked is nobody's loss. */
  #asked(now: number): { readonly contended: boolean; readonly bounded: boolean } | undefined {
    const contended = this.#seat?.contended ?? false
    const { bounded } = this.#controller
    if (!contended) this.#competedFrom = undefined
    if (!bounded) this.#paid = undefined
    if (!(contended || bounded) || now - this.#readAt < READ_EVERY_MS) return undefined
    this.#readAt = now
    return { contended, bounded }
  }

  /** Until when (ms) its container must rest. */
  #pay(total: number, now: number): number | undefined {
    const until = this.#controller.spend(total - (this.#paid ?? total), now * US_PER_MS)
    this.#paid = total
    return until
  }

  /** µs since it began to compete, or since the last time. */
  #competed(total: number): number {
    const used = total - (this.#competedFrom ?? total)
    this.#competedFrom = total
    return used
  }

  /** At a safepoint, at `now` (ms): why it must rest; undefined: it may run on. */
  visit(now: number): Hold | undefined {
    const asked = this.#asked(now)
    if (asked === undefined) return undefined
    const total = this.#total()
    const until = asked.bounded ? this.#pay(total, now) : undefined
    if (until !== undefined) return { until: until / US_PER_MS }
    if (!asked.contended) return undefined
    return this.#seat?.advance(this.#competed(total), now) === true ? 'turn' : undefined
  }

  /** It has worked for others of its container, in its sleep: the container pays, and they are held. */
  served(now: number): void {
    // Where sleep is counted, it is known only when it is over.
    if (this.#clock.countsSleep || now - this.#servedAt < READ_EVERY_MS) return
    this.#servedAt = now
    const asked = this.#asked(now)
    if (asked === undefined) return
    const total = this.#total()
    if (asked.bounded) this.#pay(total, now)
    if (asked.contended) this.#seat?.charge(this.#competed(total))
  }

  /** µs that were used and not yet paid. */
  get unpaid(): number {
    const total = this.#total()
    return this.#controller.bounded ? total - (this.#paid ?? total) : 0
  }

  /** Of its container, which is PID 1's to say. */
  setShares(shares: number): void {
    this.#seat?.setShares(shares)
  }

  /** Lets others go first, until it is its turn again or `stop` holds. */
  waitForTurn(waiter: Waiter, stop: () => boolean): void {
    this.#seat?.waitForTurn((changed, deadline) => waiter.park(changed, deadline), stop)
  }

  /** From its start on it wants to run, until `leave`. Times are ms. */
  begin(now: number): void {
    this.enter(now)
    if (this.#seat?.contended === true) this.#competedFrom = this.#total()
  }

  /** And from now on again. */
  enter(now: number): void {
    this.#seat?.enter(now)
  }

  /** It sleeps. */
  leave(now: number): void {
    this.#seat?.leave(now)
  }

  /** It has ended: many short processes are no way past their container's shares. */
  end(now: number): void {
    if (this.#seat?.contended === true) this.#seat.charge(this.#competed(this.#total()))
    this.leave(now)
  }

  /** The thread slept for `ms`. */
  slept(ms: number): void {
    this.#sleptUs += ms * US_PER_MS
  }

  /** It slept because it was held. */
  rested(ms: number): void {
    this.#readAt = Number.NEGATIVE_INFINITY
    this.#controller.rested(ms * US_PER_MS)
  }
}
