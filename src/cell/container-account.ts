import type { ContainerStats } from '../contract/cell.ts'
import type { Usage } from '../contract/exit.ts'

/** What one process has used, and what its container has used in all. */
type Spent = Pick<Usage, 'cpuMs' | 'fuel'>

const US_PER_MS = 1_000
const usOf = (ms: number): number => Math.round(ms * US_PER_MS)

/** What the processes of a container have used together. What one has used stays when it ends. */
export class ContainerAccount {
  /** Whole µs, as they are told: sums of them are exact, and never fall. */
  #cpuUs = 0
  #fuel = 0n

  /** A process beside PID 1 has ended. */
  ended({ cpuMs, fuel }: Spent): void {
    this.#cpuUs += usOf(cpuMs)
    this.#fuel += fuel
  }

  /** @param own - PID 1's. @param beside - of those that run beside it. */
  stats(own: ContainerStats, beside: readonly Spent[]): ContainerStats {
    return { ...own, ...this.#sum([own, ...beside]) }
  }

  /** Once all have ended. @param own - PID 1's. */
  usage(own: Usage): Usage {
    if (this.#cpuUs === 0 && this.#fuel === 0n) return own
    return { ...own, ...this.#sum([own]) }
  }

  #sum(more: readonly Spent[]): Spent {
    return {
      cpuMs: more.reduce((sum, { cpuMs }) => sum + usOf(cpuMs), this.#cpuUs) / US_PER_MS,
      fuel: more.reduce((sum, { fuel }) => sum + fuel, this.#fuel),
    }
  }
}
