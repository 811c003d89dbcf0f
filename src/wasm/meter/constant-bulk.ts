import type { Opcode } from '../decode/opcodes.ts'
import { WEIGHTS } from '../decode/weights.ts'
import { OP } from './op.ts'
import type { RecentCode } from './recent-code.ts'

/** Bytes. A longer one is paid for when it is done, and may be done in pieces. */
const MOST = 4_096
const BULK: ReadonlySet<string> = new Set(['memory.copy', 'memory.fill'])

/**
 * A fill or a copy of memory whose length is a short constant, pushed right in front of it, is an
 * instruction like any other: it stays as it is, and weighs what it does.
 *
 * This is part of what fuel is: it looks at the original's instructions alone.
 *
 * @param recent - what stands in front of it
 */
export function ofConstantLength(opcode: Opcode, recent: RecentCode): Opcode {
  if (opcode.class !== 'routed' || !BULK.has(opcode.name)) return opcode
  if (recent.opcode(1) !== OP.i32Const) return opcode
  const bytes = recent.value(1)
  if (bytes === undefined || bytes < 0 || bytes > MOST) return opcode
  return { ...opcode, weight: opcode.weight + bytes * WEIGHTS.bulkByte, class: 'plain' }
}
