/** What happens when a container asks for more memory than it may have. */
export type OomPolicy = 'term' | 'kill' | 'fail'

/** Bounds of one container. An absent one takes its value from `DEFAULT_LIMITS`. */
export interface Limits {
  /** Bytes: linear memory, the writable layer and buffers together. */
  readonly memory: number
  /** Bytes in the writable layer and in tmpfs mounts. */
  readonly disk: number
  /** Files, directories and links in the writable layer and in tmpfs mounts. */
  readonly inodes: number
  /** Open descriptors of one process (RLIMIT_NOFILE). */
  readonly openFiles: number
  /** Processes of the container. */
  readonly pids: number
  /** Weighted instructions before the container is killed; undefined for no bound. */
  readonly fuel: bigint | undefined
  /** CPUs' worth of time per 100 ms period; undefined for no bound. */
  readonly cpus: number | undefined
  /** Milliseconds of wall time before the container is killed; undefined for no bound. */
  readonly timeoutMs: number | undefined
  readonly oomPolicy: OomPolicy
}

export const DEFAULT_LIMITS: Limits = {
  memory: 512 * 2 ** 20,
  disk: 256 * 2 ** 20,
  inodes: 100_000,
  openFiles: 1_024,
  pids: 64,
  fuel: undefined,
  cpus: undefined,
  timeoutMs: undefined,
  oomPolicy: 'term',
}

/** Argument and environment bytes together, as the guest will hold them. Linux: ARG_MAX / 2. */
export const MAX_ARGUMENT_BYTES = 2 ** 20
