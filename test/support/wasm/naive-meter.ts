import {
  globalGet,
  globalSet,
  I32,
  I64,
  i64,
  localGet,
  localSet,
  text,
  u32,
  VOID,
} from './encoding.ts'
import { Cursor, type Instruction, instructionsOf } from './instructions.ts'
import { type BranchPadding, type Padding, paddingOf, type TablePadding } from './padding.ts'

/** Exported by a module that was metered naively: i64 globals that count up from 0. */
export const NAIVE_FUEL = 'naive:fuel'
/** How many exceptions were thrown, by whichever instruction. */
export const NAIVE_THROWN = 'naive:thrown'

/** What a wrong reference would do; only to see that a comparison with it fails. */
export interface Fault {
  /** More units for each execution of the instruction of this name. */
  readonly overcharge?: string
  /** Do not pad the ways of this instruction: an if, a br_if or a br_table. */
  readonly unpadded?: string
  /** Charge the first segment behind this instruction at the wrong place: not at all. */
  readonly forget?: string
}

const SECTION = { import: 2, function: 3, global: 6, export: 7, code: 10 } as const
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]
/** i64.extend_i32_u: a unit for each byte. */
const BYTES = [0xad]
/** i64.extend_i32_u, i64.shl by 9: 512 units for each entry. */
const ENTRIES = [0xad, 0x42, 9, 0x86]
/** They cost more by their last operand. */
const BY_LENGTH: ReadonlyMap<string, readonly number[]> = new Map([
  ...['memory.init', 'memory.copy', 'memory.fill'].map((name) => [name, BYTES] as const),
  ...['table.init', 'table.copy', 'table.fill'].map((name) => [name, ENTRIES] as const),
])
const BLOCK = 0x02
const END = 0x0b
const BR = 0x0c
const BR_TABLE = 0x0e
const SELECT = 0x1b
const MUTABLE = 1

type Section = { readonly from: number; readonly to: number }

function sectionsOf(bytes: Uint8Array): ReadonlyMap<number, Section> {
  const sections = new Map<number, Section>()
  const cursor = new Cursor(bytes, 8)
  while (cursor.at < bytes.length) {
    const id = cursor.byte()
    const size = cursor.u32()
    if (id !== 0) sections.set(id, { from: cursor.at, to: cursor.at + size })
    cursor.at += size
  }
  return sections
}

/** Passes over an import's type; true for a global. */
function skipImport(cursor: Cursor): boolean {
  cursor.name()
  cursor.name()
  const kind = cursor.byte()
  if (kind === 0) cursor.u32()
  else if (kind === 3) cursor.at += 2
  else if (kind === 4) {
    cursor.byte()
    cursor.u32()
  } else {
    if (kind === 1) cursor.byte()
    const limits = cursor.byte()
    cursor.u32()
    if ((limits & 1) === 1) cursor.u32()
  }
  return kind === 3
}

function globalsOf(bytes: Uint8Array, sections: ReadonlyMap<number, Section>): number {
  let globals = 0
  const imports = sections.get(SECTION.import)
  if (imports !== undefined) {
    const cursor = new Cursor(bytes, imports.from)
    for (let left = cursor.u32(); left > 0; left -= 1) if (skipImport(cursor)) globals += 1
  }
  const own = sections.get(SECTION.global)
  return globals + (own === undefined ? 0 : new Cursor(bytes, own.from).u32())
}

/** Number of parameters of each defined function. */
function parametersOf(bytes: Uint8Array, sections: ReadonlyMap<number, Section>): number[] {
  const types: number[] = []
  const cursor = new Cursor(bytes, sections.get(1)?.from ?? 0)
  for (let left = cursor.u32(); left > 0; left -= 1) {
    cursor.byte()
    const params = cursor.u32()
    cursor.at += params
    const results = cursor.u32()
    cursor.at += results
    types.push(params)
  }
  cursor.at = sections.get(SECTION.function)?.from ?? 0
  return Array.from({ length: cursor.u32() }, () => types[cursor.u32()] ?? 0)
}

/** Units by a condition that is in a local. */
const unitsOfBranch = ({ holds, fails }: BranchPadding, condition: number): number[] => [
  ...[...i64(holds), ...i64(fails), ...localGet(condition), SELECT],
]

/**
 * Units by the index of a br_table's entry that is in a local, as another br_table finds them: each
 * number has a block of its own to go to. Nothing where no way has any.
 */
function unitsOfTable({ entries }: TablePadding, index: number): number[] {
  const numbers = [...new Set(entries)]
  if (numbers.every((units) => units === 0)) return []
  const depths = new Map(numbers.map((units, depth) => [units, depth]))
  const targets = entries.flatMap((units) => u32(depths.get(units) ?? 0))
  return [
    ...[BLOCK, I64, ...numbers.flatMap(() => [BLOCK, VOID])],
    ...[...localGet(index), BR_TABLE, ...u32(entries.length - 1), ...targets],
    ...numbers.flatMap((units, place) => [
      ...[END, ...i64(units), BR, ...u32(numbers.length - 1 - place)],
    ]),
    END,
  ]
}

class BodyMeter {
  readonly #bytes: Uint8Array
  readonly #global: number
  readonly #fault: Fault
  #forget = false
  #padding: ReadonlyMap<number, Padding> = new Map()

  constructor(bytes: Uint8Array, global: number, fault: Fault) {
    this.#bytes = bytes
    this.#global = global
    this.#fault = fault
  }

