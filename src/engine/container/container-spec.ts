import type { GuestSpec } from '../../contract/guest-spec.ts'
import type { Attachment } from '../network/network-record.ts'
import type { RestartPolicy } from './restart-policy.ts'
import type { HealthConfig } from './root-source.ts'
import type { LimitsSpec } from './run-spec.ts'

/**
 * What a container was created with, in the engine's own words: the caller's wishes merged with what
 * its image says, every value checked. Docker's wire shapes are made from it in `api`.
 */
export interface ContainerSpec {
  /** As the caller wrote it. */
  readonly image: string
  readonly imageId: string
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  /** `NAME=value`: the caller's first, then the image's that are new. */
  readonly env: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly tty: boolean
  readonly attachStdin: boolean
  readonly attachStdout: boolean
  readonly attachStderr: boolean
  readonly openStdin: boolean
  /** The first attachment that ends its input ends the container's. */
  readonly stdinOnce: boolean
  /** As the caller wrote it; empty: SIGTERM. */
  readonly stopSignal: string
  /** Seconds of grace of a stop; undefined: 10. */
  readonly stopTimeout: number | undefined
  readonly restartPolicy: RestartPolicy
  readonly autoRemove: boolean
  /** As the caller wrote it. */
  readonly networkMode: string
  /** The networks it is on while it runs; the first is that of `networkMode`. */
  readonly networks: readonly Attachment[]
  /** PID 1 is an init that gives signals their default actions. */
  readonly init: boolean
  /** As it holds, the image's merged in. */
  readonly healthcheck?: HealthConfig
  /** What runs a line in it; absent: what runs one everywhere. */
  readonly shell?: readonly string[]
  readonly log: LogOptions
  /** As the caller asked for them; what holds is in `guest`. */
  readonly limits: LimitsSpec
  /** What a cell runs. */
  readonly guest: GuestSpec
}

/** Bytes of one file before the next is begun, and how many files are kept. */
export interface LogBounds {
  readonly maxBytes: number
  readonly maxFiles: number
}

/** `none` keeps nothing; the other two are one kind of files here. */
export const LOG_DRIVERS = ['json-file', 'local', 'none'] as const
export type LogDriver = (typeof LOG_DRIVERS)[number]

export interface LogOptions extends LogBounds {
  readonly driver: LogDriver
  /** As the caller wrote them, by Docker's names. */
  readonly asked: Readonly<Record<string, string>>
}

/** @source the threat model's limits: logBytesPerContainer, logFilesKept */
export const DEFAULT_LOG: LogOptions = {
  driver: 'json-file',
  asked: {},
  maxBytes: 10 * 2 ** 20,
  maxFiles: 3,
}
