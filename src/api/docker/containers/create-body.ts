import { z } from 'zod'
import { EngineError } from '../../../contract/errors.ts'
import type { CreateRequest } from '../../../engine/container/create.ts'
import type { LimitsSpec, Mount } from '../../../engine/container/run-spec.ts'
import type { VolumeMount, VolumesFrom } from '../../../engine/container/volume-mount.ts'
import { checkVolumeName } from '../../../engine/volume/create.ts'
import { type ApiVersion, NEWEST } from '../api-version.ts'
import { consoleSize, sizeOf } from '../console-size.ts'
import { attachmentsOf, endpointSchema } from '../networks/endpoint-body.ts'
import { foreign, ignoredOptions, refuseForeign } from './foreign-options.ts'
import { healthConfigOf, healthSchema } from './health-body.ts'
import { ignoredLogOptions, logConfigSchema, logOptionsOf } from './log-config.ts'
import { bindOf, mountOf, mountSchema, tmpfsOf } from './mount-body.ts'
import { limitsOf, resources, restartPolicyOf } from './resources-body.ts'

const text = z.string().nullish()
const yes = z.boolean().nullish()
const count = z.number().int().nullish()
const texts = z.array(z.string()).nullish()
/** Clients of old send one word where a list is meant. */
const words = z.union([z.string().transform((word) => [word]), z.array(z.string())]).nullish()
const anything = z.unknown()

const hostConfig = z.object({
  ...resources,
  Binds: texts,
  Mounts: z.array(mountSchema).nullish(),
  Tmpfs: z.record(z.string(), z.string()).nullish(),
  AutoRemove: yes,
  ReadonlyRootfs: yes,
  NetworkMode: text,
  Init: yes,
  ConsoleSize: consoleSize,
  Ulimits: z.array(z.object({ Name: z.string(), Soft: z.number(), Hard: z.number() })).nullish(),
  VolumesFrom: texts,
  LogConfig: logConfigSchema,
  ...foreign,
})

/** The body of a create: what is read of it. Unknown fields are let pass, as dockerd does. */
export const createSchema = z.object({
  Image: text,
  Cmd: words,
  Entrypoint: words,
  Env: texts,
  WorkingDir: text,
  User: text,
  Hostname: text,
  Domainname: text,
  Labels: z.record(z.string(), z.string()).nullish(),
  Volumes: z.record(z.string(), anything).nullish(),
  Tty: yes,
  AttachStdin: yes,
  AttachStdout: yes,
  AttachStderr: yes,
  OpenStdin: yes,
  StdinOnce: yes,
  StopSignal: text,
  StopTimeout: count,
  Healthcheck: healthSchema,
  Shell: texts,
  HostConfig: hostConfig.nullish(),
  NetworkingConfig: z
    .object({ EndpointsConfig: z.record(z.string(), endpointSchema.nullable()).nullish() })
    .nullish(),
})

export type CreateBody = z.output<typeof createSchema>
type HostConfig = z.output<typeof hostConfig>

const invalid = (reason: string): EngineError => new EngineError('INVALID_ARGUMENT', reason)

function boundsOf(host: HostConfig): LimitsSpec {
  const nofile = host.Ulimits?.find(({ Name }) => Name === 'nofile')
  return { ...limitsOf(host), ...(nofile && { openFiles: nofile.Soft }) }
}

const hostSource = (mount: Mount | VolumeMount): readonly string[] =>
  mount.type === 'bind' ? [mount.source] : []

const mountsOf = ({ Binds, Mounts, Tmpfs }: HostConfig): readonly (Mount | VolumeMount)[] => [
  ...(Binds ?? []).map(bindOf),
  ...(Mounts ?? []).map(mountOf),
  ...Object.entries(Tmpfs ?? {}).map(([target, options]) => tmpfsOf(target, options)),
]

/** Options that are accepted and change nothing, and what the client is told of them. */
export const warningsOf = (
  { HostConfig: host }: CreateBody,
  platform: string,
): readonly string[] => [
  ...ignoredOptions(host ?? {}, platform),
  ...ignoredLogOptions(host?.LogConfig),
  ...(host?.Ulimits ?? [])
    .filter(({ Name }) => Name !== 'nofile')
    .map(({ Name }) => `Ulimit ${Name} was ignored: this version has no such limit.`),
]

/** `v:/x` is no path here: whoever writes it means a volume. @source moby, volume/local */
function volumePath(path: string): string {
  if (!/^[a-zA-Z]:\//.test(path)) return path
  checkVolumeName(path.slice(0, 1))
  return path
}

/** `ID`, `ID:ro` or `ID:rw`. @source engine API reference, 14 */
function volumesFromOf(text: string): VolumesFrom {
  const [, container = '', mode = 'rw'] = /^([^:]+)(?::(.*))?$/.exec(text) ?? []
  if (container === '') throw invalid(`invalid volumes-from specification: ${text}`)
  if (!['ro', 'rw', 'z'].includes(mode)) throw invalid(`invalid mode for volumes-from: ${mode}`)
  return { container, readOnly: mode === 'ro' }
}

/** Leaves out what is null, undefined, or an empty text: Docker's ways of saying nothing. */
function said<T extends Readonly<Record<string, unknown>>>(fields: T) {
  const entries = Object.entries(fields).filter(([, value]) => value != null && value !== '')
  // The same keys, without those that say nothing.
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> }
}

/**
 * The engine's request from Docker's body.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `INVALID_MOUNT`.
 */
export function requestOf(
  body: CreateBody,
  name: string | undefined,
  version: ApiVersion = NEWEST,
): CreateRequest {
  if (!body.Image) {
    throw invalid('config cannot be empty in order to create a container')
  }
  const host = body.HostConfig ?? {}
  refuseForeign(host)
  return {
    ...said({
      name,
      entrypoint: body.Entrypoint,
      cmd: body.Cmd,
      env: body.Env,
      workingDir: body.WorkingDir,
      user: body.User,
      hostname: body.Hostname,
      domainname: body.Domainname,
      labels: body.Labels,
      tty: body.Tty,
      attachStdin: body.AttachStdin,
      attachStdout: body.AttachStdout,
      attachStderr: body.AttachStderr,
      openStdin: body.OpenStdin,
      stdinOnce: body.StdinOnce,
      stopSignal: body.StopSignal,
      stopTimeout: body.StopTimeout,
      autoRemove: host.AutoRemove,
      readOnlyRoot: host.ReadonlyRootfs,
      networkMode: host.NetworkMode === 'default' ? undefined : host.NetworkMode,
      init: host.Init,
      healthcheck: healthConfigOf(body.Healthcheck, version),
      shell: body.Shell,
    }),
    image: body.Image,
    log: logOptionsOf(host.LogConfig),
    terminalSize: sizeOf(host.ConsoleSize),
    restartPolicy: restartPolicyOf(host),
    limits: boundsOf(host),
    mounts: mountsOf(host),
    // Of `Binds` alone: a source of `Mounts` must be there.
    makeDirectories: (host.Binds ?? []).map(bindOf).flatMap(hostSource),
    volumes: Object.keys(body.Volumes ?? {}).map(volumePath),
    volumesFrom: (host.VolumesFrom ?? []).map(volumesFromOf),
    networks: attachmentsOf(body.NetworkingConfig?.EndpointsConfig),
  }
}
