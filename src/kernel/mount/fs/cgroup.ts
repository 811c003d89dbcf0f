import type { CpuBandwidth, CpuUsage } from '../../cgroup/cpu.ts'
import { weightOf } from '../../cgroup/cpu-shares.ts'
import type { HeldResource, Ledger } from '../../cgroup/ledger.ts'
import { directory, type Synthetic, text } from './synthetic.ts'

export interface CgroupParts {
  readonly ledger: Ledger
  readonly pids: () => readonly number[]
  readonly cpu: CpuBandwidth
  readonly shares: number
  readonly cpuUsage: () => CpuUsage
}

type Figures = Readonly<Record<string, number>>

/** `name value`, a line each. */
const flat = (figures: () => Figures): Synthetic =>
  text(() =>
    Object.entries(figures())
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  )

const cpuStat = (usage: CpuUsage): Figures => ({
  usage_usec: usage.userUs + usage.systemUs,
  user_usec: usage.userUs,
  system_usec: usage.systemUs,
  nr_periods: usage.periods,
  nr_throttled: usage.throttled,
  throttled_usec: usage.throttledUs,
})

/** /sys/fs/cgroup of one container. @source Linux, Control Group v2 */
export function cgroup(parts: CgroupParts): Synthetic {
  const { ledger, pids, cpuUsage } = parts
  const { quotaUs, periodUs } = parts.cpu
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
    'cpu.max': text(() => `${quotaUs ?? 'max'} ${periodUs}\n`),
    'cpu.weight': text(() => `${weightOf(parts.shares)}\n`),
    'cpu.stat': flat(() => cpuStat(cpuUsage())),
    'io.stat': text(
      () =>
        `0:0 rbytes=${counted.readBytes} wbytes=${counted.writtenBytes} ` +
        `rios=${counted.readOperations} wios=${counted.writeOperations}\n`,
    ),
  })
}
