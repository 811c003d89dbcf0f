import { Errno } from '../../contract/errno.ts'
import type { Limit, LimitName } from '../../kernel/process/process-limits.ts'
import { type CallContext, errnoOf } from '../preview1/call.ts'

export const TIMES_BYTES = 32
export const LIMIT_BYTES = 16
const US_PER_MS = 1_000
const NS_PER_MS = 1_000_000
/** RLIM_INFINITY. */
const NONE = 2n ** 64n - 1n

/** user@0 system@8 and those of the children that were waited for, @16 and @24; µs. @source times(2) */
export function procTimes({ process, memory }: CallContext, out: number): Errno {
  const view = memory.zeroed(out, TIMES_BYTES)
  if (!view.ok) return view.errno
  const us = (ms: number): bigint => BigInt(Math.round(ms * US_PER_MS))
  const own = process.thread.cpuMs?.() ?? Number(process.clock.now('process-cpu')) / NS_PER_MS
  view.value.setBigUint64(0, us(own), true)
  view.value.setBigUint64(16, us(process.childrenCpuMs), true)
  return Errno.SUCCESS
}

/** Those that are a process's own. */
const NAMES: ReadonlyMap<number, LimitName> = new Map([
  [1, 'fileSize'],
  [6, 'processes'],
  [7, 'openFiles'],
])
const RLIMIT_CORE = 4
const RLIMIT_AS = 9
const RLIMITS = 16

/** What holds without being the process's own. Undefined: there is no such resource. */
function fixedLimit({ process }: CallContext, resource: number): Limit | undefined {
  if (resource >>> 0 >= RLIMITS) return undefined
  // Nothing dumps a core.
  if (resource === RLIMIT_CORE) return { soft: 0, hard: 0 }
  const value = resource === RLIMIT_AS ? process.ledger.limit('memory') : Number.POSITIVE_INFINITY
  return { soft: value, hard: value }
}

function limitOf(call: CallContext, resource: number): Limit | undefined {
  const name = NAMES.get(resource)
  return name === undefined ? fixedLimit(call, resource) : call.process.limits.get(name)
}

const wideOf = (value: number): bigint =>
  Number.isFinite(value) ? BigInt(Math.trunc(value)) : NONE
const amountOf = (value: bigint): number =>
  value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(value)

/** soft@0 hard@8. INVAL: no such resource. @source getrlimit(2) */
export function procLimitGet(call: CallContext, resource: number, out: number): Errno {
  const limit = limitOf(call, resource)
  if (limit === undefined) return Errno.INVAL
  const view = call.memory.zeroed(out, LIMIT_BYTES)
  if (!view.ok) return view.errno
  view.value.setBigUint64(0, wideOf(limit.soft), true)
  view.value.setBigUint64(8, wideOf(limit.hard), true)
  return Errno.SUCCESS
}

/** PERM: what is not a process's own can only be set to what it is. @source setrlimit(2) */
export function procLimitSet(call: CallContext, resource: number, pointer: number): Errno {
  const before = limitOf(call, resource)
  if (before === undefined) return Errno.INVAL
  const bytes = call.memory.view(pointer, LIMIT_BYTES)
  if (!bytes.ok) return bytes.errno
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset, LIMIT_BYTES)
  const soft = amountOf(view.getBigUint64(0, true))
  const hard = amountOf(view.getBigUint64(8, true))
  const name = NAMES.get(resource)
  if (name !== undefined) return errnoOf(call.process.setLimit(name, { soft, hard }))
  return soft === before.soft && hard === before.hard ? Errno.SUCCESS : Errno.PERM
}
