/**
 * What a container may still use, drawn from by all of its processes.
 *
 *   i64 0     LEFT    units that nobody has taken; negative: overdrawn   any of them, by compareExchange
 *   i32 2     OPEN    processes that draw from it                        each +1, and -1 at its end
 *   i32 3     SPENT   1: somebody found nothing                          whoever did, for good
 *
 * A process takes units before it uses them and puts back what it did not use, so LEFT and what the
 * processes hold is always what the container has left. One whose thread dies puts nothing back.
 */
const WIDE = { LEFT: 0 } as const
const WORD = { OPEN: 2, SPENT: 3 } as const
const BYTES = 16

/** Less is not worth a look at the pool: some µs of a guest. */
const SMALLEST_PORTION = 50_000n

/** More is no limit that anybody meets. */
const MOST = 2n ** 62n

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/** Units of fuel are weighted instructions. */
export class FuelPool {
  readonly memory: SharedArrayBuffer
  readonly #wide: BigInt64Array
  readonly #words: Int32Array

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.#wide = new BigInt64Array(memory)
    this.#words = new Int32Array(memory)
  }

  static of(limit: bigint): FuelPool {
    const pool = new FuelPool(new SharedArrayBuffer(BYTES))
    Atomics.store(pool.#wide, WIDE.LEFT, min(limit, MOST))
    return pool
  }

  /** One more process draws from it, until `close`. */
  open(): void {
    Atomics.add(this.#words, WORD.OPEN, 1)
  }

  close(): void {
    Atomics.sub(this.#words, WORD.OPEN, 1)
  }

  /** Units that nobody has taken. */
  get left(): bigint {
    return Atomics.load(this.#wide, WIDE.LEFT)
  }

  /**
   * How much of `wanted` one process should take at once. Alone it takes all; else each takes so little
   * that nobody finds the pool empty while others hold much of it.
   */
  portion(wanted: bigint): bigint {
    const open = Atomics.load(this.#words, WORD.OPEN)
    if (open <= 1) return wanted
    return min(wanted, max(this.left / (2n * BigInt(open)), SMALLEST_PORTION))
  }

  /** Takes what there is, up to `wanted`. Nothing once the pool is spent. */
  take(wanted: bigint): bigint {
    for (;;) {
      const { left } = this
      if (left <= 0n || this.spent) return 0n
      const taken = min(wanted, left)
      if (Atomics.compareExchange(this.#wide, WIDE.LEFT, left, left - taken) === left) return taken
    }
  }

  /** Gives back what was taken and not used; negative: pays what was used and not taken. */
  put(units: bigint): void {
    Atomics.add(this.#wide, WIDE.LEFT, units)
  }

  /** Somebody needs more than there is: nobody gets any more. */
  spend(): void {
    Atomics.store(this.#words, WORD.SPENT, 1)
  }

  get spent(): boolean {
    return Atomics.load(this.#words, WORD.SPENT) !== 0
  }
}
