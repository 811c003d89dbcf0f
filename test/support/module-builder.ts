/** Modules put together from their parts, for what no compiler makes. Indices are the writer's. */
const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

type Code = readonly number[]
/** Of whatever kind: a module may be too long for plain arrays. */
type Bytes = ArrayLike<number>

/** An unsigned number, as few bytes as it takes. */
export function u32(value: number): number[] {
  const bytes: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return [...bytes, left]
    bytes.push((left % 128) | 0x80)
  }
}

/** A signed number of 32 bits. */
function s32(value: number): number[] {
  const bytes: number[] = []
  for (let left = value | 0; ; left >>= 7) {
    const byte = left & 0x7f
    const last = (left < 64 && left >= 0) || (left < 0 && left >= -64)
    if (last) return [...bytes, byte]
    bytes.push(byte | 0x80)
  }
}

export const name = (text: string): number[] => [
  ...u32(Buffer.byteLength(text)),
  ...Buffer.from(text),
]

export const I32 = 0x7f
export const I64 = 0x7e
export const FUNCREF = 0x70
export const EXTERNREF = 0x6f

/** Instructions, as one writes them down. Control instructions take no value. */
export const op = {
  unreachable: [0x00],
  nop: [0x01],
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  try: [0x06, 0x40],
  else: [0x05],
  end: [0x0b],
  drop: [0x1a],
  add: [0x6a],
  and: [0x71],
  catch: (tag: number): number[] => [0x07, ...u32(tag)],
  throw: (tag: number): number[] => [0x08, ...u32(tag)],
  catchAll: [0x19],
  br: (depth: number): number[] => [0x0c, ...u32(depth)],
  brIf: (depth: number): number[] => [0x0d, ...u32(depth)],
  call: (index: number): number[] => [0x10, ...u32(index)],
  callIndirect: (type: number, table = 0): number[] => [0x11, ...u32(type), ...u32(table)],
  get: (local: number): number[] => [0x20, ...u32(local)],
  set: (local: number): number[] => [0x21, ...u32(local)],
  tee: (local: number): number[] => [0x22, ...u32(local)],
  i32: (value: number): number[] => [0x41, ...s32(value)],
  i64: (value: number): number[] => [0x42, ...s32(value)],
  load: [0x28, 2, 0],
  store: [0x36, 2, 0],
  divide: [0x6e],
  memorySize: [0x3f, 0],
  memoryGrow: [0x40, 0],
  nullOf: (type: number): number[] => [0xd0, type],
  memoryInit: (segment: number): number[] => [0xfc, 8, ...u32(segment), 0],
  memoryCopy: [0xfc, 10, 0, 0],
  memoryFill: [0xfc, 11, 0],
  tableInit: (segment: number, table = 0): number[] => [0xfc, 12, ...u32(segment), ...u32(table)],
  tableCopy: (to = 0, from = 0): number[] => [0xfc, 14, ...u32(to), ...u32(from)],
  tableGrow: (table = 0): number[] => [0xfc, 15, ...u32(table)],
  tableFill: (table = 0): number[] => [0xfc, 17, ...u32(table)],
} as const satisfies Record<string, Code | ((...args: number[]) => Code)>

/** `count` times the same bytes, without an array of arrays. */
export function repeat(count: number, bytes: Code): number[] {
  const all = new Array<number>(count * bytes.length)
  for (let at = 0; at < all.length; at += 1) all[at] = bytes[at % bytes.length] ?? 0
  return all
}

/** loop { code; br 0 } */
export const forever = (...code: readonly Code[]): number[] => [
  ...op.loop,
  ...code.flat(),
  ...op.br(0),
  ...op.end,
]

export interface Fn {
  readonly type?: number
  /** Groups: how many, of which type. */
  readonly locals?: readonly (readonly [count: number, type: number])[]
  readonly code: Code
}

