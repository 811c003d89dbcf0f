import { numberOf } from '../abi/call-numbers.ts'
import type { HandlerPort } from '../abi/preview1/call.ts'
import { Errno } from '../contract/errno.ts'
import type { ExitReport } from '../contract/exit.ts'
import type { Determinism } from '../contract/guest-spec.ts'
import type { Limits } from '../contract/limits.ts'
import { Ledger } from '../kernel/cgroup/ledger.ts'
import type { Program } from './execute.ts'
import { executeAll } from './execute-all.ts'
import type { Caller } from './guest-calls.ts'
import { reportOf, usageOf } from './guest-exit.ts'
import type { GuestPorts } from './guest-ports.ts'
import { KeptForNext } from './kept-for-next.ts'
import type { MailboxClient } from './mailbox.ts'
import { type Bandwidth, ProcessCpu } from './process-cpu.ts'
import { RemoteKernel } from './remote-kernel.ts'
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

export interface SecondaryPorts extends GuestPorts {
  readonly client: MailboxClient
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
  process.cpu.enter(began)
  try {
    const end = executeAll(program, process, kept, ports, (memory) => callerOf(process, memory))
    process.publish()
    const usage = usageOf(process, performance.now() - began)
    return { report: reportOf(end, usage), unpaidUs: process.cpu.unpaid }
  } finally {
    process.cpu.leave(performance.now())
  }
}

/** Its container's quota, asked for through the mailbox. */
function bandwidthOf(kernel: RemoteKernel, process: () => SecondaryThread) {
  let rested = 0
  const state = {
    bounded: false,
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
  const kernel = new RemoteKernel(ports.client, ports)
  const bandwidth = bandwidthOf(kernel, () => process)
  // The container's account is with its kernel: this one only counts, and tells of what it has.
  const ledger = new Ledger()
  const cpu = new ProcessCpu(ports.cpuClock, bandwidth, ports.cpuSeat?.(limits.cpuShares))
  const setLimits = ({ memory, cpuShares, ...changed }: Partial<Limits>): void => {
    if (memory !== undefined) ledger.setLimit('memory', memory)
    if (cpuShares !== undefined) cpu.setShares(cpuShares)
    if ('cpuQuota' in changed) bandwidth.bounded = changed.cpuQuota !== undefined
  }
  const cpuMs = (): number => performance.now() - began - process.parkedMs
  process = new SecondaryThread({
    kernel,
    args: spec.args,
    environment: spec.environment,
    ledger,
    cpu,
    waiter: ports.waiter,
    control: ports.control,
    fuelLimit: limits.fuel,
    setLimits,
    sliceClock: deterministic === undefined ? () => performance.now() : undefined,
    ...sourcesOf(deterministic, cpuMs),
  })
  setLimits({ memory: limits.memory, cpuQuota: limits.cpuQuota })
  return process
}

/** The guest's function is found on this thread; the kernel is told that there is one. */
const handlerOf = (process: SecondaryThread): HandlerPort => ({
  set: (name) => {
    const found = process.handlers.set(name)
    process.kernel.handler(process, found && name !== '')
    return found
  },
})

/** Calls that need nothing of the kernel are made here, all others through the mailbox. */
function callerOf(process: SecondaryThread, memory: Parameters<RemoteKernel['call']>[3]): Caller {
  const handler = handlerOf(process)
  return (row, args) => {
    if (row.where === 'caller') {
      // V8 holds the arguments to the types of the import, which are those of the handler.
      return row.handler({ process, memory, handler }, ...(args as never[]))
    }
    const number = numberOf(row)
    if (number === undefined) return Errno.NOSYS
    return process.kernel.call(process, { number, reach: row.reach }, args, memory)
  }
}
