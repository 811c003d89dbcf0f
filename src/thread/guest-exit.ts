import { type EndReason, EXIT_CODE_OF, type ExitReport, type Usage } from '../contract/exit.ts'
import { printable } from '../std/printable.ts'
import { FUEL_TABLE_VERSION } from '../wasm/meter.ts'
import type { End, GuestThread } from './guest-thread.ts'
import { placeOf } from './trap-map.ts'

/** Why each limit ends a guest, in words for the operator. */
const MESSAGE_OF: Readonly<Partial<Record<EndReason, string>>> = {
  fuel: 'container killed: out of fuel',
  timeout: 'container killed: it ran longer than its timeout',
  memory: 'container killed: out of memory',
  lost: 'container killed: its worker died; what it had written since its start is lost',
}

/**
 * How the guest's `_start` ended: what the process recorded of its own end is the truth; without a
 * record the thrown value is a trap of the guest, or nothing was thrown and it returned.
 *
 * @param module - the rewritten one that ran.
 */
export function endOf(
  recorded: End | undefined,
  returned: boolean,
  thrown: unknown,
  module: WebAssembly.Module,
): End {
  if (recorded !== undefined) return recorded
  if (returned) return { reason: 'exit', exitCode: 0 }
  return {
    reason: 'trap',
    exitCode: EXIT_CODE_OF.trap,
    message: `${trapMessage(thrown)}${placeText(thrown, module)}`,
  }
}

/** V8's own words for a trap; an exception of the guest that nobody caught has none. */
function trapMessage(thrown: unknown): string {
  if (thrown instanceof RangeError) return 'call stack exhausted'
  if (thrown instanceof WebAssembly.RuntimeError) return thrown.message
  return 'uncaught exception'
}

/** Where it happened, in the module as its author knows it. Names are the guest's, so escaped. */
function placeText(thrown: unknown, module: WebAssembly.Module): string {
  const stack = thrown instanceof Error ? thrown.stack : undefined
  const place = stack === undefined ? undefined : placeOf(module, stack)
  if (place === undefined) return ''
  const name = place.name === undefined ? '' : ` (${printable(place.name)})`
  const where = `, in function ${place.index}${name} at 0x${place.offset.toString(16)}`
  const { source } = place
  if (source === undefined) return where
  const named = source.name === undefined ? `function ${source.index}` : printable(source.name)
  return `, at ${named} (${printable(source.file)}:${source.line})${where}`
}

export function usageOf(process: GuestThread, wallMs: number): Usage {
  const { ledger } = process
  const { userUs, systemUs } = process.cpu.used(performance.now())
  return {
    fuel: process.fuel.used,
    fuelVersion: FUEL_TABLE_VERSION,
    cpuMs: (userUs + systemUs) / 1_000,
    wallMs,
    peakMemory: ledger.peak('memory'),
    peakDisk: ledger.peak('disk'),
    syscalls: ledger.syscalls,
    readBytes: ledger.io.moved('read'),
    writtenBytes: ledger.io.moved('write'),
  }
}

export function reportOf(end: End, usage: Usage): ExitReport {
  const words = end.reason === 'trap' ? `trap: ${end.message}` : MESSAGE_OF[end.reason]
  return {
    exitCode: end.exitCode,
    reason: end.reason,
    message: words ?? end.message,
    oomKilled: end.reason === 'memory',
    usage,
  }
}
