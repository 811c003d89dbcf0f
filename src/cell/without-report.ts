import type { CellExit } from '../contract/cell.ts'
import { EXIT_CODE_OF, type ExitReport } from '../contract/exit.ts'
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
  fuel: 'container killed: out of fuel',
} as const

const lost = (what: string): string =>
  `container lost: its ${what} died; what it had written since its start is lost`

type Condemned = keyof typeof CONDEMNED | undefined
type Gone = 'worker' | 'cell'

/** The end of a process whose worker or cell is gone, or that never had one. */
export function withoutReport(condemned: Condemned, what: Gone): ExitReport {
  const reason = condemned ?? 'lost'
  return {
    exitCode: EXIT_CODE_OF[reason],
    reason,
    message: condemned === undefined ? lost(what) : CONDEMNED[condemned],
    oomKilled: false,
    usage: NO_USAGE,
  }
}

/**
 * The same of a container's first process.
 *
 * @param hadFiles - it had begun, and its files were to be kept.
 */
export const exitWithoutReport = (
  condemned: Condemned,
  what: Gone,
  hadFiles: boolean,
): CellExit => ({
  ...withoutReport(condemned, what),
  files: new Map(),
  filesLoss: undefined,
  layerLoss: hadFiles ? lost(what) : undefined,
})
