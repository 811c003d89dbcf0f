/** Bytes that are copied one by one: a view of them, or to set them at once, costs more. */
const SHORT = 32

/** Bytes of a module under construction. Grows as needed. */
export class Writer {
  #bytes: Uint8Array
  #length = 0

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  #room(count: number): void {
    const needed = this.#length + count
    if (needed <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }

  byte(value: number): this {
    this.#room(1)
    this.#bytes[this.#length] = value
    this.#length += 1
    return this
  }

  all(values: Uint8Array | readonly number[]): this {
    const { length } = values
    if (length <= SHORT) return this.#few(values, 0, length)
    this.#room(length)
    this.#bytes.set(values, this.#length)
    this.#length += length
    return this
  }

  /** Copies a range of another module. */
  range(source: Uint8Array, from: number, to: number): this {
    return to - from <= SHORT ? this.#few(source, from, to) : this.all(source.subarray(from, to))
  }

  #few(values: Uint8Array | readonly number[], from: number, to: number): this {
    if (to <= from) return this
    this.#room(to - from)
    for (let at = from; at < to; at += 1) this.#bytes[this.#length + at - from] = values[at] ?? 0
    this.#length += to - from
    return this
  }

  u32(value: number): this {
    let rest = value
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    return this.byte(rest)
  }

  /** A signed LEB of a safe integer. */
  signed(value: number): this {
    let rest = value
    for (;;) {
      const low = ((rest % 0x80) + 0x80) % 0x80
      rest = Math.floor(rest / 0x80)
      const last = (rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40)
      this.byte(last ? low : low | 0x80)
      if (last) return this
    }
  }

  name(text: string): this {
    const bytes = new TextEncoder().encode(text)
    return this.u32(bytes.length).all(bytes)
  }

  /** A section or a body: its size, then its bytes. */
  sized(part: Writer): this {
    return this.u32(part.length).all(part.view())
  }

  /** The bytes so far, not copied: valid until the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  clear(): void {
    this.#length = 0
  }
}
