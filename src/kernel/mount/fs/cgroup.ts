import type { IoLimits } from '../../../contract/limits.ts'
import type { CpuBandwidth, CpuUsage } from '../../cgroup/cpu.ts'
import { weightOf } from '../../cgroup/cpu-shares.ts'
import type { IoUsage } from '../../cgroup/io.ts'
import type { HeldResource, Ledger } from '../../cgroup/ledger.ts'
import type { MemoryController } from '../../cgroup/memory.ts'
import type { PidsController } from '../../cgroup/pids.ts'
import { directory, type Synthetic, text } from './synthetic.ts'

export interface CgroupParts {
  readonly ledger: Ledger
  readonly pids: () => readonly number[]
  readonly memory: MemoryController
  readonly processes: PidsController
  readonly cpu: () => CpuBandwidth
  readonly shares: () => number
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

const cpuMax = ({ quotaUs, periodUs }: CpuBandwidth): string => `${quotaUs ?? 'max'} ${periodUs}\n`

/** The whole container is one device to itself. */
const DEVICE = '0:0'

function ioMax({ readBps, writeBps, readIops, writeIops }: IoLimits): string {
  const limits = { rbps: readBps, wbps: writeBps, riops: readIops, wiops: writeIops }
  const words = Object.entries(limits).map(([name, value]) => `${name}=${value ?? 'max'}`)
  // As Linux has it: a device without a limit has no line.
  const none = Object.values(limits).every((value) => value === undefined)
  return none ? '' : `${DEVICE} ${words.join(' ')}\n`
}

const ioStat = ({ bytes, operations }: IoUsage): string =>
  `${DEVICE} rbytes=${bytes.read} wbytes=${bytes.write} ` +
  `rios=${operations.read} wios=${operations.write} dbytes=0 dios=0\n`

/** /sys/fs/cgroup of one container. @source Linux, Control Group v2 */
export function cgroup(parts: CgroupParts): Synthetic {
  const { ledger, pids, memory, processes, cpuUsage } = parts
  const limit = (resource: HeldResource) =>
    text(() => {
      const value = ledger.limit(resource)
      return `${Number.isFinite(value) ? value : 'max'}\n`
    })
  const used = (resource: HeldResource) => text(() => `${ledger.used(resource)}\n`)
  const peak = (resource: HeldResource) => text(() => `${ledger.peak(resource)}\n`)
  const { io } = ledger
  return directory({
    'cgroup.controllers': text(() => 'cpu io memory pids\n'),
    'cgroup.procs': text(() =>
      pids()
        .map((pid) => `${pid}\n`)
        .join(''),
    ),
    'cgroup.type': text(() => 'domain\n'),
    'memory.current': used('memory'),
    'memory.events': flat(() => memory.events),
    'memory.max': limit('memory'),
    'memory.peak': peak('memory'),
    'pids.current': used('pids'),
    'pids.events': flat(() => processes.events),
    'pids.max': limit('pids'),
    'pids.peak': peak('pids'),
    'cpu.max': text(() => cpuMax(parts.cpu())),
    'cpu.weight': text(() => `${weightOf(parts.shares())}\n`),
    'cpu.stat': flat(() => cpuStat(cpuUsage())),
    'io.max': text(() => ioMax(io.limits)),
    'io.stat': text(() => ioStat(io.usage)),
  })
}
