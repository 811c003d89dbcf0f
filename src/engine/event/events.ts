import type { EngineEvent } from '../../contract/event.ts'

/** How many are kept for `since`. @source engine API reference, 8 */
const KEPT = 256
const NS_PER_MS = 1_000_000n

export type EventListener = (event: EngineEvent) => void

/** What happened in an engine, in order: the last ones are kept, all are told as they come. */
export class Events {
  readonly #now: () => number
  readonly #kept: EngineEvent[] = []
  readonly #listeners = new Set<EventListener>()
  #last = 0n

  /** @param now - ms since 1970. */
  constructor(now: () => number) {
    this.#now = now
  }

  publish(event: Omit<EngineEvent, 'timeNano'>): void {
    const time = BigInt(Math.trunc(this.#now())) * NS_PER_MS
    this.#last = time > this.#last ? time : this.#last + 1n
    const stamped = { ...event, timeNano: this.#last }
    this.#kept.push(stamped)
    if (this.#kept.length > KEPT) this.#kept.shift()
    for (const listener of this.#listeners) listener(stamped)
  }

  /** Those kept, oldest first. */
  recent(): readonly EngineEvent[] {
    return [...this.#kept]
  }

  /** @returns a function that ends the subscription. A listener must not throw. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
