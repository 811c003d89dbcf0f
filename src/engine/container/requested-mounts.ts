import { mkdir } from 'node:fs/promises'
import { EngineError } from '../../contract/errors.ts'
import type { MountSpec } from '../../contract/guest-spec.ts'
import type { AllContainers } from './containers.ts'
import type { ImageConfig } from './root-source.ts'
import type { Mount } from './run-spec.ts'
import type { VolumeMount, VolumesFrom } from './volume-mount.ts'

type AnyMount = Mount | VolumeMount

const pathOf = (target: string): string => target.replace(/(?<=.)\/+$/, '')

/** A mount of another container, for a new one; what is in memory only is each container's own. */
function sharedMount(mount: MountSpec, { readOnly }: VolumesFrom): readonly AnyMount[] {
  if (mount.type !== 'bind') return []
  const common = { target: mount.target, readOnly: readOnly || mount.readOnly }
  return mount.volume === undefined
    ? [{ ...common, type: 'bind', source: mount.source }]
    : [{ ...common, type: 'volume', source: mount.volume, noCopy: true }]
}

/**
 * The mounts a caller asks for, and those of other containers where nothing else is asked for.
 *
 * @throws EngineError `NO_SUCH_CONTAINER` | `AMBIGUOUS_ID`.
 * @source engine API reference, 14
 */
export function requestedMounts(
  all: Pick<AllContainers, 'resolve'>,
  {
    mounts = [],
    volumesFrom = [],
  }: { readonly mounts?: readonly AnyMount[]; readonly volumesFrom?: readonly VolumesFrom[] },
): readonly AnyMount[] {
  const byTarget = new Map<string, AnyMount>()
  for (const from of volumesFrom) {
    const { spec } = all.resolve(from.container).record
    for (const mount of spec.guest.mounts.flatMap((one) => sharedMount(one, from))) {
      byTarget.set(mount.target, mount)
    }
  }
  for (const { target } of mounts) byTarget.delete(pathOf(target))
  return [...mounts, ...byTarget.values()]
}

/** The volumes among `mounts`, and one for each path that wants one and has nothing mounted. */
export function volumesOf(
  mounts: readonly AnyMount[],
  volumes: readonly string[],
  image: ImageConfig,
): readonly VolumeMount[] {
  const wanted = [...volumes, ...Object.keys(image.Volumes ?? {})]
  const named = mounts.filter((mount) => mount.type === 'volume')
  const taken = new Set(mounts.map(({ target }) => pathOf(target)))
  const others = [...new Set(wanted.map(pathOf))].filter((target) => !taken.has(target))
  return [
    ...named,
    ...others.map((target) => ({ type: 'volume', source: undefined, target }) as const),
  ]
}

/**
 * Makes what is missing of directories that are to be mounted.
 *
 * @throws EngineError `INVALID_MOUNT`.
 * @source wording: moby, volume/mounts
 */
export async function makeDirectories(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await mkdir(path, { recursive: true })
    } catch (error) {
      // A file may be mounted too.
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue
      const text = `error while creating mount source path '${path}': it cannot be made`
      throw new EngineError('INVALID_MOUNT', text, { cause: error })
    }
  }
}
