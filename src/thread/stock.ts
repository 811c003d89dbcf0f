import type { Shipment } from './process-task.ts'

/** What a worker was sent before and need not be sent again. */
export class Stock<T> {
  readonly #values = new Map<string, T>()

  take({ key, value, drop }: Shipment<T>): T {
    if (drop !== undefined) this.#values.delete(drop)
    if (value !== undefined) this.#values.set(key, value)
    const found = this.#values.get(key)
    if (found === undefined) throw new TypeError(`${key} was never sent`)
    return found
  }
}
