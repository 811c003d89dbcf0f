import { untilAborted } from '../until-aborted.ts'

type Listener<P> = (progress: P) => void

interface Running<P, T> {
  readonly done: Promise<T>
  readonly controller: AbortController
  readonly listeners: Set<Listener<P>>
  waiting: number
}

/** How one of those who wait takes part. */
export interface Participation<P> {
  readonly onProgress?: Listener<P> | undefined
  /** Ends this one's waiting; the work goes on while somebody else waits. */
  readonly signal?: AbortSignal | undefined
}

/** Work that several ask for at once: done once, told to all, given up when nobody waits any more. */
export class SharedWork<P, T> {
  readonly #running = new Map<string, Running<P, T>>()

  /**
   * @param work - begun unless work of that key is under way; its signal says that all have left.
   * @throws what `work` throws; the reason of the participant's own signal.
   */
  async join(
    key: string,
    how: Participation<P>,
    work: (report: Listener<P>, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    how.signal?.throwIfAborted()
    const running = this.#running.get(key) ?? this.#start(key, work)
    const listener: Listener<P> = (progress) => how.onProgress?.(progress)
    running.waiting += 1
    running.listeners.add(listener)
    try {
      return await untilAborted(() => running.done, how.signal)
    } finally {
      running.waiting -= 1
      running.listeners.delete(listener)
      if (running.waiting === 0) await this.#end(key, running)
    }
  }

  #start(key: string, work: Parameters<SharedWork<P, T>['join']>[2]): Running<P, T> {
    const controller = new AbortController()
    const listeners = new Set<Listener<P>>()
    const report: Listener<P> = (progress) => {
      for (const listener of listeners) listener(progress)
    }
    const running = { done: work(report, controller.signal), controller, listeners, waiting: 0 }
    this.#running.set(key, running)
    return running
  }

  /** Who leaves last waits until the work has put everything down. */
  async #end(key: string, running: Running<P, T>): Promise<void> {
    if (this.#running.get(key) === running) this.#running.delete(key)
    running.controller.abort()
    await running.done.catch(() => {})
  }
}
