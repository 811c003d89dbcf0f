import type { GuestSpec } from '../contract/guest-spec.ts'
import type { Limits } from '../contract/limits.ts'
import { CpuController, type CpuUsage } from '../kernel/cgroup/cpu.ts'
import { IoController } from '../kernel/cgroup/io.ts'
import { Ledger } from '../kernel/cgroup/ledger.ts'
import { MemoryController } from '../kernel/cgroup/memory.ts'
import { PidsController } from '../kernel/cgroup/pids.ts'
import type { ThreadPorts } from './guest-ports.ts'
import { ProcessCpu } from './process-cpu.ts'

/** The controllers of one container, and the part of its PID 1 in them. */
export interface ContainerCgroup {
  readonly ledger: Ledger
  readonly memory: MemoryController
  readonly pids: PidsController
  /** For cpu.weight. */
  readonly shares: () => number
  readonly cpu: CpuController
  readonly cpuOfInit: ProcessCpu
  /** For cpu.stat. */
  readonly cpuUsage: () => CpuUsage
  /** Other limits from `now` (ms) on; those that only a start sets are passed over. */
  setLimits(limits: Partial<Limits>, now: number): void
}

const US_PER_MS = 1_000

/** What a run with frozen clocks tells of its CPU: nothing that another run would tell otherwise. */
const NO_CPU: CpuUsage = { userUs: 0, systemUs: 0, periods: 0, throttled: 0, throttledUs: 0 }

/**
 * @param now - µs, where the first period begins.
 * @param besideMs - of CPU, of all processes beside PID 1 that there have been.
 */
export function containerCgroup(
  { limits, deterministic }: GuestSpec,
  { cpuClock, cpuSeat }: Pick<ThreadPorts, 'cpuClock' | 'cpuSeat'>,
  now: number,
  besideMs: () => number,
): ContainerCgroup {
  const { memory, disk, inodes, pids } = limits
  const io = new IoController(limits, () => performance.now(), limits.fileSize)
  const ledger = new Ledger({ memory, disk, inodes, pids }, io)
  const cpu = new CpuController({ quotaUs: limits.cpuQuota, periodUs: limits.cpuPeriod }, now)
  const cpuOfInit = new ProcessCpu(cpuClock, cpu, cpuSeat?.())
  cpuOfInit.setShares(limits.cpuShares)
  const cpuUsage = (): CpuUsage => {
    if (deterministic !== undefined) return NO_CPU
    const { userUs, systemUs } = cpuOfInit.used(performance.now())
    const besideUs = Math.round(besideMs() * US_PER_MS)
    return { userUs: userUs + besideUs, systemUs, ...cpu.throttling }
  }
  let current = limits
  const setLimits = (changed: Partial<Limits>, at: number): void => {
    const before = current
    current = { ...before, ...changed }
    ledger.setLimit('memory', current.memory)
    ledger.setLimit('pids', current.pids)
    io.setLimits(current)
    const { cpuQuota, cpuPeriod, cpuShares } = current
    if (cpuShares !== before.cpuShares) cpuOfInit.setShares(cpuShares)
    if (cpuQuota === before.cpuQuota && cpuPeriod === before.cpuPeriod) return
    cpu.setBandwidth({ quotaUs: cpuQuota, periodUs: cpuPeriod }, at * US_PER_MS)
  }
  const shares = (): number => current.cpuShares
  return {
    ledger,
    memory: new MemoryController(ledger, limits.oomPolicy),
    pids: new PidsController(ledger),
    shares,
    cpu,
    cpuOfInit,
    cpuUsage,
    setLimits,
  }
}
