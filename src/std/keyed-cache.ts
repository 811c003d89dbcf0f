/**
 * Values that are made once for each key, however many ask at the same time. A failure is forgotten,
 * so that the next one who asks tries again; beyond `capacity` the one asked for longest ago goes.
 */
export class KeyedCache<T> {
  readonly #entries = new Map<string, Promise<T>>()
  readonly #capacity: number
  readonly #dropped: (key: string) => void

  /** @param dropped - hears of what had to go for want of room. */
  constructor(capacity: number, dropped: (key: string) => void = () => {}) {
    this.#capacity = capacity
    this.#dropped = dropped
  }

  get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key)
    const value = known ?? make()
    // A Map keeps the order of insertion: the last one asked for goes to its end.
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (known === undefined) this.#forget(key, value)
    return value
  }

  #forget(key: string, value: Promise<T>): void {
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > this.#capacity && oldest !== undefined) {
      this.#entries.delete(oldest)
      this.#dropped(oldest)
    }
    value.catch(() => {
      if (this.#entries.get(key) === value) this.#entries.delete(key)
    })
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  get size(): number {
    return this.#entries.size
  }

  clear(): void {
    this.#entries.clear()
  }
}
