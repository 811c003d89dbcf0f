/** As those see it who only look. */
export type ReadonlyRoll<T> = Omit<Roll<T>, 'add' | 'delete'>

/**
 * Who is there, in the order in which they came: a set for members that come and go all the time.
 *
 * A `Set` or `Map` of V8 gets a new table every few changes, and each table leads to the next. Once one of
 * them has grown old, it keeps all later ones, and whoever stood in them, until the next full collection.
 */
export class Roll<T> {
  readonly #all: T[] = []

  get size(): number {
    return this.#all.length
  }

  /** Nobody is to be added twice. */
  add(one: T): void {
    this.#all.push(one)
  }

  has(one: T): boolean {
    return this.#all.includes(one)
  }

  /** False: it is not there. */
  delete(one: T): boolean {
    const at = this.#all.indexOf(one)
    if (at !== -1) this.#all.splice(at, 1)
    return at !== -1
  }

  get first(): T | undefined {
    return this.#all[0]
  }

  /** Those that are there now, whatever becomes of them meanwhile. */
  [Symbol.iterator](): Iterator<T> {
    return [...this.#all][Symbol.iterator]()
  }
}
