import type { Input, OutputConsumer } from '../../contract/cell.ts'
import type { EndReason, Usage } from '../../contract/exit.ts'
import type { OomPolicy } from '../../contract/limits.ts'
import type { TerminalSize } from '../../contract/terminal.ts'

/** Bounds as a caller writes them. Sizes are bytes or Docker's size text, such as `128m`. */
export interface LimitsSpec {
  readonly memory?: number | string
  readonly disk?: number | string
  readonly inodes?: number
  /** Descriptors of one process (`--ulimit nofile=`). */
  readonly openFiles?: number
  /** Bytes of the largest file it may write (`--ulimit fsize=`). */
  readonly fileSize?: number | string
  readonly pids?: number
  /** CPUs' worth of time, from 0.01: the short form of `cpuQuota` in periods of 100 ms. */
  readonly cpus?: number
  /** µs of CPU in each period, from 1000; -1 for no bound. */
  readonly cpuQuota?: number
  /** µs, 1000 to 1000000; 100000 unless given. */
  readonly cpuPeriod?: number
  /** Weight among containers that want more CPUs than there are: 2 to 262144, 1024 unless given. */
  readonly cpuShares?: number
  /** Bytes per second of reads from files, and of writes to them. */
  readonly readBps?: number | string
  readonly writeBps?: number | string
  /** Reads from files per second, and writes to them. */
  readonly readIops?: number
  readonly writeIops?: number
  /** Weighted instructions before the container is killed with 137. */
  readonly fuel?: bigint | number
  readonly timeoutMs?: number
  /** Bytes of all files of `RunSpec.collect` together; 64m unless given, at most 1g. */
  readonly collect?: number | string
  readonly oomPolicy?: OomPolicy
}

export type Mount =
  | {
      readonly type: 'bind'
      readonly source: string
      readonly target: string
      readonly readOnly?: boolean
    }
  | {
      readonly type: 'tmpfs'
      readonly target: string
      readonly size?: number | string
      /** Permission bits of its root; 0o1777 unless given. */
      readonly mode?: number
      readonly readOnly?: boolean
    }

/** What becomes of an output stream: kept in the result, thrown away, or handed on as it comes. */
export type OutputSpec = 'capture' | 'ignore' | OutputConsumer | WritableStream<Uint8Array>

export interface RunSpec {
  /** An image of the catalogue; pulled on first use. Either this or `module`. */
  readonly image?: string
  /** A module's bytes, or the path of a `.wasm` file. */
  readonly module?: Uint8Array | string
  /** With `module`: a host directory, copied in as the read-only layer below `/`. */
  readonly rootfs?: string
  /** Replaces the image's command; follows its entrypoint. */
  readonly cmd?: readonly string[]
  /** With `module`: the arguments after the program's own name. */
  readonly args?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** `user[:group]`, names or numbers. */
  readonly user?: string
  readonly hostname?: string
  readonly domainname?: string
  readonly name?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly stdin?: string | Input | ReadableStream<Uint8Array>
  readonly stdout?: OutputSpec
  readonly stderr?: OutputSpec
  /**
   * Files put in before the start: path in the container to text or bytes. A module, or a script with `#!`,
   * may be executed.
   */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /**
   * Paths whose bytes come back in `RunResult.files`, where they are regular files. For more than
   * `limits.collect` of them `run` throws a FilesTooLargeError, which has the rest of the result.
   */
  readonly collect?: readonly string[]
  readonly mounts?: readonly Mount[]
  /** Guest name to path in the container. Explicit preopens bring WASI's own rules for paths. */
  readonly preopens?: Readonly<Record<string, string>>
  /** What leaving a preopen answers; EPERM unless given. */
  readonly escapeErrno?: 'EPERM' | 'ENOTCAPABLE'
  readonly readOnly?: boolean
  /** Its standard streams are one terminal of this size; all it writes is `stdout`. */
  readonly terminal?: TerminalSize
  /** Is given, once, what tells the terminal another size. */
  readonly onTerminal?: (resize: (size: TerminalSize) => void) => void
  /** Signals have their default actions, as if an init stood in front of it. */
  readonly init?: boolean
  readonly limits?: LimitsSpec
  /** Frozen clocks (at `epoch`, ms since 1970) and seeded randomness. */
  readonly deterministic?: { readonly seed: number; readonly epoch?: number | Date }
  readonly signal?: AbortSignal
}

/** What a run left behind. */
export interface RunResult {
  /** 64 hex digits, as Docker names containers. */
  readonly id: string
  readonly name: string | undefined
  /** 0 to 255; 134 for a trap, 137 for a kill of any kind. */
  readonly exitCode: number
  readonly reason: EndReason
  /** One line saying why a run ended other than by its own choice. */
  readonly message: string | undefined
  readonly oomKilled: boolean
  /** What was captured; empty when the stream went elsewhere. */
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** True when a captured stream was longer than is kept, and cut. */
  readonly truncated: boolean
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly usage: Usage
  /** `stdout` as UTF-8. */
  text(): string
}
