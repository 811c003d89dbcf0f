import type { Limits } from './limits.ts'
import type { TerminalSize } from './terminal.ts'

/** A mount beside the root and the container's own /proc, /dev and /sys. */
export type MountSpec =
  | {
      readonly type: 'bind'
      /** Absolute path on the host. */
      readonly source: string
      /** Absolute path in the container. */
      readonly target: string
      readonly readOnly: boolean
      /** The volume whose directory it is; absent for a directory of the host's own. */
      readonly volume?: string
    }
  | {
      readonly type: 'tmpfs'
      readonly target: string
      /** Bytes; undefined: only the container's disk limit holds. */
      readonly size: number | undefined
      readonly mode: number
      readonly readOnly: boolean
    }

/** Frozen clocks and seeded randomness: the same module and input give the same run. */
export interface Determinism {
  readonly seed: number
  /** Milliseconds since 1970 at which the clocks stand. */
  readonly epoch: number
}

/** A file put into the container before it starts. */
export interface InputFile {
  readonly path: string
  readonly bytes: Uint8Array
  readonly mode: number
}

/** Everything a process needs to know of itself. Plain data: it is posted to a worker. */
export interface GuestSpec {
  readonly args: readonly string[]
  /** `NAME=value`. */
  readonly environment: readonly string[]
  readonly workingDirectory: string
  readonly user: string
  readonly hostname: string
  readonly domainname: string
  readonly readOnlyRoot: boolean
  readonly mounts: readonly MountSpec[]
  /** Guest name and path in the container of each preopened directory, from descriptor 3 on. */
  readonly preopens: readonly (readonly [name: string, path: string])[]
  /** Explicit preopens bring the WASI rules for paths; without them Linux's hold. */
  readonly personality: 'container' | 'strict'
  readonly escapeErrno: 'PERM' | 'NOTCAPABLE'
  readonly files: readonly InputFile[]
  /** Paths whose bytes are wanted when the process has ended. */
  readonly collect: readonly string[]
  readonly limits: Limits
  readonly deterministic: Determinism | undefined
  /** Its standard streams are one terminal; what it writes leaves through standard output. */
  readonly terminal: TerminalSize | undefined
  /** Signals have their default actions for PID 1 too, as if an init stood in front of it. */
  readonly init: boolean
}

/** What one more process of a running container needs to know of itself. Plain data, as `GuestSpec`. */
export interface ExecSpec {
  readonly args: readonly string[]
  /** `NAME=value`. */
  readonly environment: readonly string[]
  readonly workingDirectory: string
  readonly user: string
  readonly terminal: TerminalSize | undefined
}
