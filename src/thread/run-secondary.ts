import type { ExitReport } from '../contract/exit.ts'
import type { Determinism } from '../contract/guest-spec.ts'
import type { Limits } from '../contract/limits.ts'
import { Ledger } from '../kernel/cgroup/ledger.ts'
import { Borrower, type Lendable } from './borrower.ts'
import { executeAll } from './execute-all.ts'
import { reportOf, usageOf } from './guest-exit.ts'
import type { ThreadPorts } from './guest-ports.ts'
import { KeptForNext } from './kept-for-next.ts'
import type { MailboxClient } from './mailbox.ts'
import { type Bandwidth, ProcessCpu } from './process-cpu.ts'
import type { Program } from './program.ts'
import { RemoteKernel } from './remote-kernel.ts'
import { calleeOf } from './secondary-calls.ts'
import { SecondaryThread } from './secondary-thread.ts'
import { sourcesOf } from './sources.ts'

/** What the thread of one more process is told of it. */
export interface SecondarySpec {
  readonly args: readonly string[]
  readonly environment: readonly string[]
  /** Of its container. */
  readonly limits: Limits
  readonly deterministic: Determinism | undefined
}

export interface SecondaryRun extends Program {
  readonly spec: SecondarySpec
}

export interface SecondaryPorts extends ThreadPorts {
  readonly client: MailboxClient
  /** What its kernel may lend it; absent where that is nothing. */
  readonly lendable?: Lendable | undefined
}

/** How a secondary ended, and the µs of CPU that its container's account was not told of. */
export interface SecondaryEnd {
  readonly report: ExitReport
  readonly unpaidUs: number
}

/**
 * Runs a guest beside its container's PID 1, to its end, on this thread.
 *
 * @throws EngineError when the guest never started: INVALID_MODULE, INVALID_LIMIT.
 */
export function runSecondary(
  { spec, ...program }: SecondaryRun,
  ports: SecondaryPorts,
  kept: KeptForNext = new KeptForNext(),
): SecondaryEnd {
  const began = performance.now()
  const process = processOf(spec, ports, began)
  process.cpu.begin(began)
  try {
    const end = executeAll(program, process, kept, ports, (memory) => calleeOf(process, memory))
    const usage = usageOf(process, performance.now() - began)
    process.publish()
    return { report: reportOf(end, usage), unpaidUs: process.cpu.unpaid }
  } finally {
    process.fuel.close()
    process.cpu.end(performance.now())
  }
}

/** Its container's quota, asked for through the mailbox. */
function bandwidthOf(kernel: RemoteKernel, process: () => SecondaryThread, bounded: boolean) {
  let rested = 0
  const state = {
    bounded,
    spend: (used: number): number | undefined => {
      const until = kernel.spend(process(), used, rested)
      rested = 0
      return until
    },
    rested: (us: number): void => {
      rested += us
    },
  }
  return state satisfies Bandwidth
}

function processOf(spec: SecondarySpec, ports: SecondaryPorts, began: number): SecondaryThread {
  let process: SecondaryThread
  const { limits, deterministic } = spec
  const borrower = ports.lendable && new Borrower(ports.lendable)
  const kernel = new RemoteKernel(ports.client, borrower)
  const bandwidth = bandwidthOf(kernel, () => process, limits.cpuQuota !== undefined)
  // The container's account is with its kernel: this one only counts, and tells of what it has.
  const ledger = new Ledger()
  const cpu = new ProcessCpu(ports.cpuClock, bandwidth, ports.cpuSeat?.())
  const setLimits = ({ memory, ...changed }: Partial<Limits>): void => {
    if (memory !== undefined) ledger.setLimit('memory', memory)
    if ('cpuQuota' in changed) bandwidth.bounded = changed.cpuQuota !== undefined
  }
  const cpuMs = (): number => performance.now() - began - process.parkedMs
  process = new SecondaryThread({
    kernel,
    borrower,
    args: spec.args,
    environment: spec.environment,
    ledger,
    cpu,
    waiter: ports.waiter,
    control: ports.control,
    fuelPool: ports.fuelPool,
    setLimits,
    sliceClock: deterministic === undefined ? () => performance.now() : undefined,
    ...sourcesOf(deterministic, cpuMs),
  })
  process.handlers.unhandled = (signal) => kernel.unhandled(process, signal)
  ledger.setLimit('memory', limits.memory)
  return process
}
