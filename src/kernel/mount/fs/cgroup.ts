import type { HeldResource, Ledger } from '../../cgroup/ledger.ts'
import { directory, type Synthetic, text } from './synthetic.ts'

export interface CgroupParts {
  readonly ledger: Ledger
  readonly pids: () => readonly number[]
  /** CPUs' worth of time; undefined for no bound. */
  readonly cpus: number | undefined
  /** Milliseconds used. */
  readonly cpuMs: () => number
}

const PERIOD_US = 100_000
const US_PER_MS = 1_000

/** /sys/fs/cgroup of one container. @source Linux, Control Group v2 */
export function cgroup({ ledger, pids, cpus, cpuMs }: CgroupParts): Synthetic {
  const limit = (resource: HeldResource) =>
    text(() => {
      const value = ledger.limit(resource)
      return `${Number.isFinite(value) ? value : 'max'}\n`
    })
  const used = (resource: HeldResource) => text(() => `${ledger.used(resource)}\n`)
  const peak = (resource: HeldResource) => text(() => `${ledger.peak(resource)}\n`)
  const { counted } = ledger
  return directory({
    'cgroup.controllers': text(() => 'cpu io memory pids\n'),
    'cgroup.procs': text(() =>
      pids()
        .map((pid) => `${pid}\n`)
        .join(''),
    ),
    'cgroup.type': text(() => 'domain\n'),
    'memory.current': used('memory'),
    'memory.max': limit('memory'),
    'memory.peak': peak('memory'),
    'pids.current': used('pids'),
    'pids.max': limit('pids'),
    'cpu.max': text(() => `${cpus === undefined ? 'max' : cpus * PERIOD_US} ${PERIOD_US}\n`),
    'cpu.stat': text(() => `usage_usec ${Math.round(cpuMs() * US_PER_MS)}\n`),
    'io.stat': text(
      () =>
        `0:0 rbytes=${counted.readBytes} wbytes=${counted.writtenBytes} ` +
        `rios=${counted.readOperations} wios=${counted.writeOperations}\n`,
    ),
  })
}
