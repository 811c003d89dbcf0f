import { invalidModule, type Reader } from './reader.ts'

/** Value types by their byte. @source WebAssembly core specification, binary format */
const VALUE_TYPES: ReadonlyMap<number, string> = new Map([
  [0x7f, 'i32'],
  [0x7e, 'i64'],
  [0x7d, 'f32'],
  [0x7c, 'f64'],
  [0x7b, 'v128'],
  [0x70, 'funcref'],
  [0x6f, 'externref'],
  [0x69, 'exnref'],
])

export interface FunctionType {
  readonly params: readonly number[]
  readonly results: readonly number[]
}
export interface TableType {
  readonly element: number
  readonly min: number
  readonly max: number | undefined
}
export interface MemoryType {
  /** Pages of 64 KiB. */
  readonly min: number
  readonly max: number | undefined
}
export type ImportKind = 'function' | 'table' | 'memory' | 'global' | 'tag'

export interface ModuleImport {
  readonly module: string
  readonly name: string
  readonly kind: ImportKind
  /** Of a function: index of its type. */
  readonly type: number | undefined
}
export interface ModuleExport {
  readonly name: string
  readonly kind: ImportKind
  readonly index: number
}

const KINDS: readonly ImportKind[] = ['function', 'table', 'memory', 'global', 'tag']

export function kindOf(byte: number): ImportKind {
  const kind = KINDS[byte]
  if (kind === undefined) throw invalidModule(`exec format error: unknown kind of import ${byte}`)
  return kind
}

export function valueType(reader: Reader): number {
  const byte = reader.byte()
  if (VALUE_TYPES.has(byte)) return byte
  throw invalidModule(`unsupported value type 0x${byte.toString(16)} (garbage collection proposal)`)
}

function valueTypes(reader: Reader, what: string, limit: number): readonly number[] {
  const count = reader.count(what, limit)
  return Array.from({ length: count }, () => valueType(reader))
}

const FUNCTION_FORM = 0x60

export function functionType(reader: Reader, params: number, results: number): FunctionType {
  const form = reader.byte()
  if (form !== FUNCTION_FORM) {
    throw invalidModule(
      `unsupported type form 0x${form.toString(16)} (garbage collection proposal)`,
    )
  }
  return {
    params: valueTypes(reader, 'parameters of a function', params),
    results: valueTypes(reader, 'results of a function', results),
  }
}

const HAS_MAX = 1
const SHARED = 2
const SIXTY_FOUR = 4

function limitsOf(reader: Reader, what: string): { min: number; max: number | undefined } {
  const flags = reader.byte()
  if ((flags & SHARED) !== 0) throw invalidModule(`unsupported: shared ${what} (threads)`)
  if ((flags & SIXTY_FOUR) !== 0) throw invalidModule(`unsupported: 64-bit ${what} (memory64)`)
  if (flags > HAS_MAX) throw invalidModule(`exec format error: unknown limits flags ${flags}`)
  const min = reader.u32()
  return { min, max: flags === HAS_MAX ? reader.u32() : undefined }
}

const INITIALISED_TABLE = 0x40

export function tableType(reader: Reader): TableType {
  const element = reader.byte()
  if (element === INITIALISED_TABLE) {
    throw invalidModule('unsupported: table with initialiser (typed function references)')
  }
  if (element !== 0x70 && element !== 0x6f && element !== 0x69) {
    throw invalidModule(`unsupported table element type 0x${element.toString(16)}`)
  }
  return { element, ...limitsOf(reader, 'table') }
}

export const memoryType = (reader: Reader): MemoryType => limitsOf(reader, 'memory')

const GLOBAL_GET = 0x23
const REF_NULL = 0xd0
const REF_FUNC = 0xd2
const END = 0x0b
/** i32 and i64 add, sub, mul: extended constant expressions. */
const ARITHMETIC = new Set([0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e])

/** Passes over one constant instruction; false at the `end`. */
export function constantInstruction(reader: Reader): boolean {
  const opcode = reader.byte()
  if (opcode === END) return false
  if (opcode === 0x41) reader.skipSigned(5)
  else if (opcode === 0x42) reader.skipSigned(10)
  else if (opcode === 0x43) reader.skip(4)
  else if (opcode === 0x44) reader.skip(8)
  else if (opcode === GLOBAL_GET || opcode === REF_FUNC) reader.u32()
  else if (opcode === REF_NULL) reader.byte()
  else if (opcode === 0xfd && reader.u32() === 12) reader.skip(16)
  else if (!ARITHMETIC.has(opcode)) {
    throw invalidModule(`unsupported constant expression (opcode 0x${opcode.toString(16)})`)
  }
  return true
}

/** Passes over a constant expression. */
export function constantExpression(reader: Reader): void {
  while (constantInstruction(reader));
}

/** The type of a global's value. */
export function globalType(reader: Reader): number {
  const type = valueType(reader)
  reader.byte()
  return type
}

/** Tags: an attribute byte and the index of a type, which is what counts. */
export function tagType(reader: Reader): number {
  reader.byte()
  return reader.u32()
}
