/**
 * Seats for processes. One is taken before a worker is asked for, so that nothing that runs ever
 * waits for something that is queued; it is given back when its last byte of output is consumed.
 */
export class Slots {
  readonly #free: number[]
  readonly #taken = new Set<number>()

  constructor(count: number) {
    this.#free = Array.from({ length: count }, (_, index) => count - 1 - index)
  }

  /** Undefined when every seat is taken. */
  reserve(): number | undefined {
    const slot = this.#free.pop()
    if (slot !== undefined) this.#taken.add(slot)
    return slot
  }

  /** A seat that is not taken is left alone: giving back twice must not seat two in one. */
  release(slot: number): void {
    if (this.#taken.delete(slot)) this.#free.push(slot)
  }

  get inUse(): number {
    return this.#taken.size
  }
}
