import type { DecodedModule } from '../decode/module.ts'
import { Reader } from '../decode/reader.ts'
import { OP } from './op.ts'

type Kind = 'argument' | 'constant' | 'call'

/** What a body that only forwards may have, and how to pass over its immediates. */
const FORWARDING: ReadonlyMap<number, readonly [Kind, (reader: Reader) => void]> = new Map([
  [OP.localGet, ['argument', (reader: Reader) => reader.u32()]],
  [OP.i32Const, ['constant', (reader: Reader) => reader.s32()]],
  [OP.call, ['call', (reader: Reader) => reader.u32()]],
  [OP.callIndirect, ['call', (reader: Reader) => reader.u32() + reader.u32()]],
])

/** No locals; at most one constant and one call. */
function forwards(reader: Reader): boolean {
  if (reader.u32() !== 0) return false
  const seen = new Set<Kind>()
  for (let opcode = reader.byte(); opcode !== OP.end; opcode = reader.byte()) {
    const row = FORWARDING.get(opcode)
    if (row === undefined) return false
    const [kind, pass] = row
    if (kind !== 'argument' && seen.has(kind)) return false
    seen.add(kind)
    pass(reader)
  }
  return reader.done
}

/**
 * A module that only ties others together: it fills their tables or hands calls on. Rewriting it would
 * change the types of what it hands on, and with one call in each body and no loop it can hold nobody
 * up for longer than the stack is deep. Told by what it does, never by a name.
 *
 * @source metering reference, section 8, "Components"
 */
export function isShim({ bytes, memories, imports, bodies, start }: DecodedModule): boolean {
  const ownMemories = memories.length - imports.filter(({ kind }) => kind === 'memory').length
  if (ownMemories > 0 || start !== undefined) return false
  return bodies.every(({ from, to }) => forwards(new Reader(bytes, from, to)))
}
