import type { Container } from '../../../engine/container/container.ts'
import type { ContainerRecord } from '../../../engine/container/container-record.ts'
import type { ContainerSpec } from '../../../engine/container/container-spec.ts'
import type { Execs } from '../../../engine/container/exec/execs.ts'
import { madeVolumes } from '../../../engine/container/volume-mount.ts'
import type { Containers, Images, Networks } from '../../../engine/engine.ts'
import type { Handler } from '../context.ts'
import { json } from '../json.ts'
import { flag } from '../query.ts'
import { timeOf } from '../time.ts'
import { healthShape } from './health-shape.ts'
import { hostConfigShape } from './host-config-shape.ts'
import { mountShapes } from './mounts-shape.ts'
import { networkSettingsShape } from './networks-shape.ts'
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
  Volumes: madeVolumes(spec.guest.mounts) ?? null,
  WorkingDir: spec.guest.workingDirectory,
  Entrypoint: spec.entrypoint.length === 0 ? null : spec.entrypoint,
  OnBuild: null,
  Labels: spec.labels,
  ...(spec.healthcheck && { Healthcheck: spec.healthcheck }),
  ...(spec.shell && { Shell: spec.shell }),
  ...(spec.stopSignal !== '' && { StopSignal: spec.stopSignal }),
  ...(spec.stopTimeout !== undefined && { StopTimeout: spec.stopTimeout }),
})

/** Those that have not ended. */
function idsOf(execs: Execs): readonly string[] | null {
  const ids = execs.live().map(({ id }) => id)
  return ids.length === 0 ? null : ids
}

/** @source Docker Engine API, ContainerInspect */
const inspectShape = (
  { id, name, created, spec, state, restartCount, health }: ContainerRecord,
  { execs }: Pick<Container, 'execs'>,
) => ({
  Id: id,
  Created: timeOf(created),
  Path: spec.guest.args[0] ?? '',
  Args: spec.guest.args.slice(1),
  State: { ...stateShape(state), ...(health && { Health: healthShape(health) }) },
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
  ExecIDs: idsOf(execs),
  HostConfig: hostConfigShape(spec),
  GraphDriver: { Name: 'overlay', Data: {} },
  Mounts: mountShapes(spec.guest.mounts),
  Config: configShape(spec),
})

/** `size`: also what its own layer holds. 200, 404. */
export const inspectContainer =
  (
    containers: Pick<Containers, 'resolve' | 'size'>,
    networks: Pick<Networks, 'ofContainer'>,
    images: Pick<Images, 'list'>,
  ): Handler =>
  async (c) => {
    const container = containers.resolve(referenceOf(c))
    const { record } = container
    const NetworkSettings = networkSettingsShape(networks, record)
    const sized = flag(c.req.query('size')) && (await sizeShape(containers, images, record))
    return json({ ...inspectShape(record, container), NetworkSettings, ...sized })
  }
