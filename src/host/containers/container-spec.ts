import { EngineError } from '../../contract/errors.ts'
import type { CreateRequest } from '../../engine/container/create.ts'
import type { LimitsSpec, RunSpec } from '../../engine/container/run-spec.ts'
import { entriesOf } from './environment.ts'

type Shared =
  | 'cmd'
  | 'entrypoint'
  | 'env'
  | 'cwd'
  | 'user'
  | 'hostname'
  | 'domainname'
  | 'name'
  | 'labels'
  | 'mounts'
  | 'readOnly'
  | 'init'

/** Limits of what a container does not do. */
const RUN_ONLY = {
  timeoutMs: 'only a run ends by itself',
  collect: 'only a run brings files back',
} as const satisfies Partial<Record<keyof LimitsSpec, string>>
type RunOnly = keyof typeof RUN_ONLY

/** What a container is made of. What `run` has too means the same here. */
export interface ContainerSpec extends Pick<RunSpec, Shared> {
  /** An image of the catalogue; pulled on first use. */
  readonly image: string
  /** Time is the caller's own: `AbortSignal.timeout(ms)` where something takes a signal. */
  readonly limits?: Omit<LimitsSpec, RunOnly>
  /** Ends the waiting for a pull. */
  readonly signal?: AbortSignal
}

/** The engine's own request. EngineError INVALID_ARGUMENT | INVALID_LIMIT. */
export function createRequestOf(spec: ContainerSpec): CreateRequest {
  const { env, cwd, readOnly, signal: _, ...same } = spec
  for (const [name, why] of Object.entries(RUN_ONLY)) {
    if (spec.limits === undefined || !Object.hasOwn(spec.limits, name)) continue
    throw new EngineError('INVALID_LIMIT', `a container has no ${name}: ${why}`)
  }
  return {
    ...same,
    env: entriesOf(env),
    ...(cwd !== undefined && { workingDir: cwd }),
    ...(readOnly !== undefined && { readOnlyRoot: readOnly }),
  }
}
