import { z } from 'zod'
import { EngineError } from '../../../contract/errors.ts'
import type { CreateRequest } from '../../../engine/container/create.ts'
import type { LimitsSpec, Mount } from '../../../engine/container/run-spec.ts'
import type { VolumeMount } from '../../../engine/container/volume-mount.ts'
import { type ApiVersion, NEWEST } from '../api-version.ts'
import { attachmentsOf, endpointSchema } from '../networks/endpoint-body.ts'
import { healthConfigOf, healthSchema } from './health-body.ts'
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
  Ulimits: z.array(z.object({ Name: z.string(), Soft: z.number(), Hard: z.number() })).nullish(),
  LogConfig: z.object({ Type: text, Config: z.record(z.string(), z.string()).nullish() }).nullish(),
  Privileged: yes,
  CapAdd: texts,
  CapDrop: texts,
  SecurityOpt: texts,
  Devices: z.array(anything).nullish(),
  DeviceRequests: z.array(anything).nullish(),
  Runtime: text,
  PidMode: text,
  IpcMode: text,
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

const mountsOf = ({ Binds, Mounts, Tmpfs }: HostConfig): readonly (Mount | VolumeMount)[] => [
  ...(Binds ?? []).map(bindOf),
  ...(Mounts ?? []).map(mountOf),
  ...Object.entries(Tmpfs ?? {}).map(([target, options]) => tmpfsOf(target, options)),
]

/** What cannot mean anything here and must not be passed over in silence. */
function refuse({
  Devices,
  DeviceRequests,
  Runtime,
  PidMode,
  IpcMode,
  LogConfig,
}: HostConfig): void {
  const cannot = (what: string): EngineError =>
    invalid(`${what} is not supported: guests are WebAssembly programs in threads of this daemon`)
  if (Devices && Devices.length > 0) throw cannot('Devices')
  if (DeviceRequests && DeviceRequests.length > 0) throw cannot('DeviceRequests (GPUs)')
  if (Runtime && Runtime !== 'bulkhead') throw cannot(`runtime ${JSON.stringify(Runtime)}`)
  if (PidMode === 'host') throw cannot('PidMode "host"')
  if (IpcMode === 'host') throw cannot('IpcMode "host"')
  const log = LogConfig?.Type || 'json-file'
  if (log !== 'json-file') throw invalid(`logger: no log driver named '${log}' is registered`)
}

/** Options that are accepted and change nothing, and what the client is told of them. */
export function warningsOf({ HostConfig: host }: CreateBody): readonly string[] {
  const meaningless = [
    ['Privileged', host?.Privileged === true],
    ['CapAdd', (host?.CapAdd?.length ?? 0) > 0],
    ['CapDrop', (host?.CapDrop?.length ?? 0) > 0],
    ['SecurityOpt', (host?.SecurityOpt?.length ?? 0) > 0],
  ] as const
  return meaningless
    .filter(([, given]) => given)
    .map(([name]) => `${name} has no meaning for WebAssembly guests and was ignored.`)
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
  refuse(host)
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
    }),
    image: body.Image,
    restartPolicy: restartPolicyOf(host),
    limits: boundsOf(host),
    mounts: mountsOf(host),
    volumes: Object.keys(body.Volumes ?? {}),
    networks: attachmentsOf(body.NetworkingConfig?.EndpointsConfig),
  }
}
