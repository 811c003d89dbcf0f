import { FUEL_TABLE_VERSION } from '../wasm/meter.ts'
import type { ControlBlock } from './control-block.ts'
import type { ProcessOutcome } from './process-task.ts'

/**
 * An end that is nothing but numbers, as most are: it is told in the control block, beside what was published
 * last. A message costs a short run a tenth of its CPU: written, sent, read, and both threads' loops woken.
 */
export function tellPlainly(control: ControlBlock, outcome: ProcessOutcome): boolean {
  if (!outcome.ok) return false
  const { report, files, filesLoss, layerLoss, unpaidUs } = outcome
  const isPlain = report.reason === 'exit' && report.message === undefined
  if (!isPlain || files.size > 0 || (filesLoss ?? layerLoss) !== undefined) return false
  const { wallMs, peakMemory, peakDisk } = report.usage
  control.tellEnd({ exitCode: report.exitCode, wallMs, peakMemory, peakDisk, unpaidUs })
  return true
}

/** What was told so; undefined: nothing was. */
export function plainOutcome(control: ControlBlock): ProcessOutcome | undefined {
  const end = control.toldEnd()
  if (end === undefined) return undefined
  const { exitCode, unpaidUs, wallMs, peakMemory, peakDisk } = end
  const { fuel, cpuMs, syscalls, readBytes, writtenBytes } = control.stats()
  const usage = {
    fuel,
    fuelVersion: FUEL_TABLE_VERSION,
    cpuMs,
    wallMs,
    peakMemory,
    peakDisk,
    syscalls,
    readBytes,
    writtenBytes,
  }
  const report = { exitCode, reason: 'exit', message: undefined, oomKilled: false, usage } as const
  const nothing = { files: new Map(), filesLoss: undefined, layerLoss: undefined }
  return { ok: true, report, ...nothing, unpaidUs }
}
