/** What happens when a container asks for more memory than it may have. */
export type OomPolicy = 'term' | 'kill' | 'fail'

/** Rates of file I/O, per second of wall time; undefined for no bound. */
export interface IoLimits {
  /** Bytes. */
  readonly readBps: number | undefined
  readonly writeBps: number | undefined
  /** Calls that move bytes. */
  readonly readIops: number | undefined
  readonly writeIops: number | undefined
}

/** Bounds of one container. An absent one takes its value from `DEFAULT_LIMITS`. */
export interface Limits extends IoLimits {
  /** Bytes: linear memory, the writable layer and buffers together. */
  readonly memory: number
  /** Bytes in the writable layer and in tmpfs mounts. */
  readonly disk: number
  /** Files, directories and links in the writable layer and in tmpfs mounts. */
  readonly inodes: number
  /** Open descriptors of one process (RLIMIT_NOFILE). */
  readonly openFiles: number
  /** Bytes of the largest file a process may write (RLIMIT_FSIZE); undefined for no bound. */
  readonly fileSize: number | undefined
  /** Processes of the container. */
  readonly pids: number
  /** Weighted instructions before the container is killed; undefined for no bound. */
  readonly fuel: bigint | undefined
  /** µs of CPU in each period; undefined for no bound. */
  readonly cpuQuota: number | undefined
  /** µs. */
  readonly cpuPeriod: number
  /** Weight among the containers of a cell that want more CPUs than there are. */
  readonly cpuShares: number
  /** Milliseconds of wall time before the container is killed; undefined for no bound. */
  readonly timeoutMs: number | undefined
  /** Bytes of all files together that a run brings back at its end. */
  readonly collect: number
  readonly oomPolicy: OomPolicy
}

export const DEFAULT_LIMITS: Limits = {
  memory: 512 * 2 ** 20,
  disk: 256 * 2 ** 20,
  inodes: 100_000,
  openFiles: 1_024,
  fileSize: undefined,
  pids: 64,
  fuel: undefined,
  cpuQuota: undefined,
  // cpu.max of cgroup v2
  cpuPeriod: 100_000,
  // docker-run(1), "--cpu-shares"
  cpuShares: 1_024,
  readBps: undefined,
  writeBps: undefined,
  readIops: undefined,
  writeIops: undefined,
  timeoutMs: undefined,
  // As much as is kept of a captured stream.
  collect: 64 * 2 ** 20,
  oomPolicy: 'term',
}

/** The most that `collect` may be: they are in memory at once, several times on their way. */
export const MOST_COLLECTED = 2 ** 30

/** Argument and environment bytes together, as the guest will hold them. Linux: ARG_MAX / 2. */
export const MAX_ARGUMENT_BYTES = 2 ** 20
