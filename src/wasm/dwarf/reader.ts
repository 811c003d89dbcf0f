import { invalidModule, Reader } from '../decode/reader.ts'

/** Bytes of the longest number: 64 bits. */
const LONGEST_LEB = 10
const WIDE = 2 ** 32

const decoder = new TextDecoder()

/** Reads debug information. Numbers past 2^53 lose their low bits: no place in a module needs them. */
export class DebugReader extends Reader {
  /** A little-endian number of `size` bytes. */
  fixed(size: number): number {
    let value = 0
    for (let place = 0; place < size; place += 1) value += this.byte() * 2 ** (8 * place)
    return value
  }

  signedByte(): number {
    return (this.byte() << 24) >> 24
  }

  unsigned(): number {
    let value = 0
    for (let place = 0; place < LONGEST_LEB; place += 1) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** (7 * place)
      if (byte < 0x80) return value
    }
    throw invalidModule('a number of the debug information is out of range')
  }

  signed(): number {
    const from = this.at
    const value = this.unsigned()
    const bytes = this.at - from
    const negative = ((this.bytes[this.at - 1] ?? 0) & 0x40) !== 0
    return negative ? value - 2 ** (7 * bytes) : value
  }

  /** A text up to its NUL, which this passes over. */
  text(): string {
    const from = this.at
    while (this.byte() !== 0);
    return decoder.decode(this.bytes.subarray(from, this.at - 1))
  }

  /** A reader of the same bytes that starts at another place. */
  from(at: number): DebugReader {
    return new DebugReader(this.bytes, at, this.end)
  }

  /** The next unit, whose length stands in front of it. Those of 64 bits no tool writes for wasm32. */
  unit(): DebugReader {
    return this.piece(this.fixed(4))
  }

  /** The next `length` bytes, which this passes over. */
  piece(length: number): DebugReader {
    const { at, end } = this.part(length)
    return new DebugReader(this.bytes, at, end)
  }
}

/** An address is 32 bits, and so is what is added to one. */
export const address = (value: number): number => ((value % WIDE) + WIDE) % WIDE
