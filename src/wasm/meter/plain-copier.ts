import type { Code } from './code.ts'

/** Copies plain instructions. In the pass form the guest's first local has another index. */
export class PlainCopier {
  readonly #code: Code
  readonly #source: Uint8Array
  readonly #uses: readonly number[]
  readonly #moved: number
  #next = 0

  constructor(code: Code, source: Uint8Array, uses: readonly number[], moved: number) {
    this.#code = code
    this.#source = source
    this.#uses = uses
    this.#moved = moved
  }

  range(from: number, to: number): void {
    let at = from
    // Back to the start of a loop that is written several times.
    while ((this.#uses[this.#next - 1] ?? -1) >= from) this.#next -= 1
    while ((this.#uses[this.#next] ?? from) < from) this.#next += 1
    for (let use = this.#uses[this.#next]; use !== undefined && use < to; ) {
      this.#code.range(this.#source, at, use + 1).u32(this.#moved)
      at = use + 1
      while ((this.#source[at] ?? 0) >= 0x80) at += 1
      at += 1
      this.#next += 1
      use = this.#uses[this.#next]
    }
    this.#code.range(this.#source, at, to)
  }
}
