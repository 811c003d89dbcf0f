import type { MountSpec } from '../../../contract/guest-spec.ts'
import { isMadeUp } from '../../../engine/container/volume-mount.ts'

type Bind = Extract<MountSpec, { type: 'bind' }>

const volumeShape = (mount: Bind, name: string) => ({
  Type: 'volume',
  Name: name,
  Source: mount.source,
  Destination: mount.target,
  Driver: 'local',
  Mode: isMadeUp(mount) ? '' : 'z',
  RW: !mount.readOnly,
  Propagation: '',
})

/** `Mounts` of a container: tmpfs mounts are not among them. */
export const mountShapes = (mounts: readonly MountSpec[]) =>
  mounts.flatMap((mount) =>
    mount.type !== 'bind'
      ? []
      : mount.volume !== undefined
        ? [volumeShape(mount, mount.volume)]
        : [
            {
              Type: 'bind',
              Source: mount.source,
              Destination: mount.target,
              Mode: mount.readOnly ? 'ro' : '',
              RW: !mount.readOnly,
              Propagation: 'rprivate',
            },
          ],
  )
