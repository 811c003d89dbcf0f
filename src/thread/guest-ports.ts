import type { CpuClock } from '../contract/clock.ts'
import type { Limits } from '../contract/limits.ts'
import type { StandardStreams } from '../contract/streams.ts'
import type { FuelPool } from './fuel-pool.ts'
import type { LiveTree } from './live-tree.ts'
import type { PlainOrder } from './order.ts'
import type { PipePlace } from './pipe-ring.ts'
import type { Program } from './program.ts'
import type { CpuSeat } from './run-queue.ts'
import type { Condemned, SignalPort, TakenSignals } from './signal-port.ts'

/** Where a process sleeps: the only thing in the product that waits. */
export interface Waiter {
  /**
   * True when `changed` holds, false when `deadline` (ms of `performance.now()`; Infinity for none)
   * has passed first. `paused`: for whoever looks at it, it stands still, and does not wait.
   */
  park(changed: () => boolean, deadline: number, as?: 'blocked' | 'paused'): boolean
}

/** What others may read of a process while it runs. Bytes, pieces, units of fuel; they only grow, but
 * for the memory and the processes there are now. */
export interface Counters {
  readonly fuel: bigint
  /** Milliseconds. */
  readonly cpuMs: number
  readonly memory: number
  /** Infinity for none. */
  readonly memoryLimit: number
  readonly syscalls: number
  readonly readBytes: number
  readonly writtenBytes: number
  /** Of its container; 0 where its kernel is elsewhere. */
  readonly processes: number
}

/** What the outside may say to a process, and what the process says of itself. */
export interface ProcessControl {
  /** True when something waits to be taken: one atomic load. */
  raised(): boolean
  /** Why the process must end, once somebody has said so. Sticky. */
  condemned(): Condemned | undefined
  /** True while the process must stand still, and nothing else is asked of it. */
  pausing(): boolean
  /** Signals for the guest's handler that came since the last call; undefined: none. */
  takeSignals(): TakenSignals | undefined
  /** Limits that were changed since the last call; undefined: none. */
  changedLimits(): Partial<Limits> | undefined
  /** At every safepoint and park: the counters others read while the process runs. */
  publish(counters: Counters): void
}

/** What a process gets from the thread it runs on, wherever its kernel is. */
export interface ThreadPorts {
  readonly waiter: Waiter
  readonly control: ProcessControl
  /** Of the thread the process runs on. */
  readonly cpuClock: CpuClock
  /** What its container may use; absent: this process alone has its limit. */
  readonly fuelPool?: FuelPool | undefined
  /** The program that was ordered for a process that goes on as it; absent where there is no cell. */
  readonly nextProgram?: (() => Program) | undefined
  /** Its part in the cell's queue for the CPUs; absent where it runs alone. */
  readonly cpuSeat?: (() => CpuSeat) | undefined
}

/**
 * And what the first process of a container gets, whose kernel is on its thread: rings and doorbells in a
 * worker, arrays in tests.
 */
export interface GuestPorts extends ThreadPorts, StandardStreams {
  /** Of its own thread. */
  readonly signals: SignalPort
  /** Told of the container's files, before its process begins; absent where nobody asks for them. */
  readonly serves?: (tree: LiveTree) => void
  /** Sends an order to the cell; absent where there is none. */
  readonly order?: (order: PlainOrder) => void
  /** Where its kernel sits, for the pipes that it lends; absent where there is nobody to lend them to. */
  readonly place?: PipePlace
}
