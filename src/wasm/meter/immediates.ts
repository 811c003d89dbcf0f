import type { Immediate } from '../decode/opcodes.ts'
import { invalidModule, type Reader } from '../decode/reader.ts'
import { valueType } from '../decode/sections.ts'

/** Bit 6 of the alignment announces a memory index. */
function skipMemoryAccess(reader: Reader): void {
  if (reader.u32() >= 64) throw invalidModule('unsupported: memory index (multi-memory)')
  reader.u32()
}

function skipMemoryZero(reader: Reader): void {
  if (reader.byte() !== 0) throw invalidModule('unsupported: memory index (multi-memory)')
}

/** Passes over immediates that say nothing to the pass, and returns those of routed instructions. */
export const READ_IMMEDIATE: Readonly<
  Partial<Record<Immediate, (reader: Reader) => readonly number[] | undefined>>
> = {
  index: (reader) => [reader.u32()],
  'two-indices': (reader) => [reader.u32(), reader.u32()],
  'memory-access': (reader) => void skipMemoryAccess(reader),
  'memory-access-lane': (reader) => {
    skipMemoryAccess(reader)
    reader.skip(1)
    return undefined
  },
  'memory-zero': (reader) => void skipMemoryZero(reader),
  'two-memory-zeros': (reader) => {
    skipMemoryZero(reader)
    skipMemoryZero(reader)
    return undefined
  },
  'index-memory-zero': (reader) => {
    const index = reader.u32()
    skipMemoryZero(reader)
    return [index]
  },
  i32: (reader) => void reader.skipSigned(5),
  i64: (reader) => void reader.skipSigned(10),
  f32: (reader) => void reader.skip(4),
  f64: (reader) => void reader.skip(8),
  v128: (reader) => void reader.skip(16),
  lane: (reader) => void reader.skip(1),
  'heap-type': (reader) => void reader.skip(1),
  'value-types': (reader) => {
    const count = reader.count('value types', 16)
    for (let index = 0; index < count; index += 1) valueType(reader)
    return undefined
  },
}
