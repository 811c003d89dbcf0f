import type { Container } from '../../../engine/container/container.ts'
import type { ContainerRecord } from '../../../engine/container/container-record.ts'
import type { ContainerSpec } from '../../../engine/container/container-spec.ts'
import type { Containers } from '../../../engine/engine.ts'
import type { Handler } from '../context.ts'
import { json } from '../json.ts'
import { flag } from '../query.ts'
import { timeOf } from '../time.ts'
import { mountShapes } from './mounts-shape.ts'
import { sizeShape } from './size-shape.ts'
import { stateShape } from './state.ts'
import { referenceOf } from './verbs.ts'

const configShape = (spec: ContainerSpec) => ({
  Hostname: spec.guest.hostname,
  Domainname: spec.guest.domainname,
  User: spec.guest.user,
  AttachStdin: spec.attachStdin,
  AttachStdout: spec.attachStdout,
  AttachStderr: spec.attachStderr,
  Tty: spec.tty,
  OpenStdin: spec.openStdin,
  StdinOnce: spec.stdinOnce,
  Env: spec.env,
  Cmd: spec.cmd.length === 0 ? null : spec.cmd,
  Image: spec.image,
  Volumes: null,
  WorkingDir: spec.guest.workingDirectory,
  Entrypoint: spec.entrypoint.length === 0 ? null : spec.entrypoint,
  OnBuild: null,
  Labels: spec.labels,
  ...(spec.stopSignal !== '' && { StopSignal: spec.stopSignal }),
  ...(spec.stopTimeout !== undefined && { StopTimeout: spec.stopTimeout }),
})

const NANO = 1_000_000_000

const bindText = ({
  source,
  target,
  readOnly,
}: {
  source: string
  target: string
  readOnly: boolean
}) => `${source}:${target}${readOnly ? ':ro' : ''}`

/** As asked for: a limit nobody gave is 0, although a default holds. */
const hostConfigShape = ({ guest, limits, ...spec }: ContainerSpec) => ({
  Binds: guest.mounts.flatMap((mount) => (mount.type === 'bind' ? [bindText(mount)] : [])),
  ContainerIDFile: '',
  LogConfig: { Type: 'json-file', Config: {} },
  NetworkMode: spec.networkMode,
  PortBindings: {},
  RestartPolicy: {
    Name: spec.restartPolicy.name,
    MaximumRetryCount: spec.restartPolicy.maximumRetryCount,
  },
  AutoRemove: spec.autoRemove,
  VolumeDriver: '',
  VolumesFrom: null,
  CapAdd: null,
  CapDrop: null,
  Privileged: false,
  ReadonlyRootfs: guest.readOnlyRoot,
  Init: spec.init,
  Memory: limits.memory === undefined ? 0 : guest.limits.memory,
  NanoCpus: Math.round((limits.cpus ?? 0) * NANO),
  PidsLimit: limits.pids ?? null,
  Runtime: 'bulkhead',
  Isolation: '',
  ShmSize: 67_108_864,
})

const NO_NETWORK = {
  SandboxID: '',
  SandboxKey: '',
  Ports: {},
  Gateway: '',
  IPAddress: '',
  MacAddress: '',
  Networks: {},
}

/** @source Docker Engine API, ContainerInspect */
const inspectShape = ({ id, name, created, spec, state, restartCount }: ContainerRecord) => ({
  Id: id,
  Created: timeOf(created),
  Path: spec.guest.args[0] ?? '',
  Args: spec.guest.args.slice(1),
  State: stateShape(state),
  Image: spec.imageId,
  ResolvConfPath: '',
  HostnamePath: '',
  HostsPath: '',
  LogPath: '',
  Name: `/${name}`,
  RestartCount: restartCount,
  Driver: 'overlay',
  Platform: 'linux',
  MountLabel: '',
  ProcessLabel: '',
  AppArmorProfile: '',
  ExecIDs: null,
  HostConfig: hostConfigShape(spec),
  GraphDriver: { Name: 'overlay', Data: {} },
  Mounts: mountShapes(spec.guest.mounts),
  Config: configShape(spec),
  NetworkSettings: NO_NETWORK,
})

/** `size`: also what its own layer holds. 200, 404. */
export const inspectContainer =
  (containers: Pick<Containers, 'resolve' | 'size'>): Handler =>
  async (c) => {
    const { record }: Container = containers.resolve(referenceOf(c))
    const sized = flag(c.req.query('size')) && (await sizeShape(containers, record.id))
    return json({ ...inspectShape(record), ...sized })
  }
