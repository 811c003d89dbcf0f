import type { MountSpec } from '../../../contract/guest-spec.ts'

/** `Mounts` of a container: tmpfs mounts are not among them. */
export const mountShapes = (mounts: readonly MountSpec[]) =>
  mounts.flatMap((mount) =>
    mount.type === 'bind'
      ? [
          {
            Type: 'bind',
            Source: mount.source,
            Destination: mount.target,
            Mode: mount.readOnly ? 'ro' : '',
            RW: !mount.readOnly,
            Propagation: 'rprivate',
          },
        ]
      : [],
  )
