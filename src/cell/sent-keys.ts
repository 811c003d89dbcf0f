import type { Shipment } from '../thread/process-task.ts'

/**
 * What one worker has been sent, by key. The sender alone decides what is kept: the worker drops what
 * it is told to, so that both always agree.
 */
export class SentKeys<T> {
  readonly #keys = new Set<string>()
  readonly #capacity: number

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  ship(key: string, value: T): Shipment<T> {
    // A Set keeps the order of insertion: the last one used goes to its end.
    if (this.#keys.delete(key)) {
      this.#keys.add(key)
      return { key, value: undefined, drop: undefined }
    }
    const [oldest] = this.#keys
    const drop = this.#keys.size >= this.#capacity ? oldest : undefined
    if (drop !== undefined) this.#keys.delete(drop)
    this.#keys.add(key)
    return { key, value, drop }
  }
}