export interface Parts {
  /** Parameters and results. Type 0 is () -> () when none are given. */
  readonly types?: readonly (readonly [params: Code, results: Code])[]
  /** Functions: module, name and type. They have the first indices. */
  readonly imports?: readonly (readonly [module: string, name: string, type: number])[]
  readonly functions?: readonly Fn[]
  readonly tables?: readonly (readonly [element: number, min: number, max?: number])[]
  /** Pages. */
  readonly memory?: readonly [min: number, max?: number]
  readonly tags?: Code
  /** Index of the function called `_start`; the first that is defined unless given. */
  readonly exported?: number
  readonly start?: number
  /** Passive segments of one function, by their lengths. */
  readonly elements?: readonly number[]
  /** The function they are of. */
  readonly first?: number
  /** Passive segments of zeros, by their lengths. */
  readonly data?: readonly number[]
  /** An active data segment of four bytes at this address. */
  readonly dataAt?: number
  /** Whole sections that stand behind all others. */
  readonly more?: readonly Bytes[]
}

/** A section: its id, its size, its bytes. */
export const section = (id: number, bytes: Bytes): Bytes =>
  joined([[id, ...u32(bytes.length)], bytes])

const vector = (items: readonly Bytes[]): Bytes => joined([u32(items.length), ...items])

const limits = (min: number, max?: number): Code =>
  max === undefined ? [0, ...u32(min)] : [1, ...u32(min), ...u32(max)]

function body({ locals = [], code }: Fn): Bytes {
  const head = vector(locals.map(([count, type]) => [...u32(count), type]))
  const size = head.length + code.length + 1
  return joined([u32(size), head, code, [0x0b]])
}

function elementSection(lengths: readonly number[], of: number): Bytes {
  return joined([
    u32(lengths.length),
    ...lengths.flatMap((length) => [[1, 0, ...u32(length)], new Uint8Array(length).fill(of)]),
  ])
}

function dataSection(lengths: readonly number[], at: number | undefined): Bytes {
  const passive = lengths.map((length) => joined([[1], u32(length), new Uint8Array(length)]))
  const active = at === undefined ? [] : [[0, ...op.i32(at), ...op.end, 4, 1, 2, 3, 4]]
  return vector([...passive, ...active])
}

/** Concatenates without spreading arrays that may have millions of bytes. */
function joined(parts: readonly Bytes[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** The module of these parts. Nothing is checked: what is wrong is meant to be. */
export function build(parts: Parts): Uint8Array {
  const { imports = [], functions = [], tables = [], tags = [], elements = [], data = [] } = parts
  const types = parts.types ?? [[[], []]]
  const dataCount = data.length + (parts.dataAt === undefined ? 0 : 1)
  const exported = parts.exported ?? imports.length
  const exports: Bytes[] = functions.length > 0 ? [[...name('_start'), 0, ...u32(exported)]] : []
  if (parts.memory !== undefined) exports.push([...name('memory'), 2, 0])
  const sections: (readonly [id: number, bytes: Bytes, when: boolean])[] = [
    [
      1,
      vector(types.map(([p, r]) => [0x60, ...u32(p.length), ...p, ...u32(r.length), ...r])),
      parts.types !== undefined || functions.length > 0,
    ],
    [
      2,
      vector(imports.map(([module, field, type]) => [...name(module), ...name(field), 0, type])),
      imports.length > 0,
    ],
    [3, vector(functions.map(({ type = 0 }) => u32(type))), functions.length > 0],
    [
      4,
      vector(tables.map(([element, min, max]) => [element, ...limits(min, max)])),
      tables.length > 0,
    ],
    [
      5,
      parts.memory === undefined ? [] : [1, ...limits(...parts.memory)],
      parts.memory !== undefined,
    ],
    [13, vector(tags.map((type) => [0, type])), tags.length > 0],
    [7, vector(exports), exports.length > 0],
    [8, u32(parts.start ?? 0), parts.start !== undefined],
    [9, elementSection(elements, parts.first ?? 0), elements.length > 0],
    [12, u32(dataCount), dataCount > 0],
    [10, vector(functions.map(body)), functions.length > 0],
    [11, dataSection(data, parts.dataAt), dataCount > 0],
  ]
  const wanted = sections.filter(([, , when]) => when).map(([id, bytes]) => section(id, bytes))
  return joined([PREAMBLE, ...wanted, ...(parts.more ?? [])])
}

/** A module whose `_start` has this code. */
export const startOf = (code: Code, more: Omit<Parts, 'functions'> = {}): Uint8Array =>
  build({ ...more, functions: [{ code }] })
