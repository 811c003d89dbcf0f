import { Errno } from '../../contract/errno.ts'
import { waitForOf } from '../../kernel/process/child-wait.ts'
import type { Waited, WaitFor, WaitOptions } from '../../kernel/process/process.ts'
import { type CallContext, type Step, suspended } from '../preview1/call.ts'

export const WAITED_BYTES = 24
const OPTION = { NOHANG: 1, STOPPED: 2, CONTINUED: 8 } as const
const ALL_OPTIONS = 11
const US_PER_MS = 1_000

/** The word of wait(2), as Linux writes it. */
const STOPPED = 0x7f
const CONTINUED = 0xffff

function statusOf(waited: Waited): number {
  switch (waited.kind) {
    case 'ended':
      return waited.exit.signal ?? waited.exit.code << 8
    case 'stopped':
      return (waited.signal << 8) | STOPPED
    case 'continued':
      return CONTINUED
  }
}

/** pid@0 status@4, of 32 bits; user@8 system@16 in µs: what the child has used until its end. */
function writeWaited(call: CallContext, out: number, waited: Waited | undefined, usedMs: number) {
  const view = call.memory.zeroed(out, WAITED_BYTES)
  if (!view.ok) return view.errno
  if (waited === undefined) return Errno.SUCCESS
  view.value.setInt32(0, waited.pid, true)
  view.value.setInt32(4, statusOf(waited), true)
  view.value.setBigUint64(8, BigInt(Math.round(usedMs * US_PER_MS)), true)
  return Errno.SUCCESS
}

/** Waits for a child, and hands what there is to tell to `tell`. */
export function waitFor(
  call: CallContext,
  which: WaitFor,
  options: WaitOptions,
  tell: (waited: Waited | undefined, usedMs: number) => Errno,
): Step {
  const { process } = call
  const before = process.childrenCpuMs
  const answer = process.namespace.wait(process, which, options)
  if (answer.ok === 'blocked') {
    return suspended(answer, () => waitFor(call, which, options, tell))
  }
  return answer.ok ? tell(answer.value, process.childrenCpuMs - before) : answer.errno
}

/** @source waitpid(2) */
export function procWait(call: CallContext, target: number, options: number, out: number): Step {
  if ((options & ~ALL_OPTIONS) !== 0) return Errno.INVAL
  if (!call.memory.covers(out, WAITED_BYTES)) return Errno.FAULT
  const has = (bit: number): boolean => (options & bit) !== 0
  const how = {
    noHang: has(OPTION.NOHANG),
    stopped: has(OPTION.STOPPED),
    continued: has(OPTION.CONTINUED),
  }
  return waitFor(call, waitForOf(call.process, target), how, (waited, usedMs) =>
    writeWaited(call, out, waited, usedMs),
  )
}
