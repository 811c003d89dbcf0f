import { type Immediate, OPCODES, type Opcode, prefixed } from '../../../src/wasm/decode/opcodes.ts'

/** One instruction of valid code: bytes at .. next. */
export interface Instruction {
  readonly opcode: Opcode
  readonly code: number
  readonly at: number
  readonly next: number
}

/** A reading position in bytes that are known to be valid. */
export class Cursor {
  readonly bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes
    this.at = at
  }

  byte(): number {
    const value = this.bytes[this.at] ?? 0
    this.at += 1
    return value
  }

  u32(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }

  name(): string {
    const length = this.u32()
    this.at += length
    return Buffer.from(this.bytes.subarray(this.at - length, this.at)).toString()
  }
}

const numbers =
  (count: number) =>
  (cursor: Cursor): void => {
    for (let index = 0; index < count; index += 1) cursor.u32()
  }
const bytes =
  (count: number) =>
  (cursor: Cursor): void => {
    cursor.at += count
  }

/** How to pass over each kind of immediate. A signed number is as long as an unsigned one. */
const SKIP: Readonly<Record<Immediate, (cursor: Cursor) => void>> = {
  none: () => {},
  index: numbers(1),
  'two-indices': numbers(2),
  'block-type': numbers(1),
  'branch-table': (cursor) => numbers(cursor.u32() + 1)(cursor),
  'memory-access': numbers(2),
  'memory-access-lane': (cursor) => {
    numbers(2)(cursor)
    cursor.byte()
  },
  'memory-zero': bytes(1),
  'two-memory-zeros': bytes(2),
  'index-memory-zero': numbers(2),
  i32: numbers(1),
  i64: numbers(1),
  f32: bytes(4),
  f64: bytes(8),
  v128: bytes(16),
  lane: bytes(1),
  'value-types': (cursor) => bytes(cursor.u32())(cursor),
  'heap-type': numbers(1),
  'try-table': (cursor) => {
    cursor.u32()
    const clauses = cursor.u32()
    for (let clause = 0; clause < clauses; clause += 1) numbers(cursor.byte() < 2 ? 2 : 1)(cursor)
  },
}

/** The instructions of one function's code, the last `end` included. */
export function* instructionsOf(
  source: Uint8Array,
  from: number,
  to: number,
): Iterable<Instruction> {
  const cursor = new Cursor(source, from)
  while (cursor.at < to) {
    const at = cursor.at
    const first = cursor.byte()
    const code = first === 0xfc || first === 0xfd ? prefixed(first, cursor.u32()) : first
    const opcode = OPCODES.get(code)
    if (opcode === undefined) throw new TypeError(`no opcode 0x${code.toString(16)} at ${at}`)
    SKIP[opcode.immediate](cursor)
    yield { opcode, code, at, next: cursor.at }
  }
}
