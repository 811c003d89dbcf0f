import type { LayerFile } from '../../contract/layer.ts'

/** Docker's words for how it is found out whether a container is well. Times are ns; 0 is unsaid. */
export interface HealthConfig {
  /** `NONE`, `CMD` and arguments, or `CMD-SHELL` and a line; empty: unsaid. */
  readonly Test?: readonly string[]
  readonly Interval?: number
  readonly Timeout?: number
  readonly StartPeriod?: number
  readonly StartInterval?: number
  readonly Retries?: number
}

/** Docker's words for how an image is run. */
export interface ImageConfig {
  readonly Entrypoint: readonly string[]
  readonly Cmd: readonly string[]
  /** `NAME=value`. */
  readonly Env: readonly string[]
  readonly WorkingDir: string
  readonly User: string
  readonly Labels?: Readonly<Record<string, string>>
  readonly Healthcheck?: HealthConfig
  /** What runs a line: `CMD-SHELL` of a check, `CMD` and `ENTRYPOINT` of a change. */
  readonly Shell?: readonly string[]
  /** Paths at which a container gets a volume of its own. */
  readonly Volumes?: Readonly<Record<string, object>>
  /** `80/tcp`. */
  readonly ExposedPorts?: Readonly<Record<string, object>>
  /** Lines of a Dockerfile for a build that stands on the image. */
  readonly OnBuild?: readonly string[]
  readonly StopSignal?: string
}

/** What the root of a container is made of, and how it is run unless the caller says otherwise. */
export interface RootSource {
  /** Names the content: two sources with one key have the same files. */
  readonly key: string
  readonly config: ImageConfig
  files(): Promise<readonly LayerFile[]>
}

/** Of whoever names none. @source moby daemon/health.go, getShell */
export const DEFAULT_SHELL: readonly string[] = ['/bin/sh', '-c']

export const BARE_CONFIG: ImageConfig = {
  Entrypoint: [],
  Cmd: [],
  Env: [],
  WorkingDir: '/',
  User: '',
}
