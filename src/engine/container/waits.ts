import type { Exit } from '../../contract/state.ts'
import { deferred } from '../../std/deferred.ts'

/** When a wait is over. @source engine API reference, 6.4 */
export type WaitCondition = 'not-running' | 'next-exit' | 'removed'

export interface WaitResult {
  readonly exitCode: number
  /** Why it did not end well; undefined when there is nothing to say. */
  readonly error: string | undefined
}

/** What those who wait for a run with this end are told. */
export const resultOf = (exit: Exit | undefined): WaitResult => ({
  exitCode: exit?.code ?? 0,
  error: exit?.error || undefined,
})

interface Waiter {
  readonly condition: WaitCondition
  resolve(result: WaitResult): void
}

/** Those who wait for one container. */
export class Waits {
  readonly #waiters = new Set<Waiter>()

  /** @param signal - the waiter has gone: it is forgotten, and the promise never settles. */
  add(condition: WaitCondition, signal?: AbortSignal): Promise<WaitResult> {
    const { promise, resolve } = deferred<WaitResult>()
    const waiter = { condition, resolve }
    this.#waiters.add(waiter)
    signal?.addEventListener('abort', () => this.#waiters.delete(waiter), { once: true })
    return promise
  }

  /** PID 1 ended, whether it is started again or not. */
  stopped(result: WaitResult): void {
    this.#wake(result, ({ condition }) => condition !== 'removed')
  }

  /** The container is gone, or its removal has failed. */
  removed(result: WaitResult): void {
    this.#wake(result, () => true)
  }

  #wake(result: WaitResult, concerns: (waiter: Waiter) => boolean): void {
    for (const waiter of this.#waiters) {
      if (!concerns(waiter)) continue
      this.#waiters.delete(waiter)
      waiter.resolve(result)
    }
  }

  get size(): number {
    return this.#waiters.size
  }
}
