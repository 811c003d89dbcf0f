import { EngineError } from '../../../contract/errors.ts'
import { type Exec, endOf, isRunning, type RunningExec } from './exec.ts'

/** Docker sweeps each 5 min, and removes at the next sweep what had ended at the one before. */
const REMOVABLE_AFTER_MS = 5 * 60_000
const KEPT_MS = 2 * REMOVABLE_AFTER_MS
/** Nobody reads the ends of so many; a client that only ever starts must not fill the memory. */
const MOST_ENDED = 1_000
const MOST_LIVE = 1_000

const ageOf = (exec: Exec, now: Date): number =>
  now.getTime() - (endOf(exec)?.endedAt ?? now).getTime()

/** Whether Docker's next sweep takes it. */
export const isRemovable = (exec: Exec, now: Date): boolean => ageOf(exec, now) > REMOVABLE_AFTER_MS

/** The execs of one container, oldest first. Those that have ended stay for a while. */
export class Execs {
  readonly #byId = new Map<string, Exec>()

  /** @throws EngineError `NO_FREE_SLOT`. */
  add(exec: Exec, now: Date): void {
    this.#sweep(now)
    if (this.live().length >= MOST_LIVE) {
      throw new EngineError('NO_FREE_SLOT', `a container has at most ${MOST_LIVE} execs`)
    }
    this.#byId.set(exec.id, exec)
  }

  get(id: string, now: Date): Exec | undefined {
    this.#sweep(now)
    return this.#byId.get(id)
  }

  /** Those that have not ended: Docker's `ExecIDs`. */
  live(): readonly Exec[] {
    return [...this.#byId.values()].filter((exec) => endOf(exec) === undefined)
  }

  running(): readonly RunningExec[] {
    return [...this.#byId.values()].filter(isRunning)
  }

  /** The container has ended: what was not started will never be. */
  cutOff(): void {
    for (const exec of this.live()) {
      if (exec.state.status === 'created') this.#byId.delete(exec.id)
    }
  }

  #sweep(now: Date): void {
    const ended = [...this.#byId.values()].filter((exec) => endOf(exec) !== undefined)
    for (const [index, exec] of ended.entries()) {
      const tooMany = index < ended.length - MOST_ENDED
      if (tooMany || ageOf(exec, now) > KEPT_MS) this.#byId.delete(exec.id)
    }
  }
}
