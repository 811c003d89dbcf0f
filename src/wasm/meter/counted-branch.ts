import { COUNTED_BRANCH, type Opcode } from '../decode/opcodes.ts'
import { type Frame, LoopFrame } from './frames.ts'
import type { RecentCode } from './recent-code.ts'

const LOCAL_GET = 0x20
const LOCAL_TEE = 0x22
const CONSTANTS: ReadonlySet<number | undefined> = new Set([0x41, 0x42])
/** Addition and subtraction of i32 and i64. */
const SUMS: ReadonlySet<number | undefined> = new Set([0x6a, 0x6b, 0x7c, 0x7d])
const I32_EQZ = 0x45
const I64_EQZ = 0x50
const LAST_COMPARISON = 0x5a

/** How many of the last instructions compare what the one before them left on the stack. */
function comparison(recent: RecentCode): number {
  const last = recent.opcode(1) ?? 0
  if (last < I32_EQZ || last > LAST_COMPARISON) return 0
  if (last === I32_EQZ || last === I64_EQZ) return 1
  const right = recent.opcode(2)
  return right === LOCAL_GET || CONSTANTS.has(right) ? 2 : 1
}

/** Whether a condition is a local that was just stepped by a constant, compared or not. */
function isStepped(recent: RecentCode): boolean {
  const compared = comparison(recent)
  return (
    recent.opcode(compared + 1) === LOCAL_TEE &&
    SUMS.has(recent.opcode(compared + 2)) &&
    CONSTANTS.has(recent.opcode(compared + 3))
  )
}

/**
 * A br_if costs less where it goes back on a local that was just stepped by a constant, as a loop that
 * counts does: behind `i32.const`, `i32.add` or `i32.sub`, `local.tee`, or the same of i64; then nothing,
 * or a comparison with zero, with what is on the stack, with a local or with a constant.
 *
 * This is part of what fuel is: it looks at the original's instructions alone.
 *
 * @param recent - what stands in front of it
 */
export function weighed(
  opcode: Opcode,
  targets: readonly Frame[] | undefined,
  recent: RecentCode,
): Opcode {
  const goesBack = opcode.class === 'br-if' && targets?.[0] instanceof LoopFrame
  return goesBack && isStepped(recent) ? COUNTED_BRANCH : opcode
}
