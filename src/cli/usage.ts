import type { RunResult } from '../index.ts'

const MIB = 2 ** 20

/** What a run cost, one figure a line. */
export function usageLines(result: RunResult): string {
  const { usage } = result
  return [
    `fuel      ${usage.fuel} units (table ${usage.fuelVersion})`,
    `cpu       ${usage.cpuMs.toFixed(1)} ms of ${usage.wallMs.toFixed(1)} ms`,
    `memory    ${(usage.peakMemory / MIB).toFixed(1)} MiB at its peak`,
    `disk      ${(usage.peakDisk / MIB).toFixed(1)} MiB at its peak`,
    `syscalls  ${usage.syscalls}`,
    `io        ${usage.readBytes} bytes read, ${usage.writtenBytes} written`,
    '',
  ].join('\n')
}
