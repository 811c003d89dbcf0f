import type { EndReason } from '../contract/exit.ts'
import type { ProcessThread } from '../kernel/process/process-thread.ts'

/** What a kernel may do to the thread of one of its processes, wherever that is. */
export type SignalPort = Pick<ProcessThread, 'handle' | 'end' | 'stop' | 'resume'>

/** Signals for the handler of a guest. */
export interface TakenSignals {
  readonly signals: readonly number[]
  /** What it waits for is to be given up. */
  readonly interrupts: boolean
}

/** Why a process must end. */
export interface Condemned {
  readonly reason: EndReason
  /** Of `signal`. */
  readonly signal: number
}
