/** Modules written by hand, for what no compiler makes. */
const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

const leb = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]

/** A section: its id, its size, its bytes. */
export const section = (id: number, bytes: readonly number[]): number[] => [
  id,
  ...leb(bytes.length),
  ...bytes,
]

export const moduleOf = (...sections: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.from([...PREAMBLE, ...sections.flat()])

const exportStart = section(7, [1, 6, ...Buffer.from('_start'), 0, 0])
const oneFunction = [section(1, [1, 0x60, 0, 0]), section(3, [1, 0]), exportStart]

/** A module whose `_start` has this code; `end` is added. */
export function startModule(code: readonly number[]): Uint8Array {
  const body = [0, ...code, 0x0b]
  return moduleOf(...oneFunction, section(10, [1, ...leb(body.length), ...body]))
}

/** loop { try { loop { br 0 } } catch_all { } br 0 }: catches everything, for ever. */
export const CATCH_ALL_LOOP = startModule([
  ...[0x03, 0x40, 0x06, 0x40],
  ...[0x03, 0x40, 0x0c, 0x00, 0x0b],
  ...[0x19, 0x0b, 0x0c, 0x00, 0x0b],
])
