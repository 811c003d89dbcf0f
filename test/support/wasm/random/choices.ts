/** A generator of 32-bit numbers that is the same everywhere. @source Marsaglia, xorshift32 */
function numbersFrom(seed: number): () => number {
  let state = (Math.imul(seed + 1, 0x9e3779b1) | 1) >>> 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
}

/**
 * The decisions of whoever generates something. They are recorded, and can be given again: a list
 * that is shorter or smaller makes something simpler, because 0 is always the simplest decision and
 * behind the end of the list every decision is 0.
 */
export class Choices {
  readonly #next: () => number
  readonly made: number[] = []

  private constructor(next: () => number) {
    this.#next = next
  }

  static seeded(seed: number): Choices {
    return new Choices(numbersFrom(seed))
  }

  static given(list: readonly number[]): Choices {
    let at = 0
    return new Choices(() => {
      at += 1
      return list[at - 1] ?? 0
    })
  }

  /** 0 to `bound` - 1. */
  below(bound: number): number {
    // What is no choice is not recorded: who is given a list does not look at it then.
    if (bound <= 1) return 0
    const choice = this.#next() % bound
    this.made.push(choice)
    return choice
  }

  from<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)]
    if (item === undefined) throw new TypeError('nothing to choose from')
    return item
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent
  }
}

/** Bounds the time one failure may take to shrink. */
const MOST_ATTEMPTS = 2_000

class Shrinking {
  best: readonly number[]
  readonly #fails: (list: readonly number[]) => boolean
  #attempts = 0

  constructor(list: readonly number[], fails: (list: readonly number[]) => boolean) {
    this.best = list
    this.#fails = fails
  }

  get tired(): boolean {
    return this.#attempts >= MOST_ATTEMPTS
  }

  #attempt(candidate: readonly number[]): boolean {
    this.#attempts += 1
    if (this.tired || !this.#fails(candidate)) return false
    this.best = candidate
    return true
  }

  takeOut(size: number): void {
    for (let at = 0; at < this.best.length && !this.tired; ) {
      const without = [...this.best.slice(0, at), ...this.best.slice(at + size)]
      if (!this.#attempt(without)) at += size
    }
  }

  lower(): void {
    for (let at = 0; at < this.best.length && !this.tired; at += 1) {
      let value = this.best[at] ?? 0
      while (value > 0) {
        value = Math.floor(value / 2)
        if (!this.#attempt(this.best.with(at, value))) break
      }
    }
  }
}

/**
 * Makes a list of choices as short and small as it gets while `fails` holds: pieces are taken out,
 * then numbers are lowered, until nothing helps.
 */
export function shrink(
  list: readonly number[],
  fails: (list: readonly number[]) => boolean,
): readonly number[] {
  const shrinking = new Shrinking(list, fails)
  let before: readonly number[] | undefined
  while (before !== shrinking.best && !shrinking.tired) {
    before = shrinking.best
    for (let size = Math.ceil(before.length / 2); size >= 1; size = Math.floor(size / 2)) {
      shrinking.takeOut(size)
    }
    shrinking.lower()
  }
  return shrinking.best
}
