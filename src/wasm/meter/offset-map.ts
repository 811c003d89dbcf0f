import { Writer } from './writer.ts'

/**
 * Where the code of the original is in the rewritten module: what a trap's offset is resolved by.
 *
 * Of each function: bytes of the original from the last function's end to its first instruction, bytes
 * of the rewritten body, bytes of its steps, its steps. A step is three numbers: bytes that are the
 * same in both, then bytes that only the rewritten body has, times two, then, where that number is
 * made odd, bytes of the original that they stand for: a signed number, since a loop that is written
 * several times starts again.
 */
export class OffsetMap {
  readonly #steps = new Writer()
  readonly #functions: Writer
  #originalEnd = 0
  /** Of the present function: how far both are described, and bytes that are the same before. */
  #from = 0
  #rewritten = 0
  #original = 0
  #same = 0

  constructor(capacity: number) {
    this.#functions = new Writer(capacity)
  }

  /** The first instruction of a body of the original stands there. */
  begin(original: number): void {
    this.#steps.clear()
    this.#from = original
    this.#rewritten = 0
    this.#original = original
    this.#same = 0
  }

  /** The same `length` bytes are at both places; that of the rewritten body only grows. */
  copied(rewritten: number, original: number, length: number): void {
    const added = rewritten - this.#rewritten
    const skipped = original - this.#original
    if (added !== 0 || skipped !== 0) {
      this.#step(added, skipped)
      this.#same = 0
    }
    this.#same += length
    this.#rewritten = rewritten + length
    this.#original = original + length
  }

  #step(added: number, skipped: number): void {
    this.#steps.u32(this.#same).u32(2 * added + (skipped === 0 ? 0 : 1))
    if (skipped !== 0) this.#steps.signed(skipped)
  }

  /**
   * @param original - where the original body ends.
   * @param rewritten - bytes of the rewritten one.
   * @param declarations - bytes of it that stand in front of what was counted in `copied`.
   */
  end(original: number, rewritten: number, declarations: number): void {
    this.#step(rewritten - declarations - this.#rewritten, original - this.#original)
    this.#functions.u32(this.#from - this.#originalEnd).u32(rewritten)
    this.#functions.u32(declarations).sized(this.#steps)
    this.#originalEnd = original
  }

  /**
   * @param rewrittenCode - where the first body's size stands in the rewritten module.
   * @param originalCode - where the content of the code section starts in the original.
   */
  map(rewrittenCode: number, originalCode: number, importedFunctions: number): Uint8Array {
    const out = new Writer(this.#functions.length + 16).u32(rewrittenCode).u32(originalCode)
    return out.u32(importedFunctions).all(this.#functions.view()).view()
  }
}
