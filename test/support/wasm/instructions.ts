import { type Immediate, OPCODES, type Opcode, prefixed } from '../../../src/wasm/decode/opcodes.ts'
import { WEIGHTS } from '../../../src/wasm/decode/weights.ts'

/** One instruction of valid code: bytes at .. next. */
export interface Instruction {
  readonly opcode: Opcode
  /** Units it costs where it stands. */
  readonly weight: number
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

/** A local was stepped by a constant, and is compared or not: what stands before a branch that counts. */
const STEPPED =
  /i(32|64)\.const i(32|64)\.(add|sub) local\.tee( i(32|64)\.eqz|( (local\.get|i(32|64)\.const))? i(32|64)\.(eq|ne|[gl][et]_[su]))?$/
/** Instructions that the longest of these has. */
const LONGEST = 5

const OPENS: ReadonlySet<string> = new Set(['block', 'if', 'loop', 'try', 'try_table'])
const CLOSES: ReadonlySet<string> = new Set(['delegate', 'end'])

/** Whether a branch to a label goes back and counts, by the names of the instructions before it. */
const isCounted = (label: string | undefined, before: readonly string[]): boolean =>
  label === 'loop' && STEPPED.test(before.slice(-LONGEST).join(' '))

const BULK: ReadonlySet<string> = new Set(['memory.copy', 'memory.fill'])
const I32_CONST = 0x41
const LONGEST_CONSTANT = 4_096

/** What a bulk operation costs by its length where the instruction before it, at `at`, is a constant. */
function constantLength(source: Uint8Array, at: number, to: number): number {
  if (source[at] !== I32_CONST) return 0
  const cursor = new Cursor(source, at + 1)
  let value = 0
  let shift = 0
  for (; cursor.at < to; shift += 7) value |= (cursor.byte() & 0x7f) << shift
  const isNegative = shift < 35 && (value & (1 << (shift - 1))) !== 0
  return isNegative || value < 0 || value > LONGEST_CONSTANT ? 0 : value
}

/** Where an instruction stands: what is open around it, and what stands before it. */
interface Place {
  readonly at: number
  readonly open: readonly string[]
  readonly before: readonly string[]
  readonly last: number
}

/** What an instruction costs where it stands. */
function weightAt(opcode: Opcode, source: Uint8Array, { at, open, before, last }: Place): number {
  if (BULK.has(opcode.name)) return opcode.weight + constantLength(source, last, at)
  if (opcode.name !== 'br_if') return opcode.weight
  const label = open.at(-1 - new Cursor(source, at + 1).u32())
  return isCounted(label, before) ? WEIGHTS.countedBranch : opcode.weight
}

/** The instructions of one function's code, the last `end` included. */
export function* instructionsOf(
  source: Uint8Array,
  from: number,
  to: number,
): Iterable<Instruction> {
  const cursor = new Cursor(source, from)
  const before: string[] = []
  const open: string[] = []
  let last = from
  while (cursor.at < to) {
    const at = cursor.at
    const first = cursor.byte()
    const code = first === 0xfc || first === 0xfd ? prefixed(first, cursor.u32()) : first
    const opcode = OPCODES.get(code)
    if (opcode === undefined) throw new TypeError(`no opcode 0x${code.toString(16)} at ${at}`)
    SKIP[opcode.immediate](cursor)
    const weight = weightAt(opcode, source, { at, open, before, last })
    last = at
    before.push(opcode.name)
    if (OPENS.has(opcode.name)) open.push(opcode.name)
    if (CLOSES.has(opcode.name)) open.pop()
    yield { opcode, weight, code, at, next: cursor.at }
  }
}
