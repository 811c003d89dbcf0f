import { moduleOf, section } from './wasm-modules.ts'

const leb = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]

/** A vector: how many, then each. */
const vec = (items: readonly (readonly number[])[]): number[] => [
  ...leb(items.length),
  ...items.flat(),
]

const text = (name: string): number[] => [...leb(name.length), ...Buffer.from(name)]

export const I32 = 0x7f
export const I64 = 0x7e
export const FUNCREF = 0x70
export const EXTERNREF = 0x6f

/** A module as its parts: bytes where the binary format has bytes, numbers for indices. */
export interface Parts {
  /** Parameters and results of each type. */
  readonly types: readonly (readonly [params: readonly number[], results: readonly number[]])[]
  /** Bytes behind the names: kind and description. */
  readonly imports?: readonly (readonly [module: string, name: string, ...bytes: number[]])[]
  /** Type, local groups (count, type) and code, without the last `end`. */
  readonly functions: readonly (readonly [
    type: number,
    locals: readonly (readonly [count: number, type: number])[],
    code: readonly number[],
  ])[]
  /** Bytes of each table: element type and limits. */
  readonly tables?: readonly (readonly number[])[]
  /** Bytes of each global: type, mutability, initialiser, end. */
  readonly globals?: readonly (readonly number[])[]
  /** Type of each tag. */
  readonly tags?: readonly number[]
  /** Bytes of each segment. */
  readonly elements?: readonly (readonly number[])[]
  readonly exports?: readonly (readonly [name: string, kind: number, index: number])[]
  readonly start?: number
}

const optional = (
  id: number,
  items: readonly (readonly number[])[] | undefined,
): readonly number[] => (items === undefined ? [] : section(id, vec(items)))

function bodyOf([, locals, code]: Parts['functions'][number]): number[] {
  const groups = locals.map(([count, type]) => [...leb(count), type])
  const body = [...vec(groups), ...code, 0x0b]
  return [...leb(body.length), ...body]
}

/** The bytes of a module. One page of memory, at most four, stands in every one of them. */
export const build = (parts: Parts): Uint8Array =>
  moduleOf(
    section(
      1,
      vec(
        parts.types.map(([from, to]) => [
          0x60,
          ...vec(from.map((t) => [t])),
          ...vec(to.map((t) => [t])),
        ]),
      ),
    ),
    optional(
      2,
      parts.imports?.map(([module, name, ...bytes]) => [...text(module), ...text(name), ...bytes]),
    ),
    section(3, vec(parts.functions.map(([type]) => leb(type)))),
    optional(4, parts.tables),
    section(5, [1, 1, 1, 4]),
    optional(
      13,
      parts.tags?.map((type) => [0, ...leb(type)]),
    ),
    optional(6, parts.globals),
    optional(
      7,
      parts.exports?.map(([name, kind, index]) => [...text(name), kind, ...leb(index)]),
    ),
    parts.start === undefined ? [] : section(8, leb(parts.start)),
    optional(9, parts.elements),
    section(10, vec(parts.functions.map(bodyOf))),
  )
