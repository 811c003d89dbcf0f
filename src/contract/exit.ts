/** Why a process is no longer there. */
export type EndReason =
  /** It returned from `_start` or called `proc_exit`. */
  | 'exit'
  /** A wasm trap: `unreachable`, out of bounds, division by zero, stack overflow … */
  | 'trap'
  /** Somebody asked for it: kill, abort. */
  | 'killed'
  /** The default action of a signal: the code is 128 + its number. */
  | 'signal'
  | 'fuel'
  | 'timeout'
  | 'memory'
  /** Its worker died; what it had written is gone. */
  | 'lost'
  /** It could not be started; the message says why. */
  | 'failed'

/** What a shell says of a process that a signal ended: this and the signal's number. */
export const SIGNAL_EXIT = 128

/** The exit code of each end that is not the guest's own choice. 128 + signal, as a shell says it. */
export const EXIT_CODE_OF: Readonly<
  Record<Exclude<EndReason, 'exit' | 'signal' | 'failed'>, number>
> = {
  trap: 134,
  killed: 137,
  fuel: 137,
  timeout: 137,
  memory: 137,
  lost: 137,
}

/** Docker's codes for a run that never reached the guest. @source docker-run(1), "Exit Status" */
export const EXIT_NOT_STARTED = 125
export const EXIT_NOT_EXECUTABLE = 126
export const EXIT_NOT_FOUND = 127

/** What a run cost. */
export interface Usage {
  /**
   * Weighted instructions, exact for a run that ended by itself. Of two ways at a branch that differ by
   * little both cost the longer one (meter/even-ways.ts).
   */
  readonly fuel: bigint
  /** Version of the weights and of that rule. */
  readonly fuelVersion: number
  /** Milliseconds of CPU its thread used; where no platform tells, wall time without its waits. */
  readonly cpuMs: number
  /** Milliseconds from the start of the process to its end. */
  readonly wallMs: number
  /** Bytes, at the highest point. */
  readonly peakMemory: number
  /** Bytes the writable layer and tmpfs mounts held at the highest point. */
  readonly peakDisk: number
  readonly syscalls: number
  /** Bytes of stored files, as io.stat counts them: no pipe, no terminal, no standard stream. */
  readonly readBytes: number
  readonly writtenBytes: number
}

/** How a process ended. */
export interface ExitReport {
  readonly exitCode: number
  readonly reason: EndReason
  /** One line for the operator: the trap's message, the limit that was met. */
  readonly message: string | undefined
  readonly oomKilled: boolean
  readonly usage: Usage
}
