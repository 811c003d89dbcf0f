/** Value types by their byte. @source WebAssembly core specification, binary format */
export const I32 = 0x7f
export const I64 = 0x7e
export const F32 = 0x7d
export const F64 = 0x7c
export const V128 = 0x7b
export const FUNCREF = 0x70
export const EXTERNREF = 0x6f
/** The block type of a block without parameters and results. */
export const VOID = 0x40

export function u32(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return [...bytes, rest]
}

/** A signed LEB, of i32 and i64 alike. */
function signed(value: number | bigint): number[] {
  const bytes: number[] = []
  let rest = BigInt(value)
  for (;;) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    const last = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)
    bytes.push(last ? low : low | 0x80)
    if (last) return bytes
  }
}

const bytesOf = (view: ArrayBufferView): number[] => [
  ...new Uint8Array(view.buffer, view.byteOffset, view.byteLength),
]

export const i32 = (value: number): number[] => [0x41, ...signed(value)]
export const i64 = (value: number | bigint): number[] => [0x42, ...signed(value)]
export const f32 = (value: number): number[] => [0x43, ...bytesOf(Float32Array.of(value))]
export const f64 = (value: number): number[] => [0x44, ...bytesOf(Float64Array.of(value))]
/** A v128.const of sixteen bytes. */
export const v128 = (bytes: readonly number[]): number[] => [0xfd, 12, ...bytes]

export const localGet = (index: number): number[] => [0x20, ...u32(index)]
export const localSet = (index: number): number[] => [0x21, ...u32(index)]
export const localTee = (index: number): number[] => [0x22, ...u32(index)]
export const globalGet = (index: number): number[] => [0x23, ...u32(index)]
export const globalSet = (index: number): number[] => [0x24, ...u32(index)]

/** The zero of a value type. */
export function zeroOf(type: number): number[] {
  if (type === I32) return i32(0)
  if (type === I64) return i64(0)
  if (type === F32) return f32(0)
  if (type === F64) return f64(0)
  if (type === V128) return v128(new Array<number>(16).fill(0))
  return [0xd0, type]
}

/** A name: its length and its bytes. */
export const text = (word: string): number[] => [
  ...u32(Buffer.byteLength(word)),
  ...Buffer.from(word),
]
