import type { OffsetMap } from './offset-map.ts'
import { OP, VOID } from './op.ts'
import { Writer } from './writer.ts'

/** Code under construction, as one writes it down. */
export class Code extends Writer {
  /** Where the `if` stand whose condition hardly ever holds. */
  readonly unlikely: number[] = []
  readonly #offsets: OffsetMap | undefined

  /** @param offsets - is told what is copied from the original. */
  constructor(capacity?: number, offsets?: OffsetMap) {
    super(capacity)
    this.#offsets = offsets
  }

  override range(source: Uint8Array, from: number, to: number): this {
    if (to > from) this.#offsets?.copied(this.length, from, to - from)
    return super.range(source, from, to)
  }

  op(...bytes: readonly number[]): this {
    for (const byte of bytes) this.byte(byte)
    return this
  }

  get(local: number): this {
    return this.byte(OP.localGet).u32(local)
  }

  set(local: number): this {
    return this.byte(OP.localSet).u32(local)
  }

  tee(local: number): this {
    return this.byte(OP.localTee).u32(local)
  }

  globalGet(global: number): this {
    return this.byte(OP.globalGet).u32(global)
  }

  globalSet(global: number): this {
    return this.byte(OP.globalSet).u32(global)
  }

  i32(value: number): this {
    return this.byte(OP.i32Const).signed(value)
  }

  i64(value: number): this {
    return this.byte(OP.i64Const).signed(value)
  }

  call(index: number): this {
    return this.byte(OP.call).u32(index)
  }

  /** An `if` whose slow side V8 should move out of the way. `type`: of what it takes and gives. */
  unlikelyIf(type?: number): this {
    this.unlikely.push(this.length)
    this.byte(OP.if)
    return type === undefined ? this.byte(VOID) : this.signed(type)
  }

  /** An opcode of the 0xfc family and its immediates. */
  bulk(number: number, ...immediates: readonly number[]): this {
    this.byte(0xfc).u32(number)
    for (const immediate of immediates) this.u32(immediate)
    return this
  }

  override clear(): void {
    super.clear()
    this.unlikely.length = 0
  }
}
