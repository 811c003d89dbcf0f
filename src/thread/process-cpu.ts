import type { CpuClock } from '../contract/clock.ts'
import type { CpuController, CpuUsage } from '../kernel/cgroup/cpu.ts'

const US_PER_MS = 1_000
/** Safepoints that follow closer than this share a reading of the CPU clock. */
const READ_EVERY_MS = 0.5

/** The CPU time of one process: counted from its own thread, and paid into its container's account. */
export class ProcessCpu {
  readonly #clock: CpuClock
  readonly #controller: CpuController
  readonly #firstTotal: number
  readonly #firstSystem: number
  #sleptUs = 0
  #paid = 0
  #readAt = Number.NEGATIVE_INFINITY

  constructor(clock: CpuClock, controller: CpuController) {
    this.#clock = clock
    this.#controller = controller
    this.#firstTotal = clock.total()
    this.#firstSystem = clock.system()
  }

  #total(): number {
    const slept = this.#clock.countsSleep ? this.#sleptUs : 0
    return Math.max(0, this.#clock.total() - this.#firstTotal - slept)
  }

  used(): Pick<CpuUsage, 'userUs' | 'systemUs'> {
    const total = this.#total()
    const system = Math.min(total, this.#clock.system() - this.#firstSystem)
    return { userUs: Math.round(total - system), systemUs: Math.round(system) }
  }

  /** At a safepoint, at `now` (ms): until when the process must rest; undefined: it may run on. */
  heldUntil(now: number): number | undefined {
    if (!this.#controller.bounded || now - this.#readAt < READ_EVERY_MS) return undefined
    this.#readAt = now
    const total = this.#total()
    const until = this.#controller.spend(total - this.#paid, now * US_PER_MS)
    this.#paid = total
    return until === undefined ? undefined : until / US_PER_MS
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
