import { EngineError } from '../../contract/errors.ts'

export const invalidModule = (reason: string): EngineError =>
  new EngineError('INVALID_MODULE', reason)

const malformed = (reason: string): EngineError => invalidModule(`exec format error: ${reason}`)

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Reads a module's bytes. Nothing is taken on trust: every read is checked against the end. */
export class Reader {
  readonly bytes: Uint8Array
  readonly end: number
  at: number

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  get done(): boolean {
    return this.at >= this.end
  }

  byte(): number {
    const value = this.at < this.end ? this.bytes[this.at] : undefined
    if (value === undefined) throw malformed(`unexpected end of module at byte ${this.at}`)
    this.at += 1
    return value
  }

  skip(count: number): void {
    if (count > this.end - this.at) {
      throw malformed(`unexpected end of module at byte ${this.end}`)
    }
    this.at += count
  }

  /** An unsigned number of up to 32 bits, in at most 5 bytes. */
  u32(): number {
    const first = this.at < this.end ? this.bytes[this.at] : undefined
    if (first !== undefined && first < 0x80) {
      this.at += 1
      return first
    }
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) {
        if (value >= 2 ** 32) break
        return value
      }
    }
    throw malformed(`number out of range at byte ${this.at}`)
  }

  /** Passes over a signed number in at most `most` bytes. */
  skipSigned(most: number): void {
    for (let count = 0; count < most; count += 1) if (this.byte() < 0x80) return
    throw malformed(`number out of range at byte ${this.at}`)
  }

  /** A signed number of 32 bits, in at most 5 bytes. */
  s32(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      value |= (byte & 0x7f) << shift
      if (byte >= 0x80) continue
      return shift < 28 && (byte & 0x40) !== 0 ? value | (-1 << (shift + 7)) : value
    }
    throw malformed(`number out of range at byte ${this.at}`)
  }

  /** A signed number of 33 bits: a block type. */
  s33(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return (byte & 0x40) === 0 ? value : value - 2 ** (shift + 7)
    }
    throw malformed(`number out of range at byte ${this.at}`)
  }

  /** How many items follow: never more than bytes are left, so that nothing is allocated for air. */
  count(what: string, limit: number): number {
    const count = this.u32()
    if (count > limit) throw invalidModule(`${count} ${what} exceed ${limit}`)
    if (count > this.end - this.at) {
      throw malformed(`unexpected end of module at byte ${this.end}`)
    }
    return count
  }

  name(): string {
    const length = this.u32()
    const from = this.at
    this.skip(length)
    try {
      return decoder.decode(this.bytes.subarray(from, from + length))
    } catch {
      throw malformed(`a name at byte ${from} is not UTF-8`)
    }
  }

  /** A reader of the next `length` bytes, which this one passes over. */
  part(length: number): Reader {
    const from = this.at
    this.skip(length)
    return new Reader(this.bytes, from, from + length)
  }
}
