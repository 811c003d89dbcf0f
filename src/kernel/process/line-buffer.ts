/** Bytes that are typed and not read. The last place is for the end of a line. @source termios(3) */
const SIZE = 4_096
const MOST = SIZE - 1

/** What stands behind a byte: nothing, the end of a line, or an end that is no byte of it (VEOF). */
const MARK = { none: 0, line: 1, end: 2 } as const

/** What a terminal has for its readers: lines, and behind them the one that is being typed. */
export class LineBuffer {
  readonly #bytes = new Uint8Array(SIZE)
  readonly #marks = new Uint8Array(SIZE)
  #length = 0
  /** Bytes of whole lines. */
  #committed = 0

  get length(): number {
    return this.#length
  }

  get isFull(): boolean {
    return this.#length >= MOST
  }

  get hasLine(): boolean {
    return this.#committed > 0
  }

  /** What is being typed. */
  get line(): Uint8Array {
    return this.#bytes.subarray(this.#committed, this.#length)
  }

  /** False: there is no room. */
  push(byte: number): boolean {
    if (this.isFull) return false
    this.#put(byte, MARK.none)
    return true
  }

  #put(byte: number, mark: number): void {
    this.#bytes[this.#length] = byte
    this.#marks[this.#length] = mark
    this.#length += 1
  }

  /** Ends the line with a byte of it, for which there is always room, or without one. */
  commit(byte: number | undefined): void {
    this.#put(byte ?? 0, byte === undefined ? MARK.end : MARK.line)
    this.#committed = this.#length
  }

  /** Takes back the last bytes of what is being typed. */
  drop(count: number): void {
    this.#length = Math.max(this.#committed, this.#length - count)
  }

  clear(): void {
    this.#length = 0
    this.#committed = 0
  }

  /** From now on there are no lines: all that is there are bytes. */
  unmark(): void {
    this.#marks.fill(MARK.none)
    this.#committed = 0
  }

  /** From now on there are: all that is there is one. */
  markAll(): void {
    this.unmark()
    if (this.#length === 0) return
    this.#marks[this.#length - 1] = MARK.line
    this.#committed = this.#length
  }

  /** Bytes of the first line. */
  get lineLength(): number {
    const { at, isByte } = this.#firstEnd()
    return isByte ? at + 1 : at
  }

  #firstEnd(): { readonly at: number; readonly isByte: boolean } {
    const at = this.#marks.subarray(0, this.#committed).findIndex((mark) => mark !== MARK.none)
    return { at: at === -1 ? this.#committed : at, isByte: this.#marks[at] === MARK.line }
  }

  /** The first line, or as much of it as fits; its end goes with its last byte. Needs a line. */
  readLine(into: Uint8Array): number {
    const { at, isByte } = this.#firstEnd()
    const whole = isByte ? at + 1 : at
    const count = Math.min(whole, into.length)
    into.set(this.#bytes.subarray(0, count))
    this.#consume(count === whole && !isByte ? count + 1 : count)
    return count
  }

  /** As many bytes as fit. */
  read(into: Uint8Array): number {
    const count = Math.min(this.#length, into.length)
    into.set(this.#bytes.subarray(0, count))
    this.#consume(count)
    return count
  }

  #consume(count: number): void {
    this.#bytes.copyWithin(0, count, this.#length)
    this.#marks.copyWithin(0, count, this.#length)
    this.#length -= count
    this.#committed = Math.max(0, this.#committed - count)
  }
}