  #add(global: number, amount: readonly number[]): number[] {
    return [...globalGet(global), ...amount, 0x7c, ...globalSet(global)]
  }

  #costOf({ opcode, weight }: Instruction): number {
    return weight + (opcode.name === this.#fault.overcharge ? 1 : 0)
  }

  /** Pays what a condition or an index decides, which is on the stack and stays there. */
  #pad({ opcode, at }: Instruction, temporary: number): number[] {
    const padding = this.#padding.get(at)
    if (padding === undefined || opcode.name === this.#fault.unpadded) return []
    const units =
      'entries' in padding ? unitsOfTable(padding, temporary) : unitsOfBranch(padding, temporary)
    if (units.length === 0) return []
    return [...localSet(temporary), ...this.#add(this.#global, units), ...localGet(temporary)]
  }

  /** A straight run of instructions that ends with one that is not plain, paid where it begins. */
  #segment(segment: readonly Instruction[], temporary: number): number[] {
    const last = segment.at(-1)
    if (last === undefined) return []
    const cost = segment.reduce((sum, instruction) => sum + this.#costOf(instruction), 0)
    const out = cost === 0 || this.#forget ? [] : this.#add(this.#global, i64(cost))
    this.#forget = last.opcode.name === this.#fault.forget
    for (let at = segment[0]?.at ?? 0; at < last.at; at += 1) out.push(this.#bytes[at] ?? 0)
    const isByLength = last.weight === last.opcode.weight
    const units = isByLength ? BY_LENGTH.get(last.opcode.name) : undefined
    if (units !== undefined) {
      const length = [...localGet(temporary), ...units]
      out.push(...localSet(temporary), ...this.#add(this.#global, length), ...localGet(temporary))
    }
    out.push(...this.#pad(last, temporary))
    if (last.opcode.class === 'throw') out.push(...this.#add(this.#global + 1, i64(1)))
    for (let at = last.at; at < last.next; at += 1) out.push(this.#bytes[at] ?? 0)
    return out
  }

  /** The body with its size: one more local, and a charge in front of each segment. */
  rewrite(from: number, to: number, params: number): number[] {
    const cursor = new Cursor(this.#bytes, from)
    const groups = cursor.u32()
    const declared = cursor.at
    let locals = params
    for (let group = 0; group < groups; group += 1) {
      locals += cursor.u32()
      cursor.byte()
    }
    const body = [...u32(groups + 1)]
    for (let at = declared; at < cursor.at; at += 1) body.push(this.#bytes[at] ?? 0)
    body.push(1, I32)
    this.#forget = false
    let segment: Instruction[] = []
    const instructions = [...instructionsOf(this.#bytes, cursor.at, to)]
    this.#padding = paddingOf(instructions, this.#bytes)
    for (const instruction of instructions) {
      segment.push(instruction)
      if (instruction.opcode.class === 'plain') continue
      for (const byte of this.#segment(segment, locals)) body.push(byte)
      segment = []
    }
    return body
  }
}

function codeSection(
  bytes: Uint8Array,
  sections: ReadonlyMap<number, Section>,
  global: number,
  fault: Fault,
): Uint8Array[] {
  const code = sections.get(SECTION.code)
  if (code === undefined) return []
  const meter = new BodyMeter(bytes, global, fault)
  const cursor = new Cursor(bytes, code.from)
  const parts = [Uint8Array.from(u32(cursor.u32()))]
  for (const params of parametersOf(bytes, sections)) {
    const size = cursor.u32()
    const body = meter.rewrite(cursor.at, cursor.at + size, params)
    parts.push(Uint8Array.from(u32(body.length)), Uint8Array.from(body))
    cursor.at += size
  }
  return parts
}

/**
 * The reference: pays for each straight segment where it starts, in a global, without any cleverness.
 * A condition pays for its padding in front of its branch, and so does the index of a br_table. Slow,
 * and simple enough to be believed. It shares the opcode table with the product and nothing else, and
 * is exact also where exceptions are thrown, because a call ends a segment. The module must be valid.
 *
 * @source metering reference, section 12.1
 */
export function naiveMeter(bytes: Uint8Array, fault: Fault = {}): Uint8Array {
  const sections = sectionsOf(bytes)
  const global = globalsOf(bytes, sections)
  /** The section's own entries, and more behind them. */
  const longer = (id: number, count: number, entries: readonly number[]): Uint8Array[] => {
    const section = sections.get(id)
    if (section === undefined) return [Uint8Array.from([...u32(count), ...entries])]
    const cursor = new Cursor(bytes, section.from)
    const all = Uint8Array.from(u32(cursor.u32() + count))
    return [all, bytes.subarray(cursor.at, section.to), Uint8Array.from(entries)]
  }
  const counter = [I64, MUTABLE, ...i64(0), END]
  const replaced = new Map<number, Uint8Array[]>([
    [SECTION.global, longer(SECTION.global, 2, [...counter, ...counter])],
    [
      SECTION.export,
      longer(SECTION.export, 2, [
        ...[...text(NAIVE_FUEL), 3, ...u32(global)],
        ...[...text(NAIVE_THROWN), 3, ...u32(global + 1)],
      ]),
    ],
    [SECTION.code, codeSection(bytes, sections, global, fault)],
  ])
  const out = [bytes.subarray(0, 8)]
  for (const id of ORDER) {
    const section = sections.get(id)
    const parts = replaced.get(id) ?? (section && [bytes.subarray(section.from, section.to)])
    if (parts === undefined || parts.length === 0) continue
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    out.push(Uint8Array.from([id, ...u32(size)]), ...parts)
  }
  return Uint8Array.from(Buffer.concat(out))
}
