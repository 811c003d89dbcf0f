const SIZE = 16
const MASK = SIZE - 1

/** One plain instruction: its opcode, its index or constant, and where it stands. */
export interface Instruction {
  readonly code: number
  readonly value: number
  readonly at: number
}

/** The last plain instructions in a row: enough to see how a loop counts. */
export class RecentCode {
  readonly #codes = new Uint16Array(SIZE)
  readonly #values = new Float64Array(SIZE)
  readonly #ats = new Uint32Array(SIZE)
  #count = 0
  /** How many of them stand before the last pause. */
  #paused = 0

  record(code: number, value: number, at: number): void {
    const place = this.#count & MASK
    this.#codes[place] = code
    this.#values[place] = value
    this.#ats[place] = at
    this.#count += 1
  }

  clear(): void {
    this.#count = 0
    this.#paused = 0
  }

  /** Code may be put in here: what stands before cannot be moved together with what follows. */
  pause(): void {
    this.#paused = this.#count
  }

  /** The opcode of the `steps`-th last one, wherever there was a pause; undefined if there is none. */
  opcode(steps: number): number | undefined {
    if (steps > this.#count || steps > SIZE) return undefined
    return this.#codes[(this.#count - steps) & MASK]
  }

  /** The same of its index or constant. */
  value(steps: number): number | undefined {
    if (steps > this.#count || steps > SIZE) return undefined
    return this.#values[(this.#count - steps) & MASK]
  }

  /** The `steps`-th last one, 1 being the last; undefined where there is none since a pause. */
  back(steps: number): Instruction | undefined {
    if (steps > this.#count - this.#paused || steps > SIZE) return undefined
    const place = (this.#count - steps) & MASK
    return {
      code: this.#codes[place] ?? 0,
      value: this.#values[place] ?? 0,
      at: this.#ats[place] ?? 0,
    }
  }
}
