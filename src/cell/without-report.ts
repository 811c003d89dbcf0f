import type { CellExit } from '../contract/cell.ts'
import { EXIT_CODE_OF } from '../contract/exit.ts'
import { FUEL_TABLE_VERSION } from '../wasm/meter.ts'

/** What a process that never reported has used. */
const NO_USAGE = {
  fuel: 0n,
  fuelVersion: FUEL_TABLE_VERSION,
  cpuMs: 0,
  wallMs: 0,
  peakMemory: 0,
  peakDisk: 0,
  syscalls: 0,
  readBytes: 0,
  writtenBytes: 0,
}

const CONDEMNED = {
  killed: 'container killed',
  timeout: 'container killed: it ran longer than its timeout',
} as const

const lost = (what: string): string =>
  `container lost: its ${what} died; what it had written since its start is lost`

/**
 * The end of a process whose worker or cell is gone, or that never had one.
 *
 * @param hadFiles - it had begun, and its files were to be kept.
 */
export function withoutReport(
  condemned: keyof typeof CONDEMNED | undefined,
  what: 'worker' | 'cell',
  hadFiles: boolean,
): CellExit {
  const reason = condemned ?? 'lost'
  return {
    exitCode: EXIT_CODE_OF[reason],
    reason,
    message: condemned === undefined ? lost(what) : CONDEMNED[condemned],
    oomKilled: false,
    usage: NO_USAGE,
    files: new Map(),
    layerLoss: hadFiles ? lost(what) : undefined,
  }
}
