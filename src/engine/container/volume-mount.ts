import type { MountSpec } from '../../contract/guest-spec.ts'

/** A volume that a container is to have mounted. */
export interface VolumeMount {
  readonly type: 'volume'
  /** Its name; undefined: one is made that nobody named. */
  readonly source: string | undefined
  readonly target: string
  readonly readOnly?: boolean
  readonly driver?: string | undefined
  /** Of a volume that is made. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** An empty volume is not filled with what the image has there. */
  readonly noCopy?: boolean
}

/** Another container whose volumes and bind mounts are wanted. */
export interface VolumesFrom {
  readonly container: string
  readonly readOnly: boolean
}

/** Names that were made up, for volumes that nobody named. */
const MADE_UP = /^[0-9a-f]{64}$/

export const isMadeUp = (mount: MountSpec): boolean =>
  mount.type === 'bind' && mount.volume !== undefined && MADE_UP.test(mount.volume)

/** The paths that have one, as Docker's `Config.Volumes` has them; undefined for none. */
export function madeVolumes(
  mounts: readonly MountSpec[],
): Readonly<Record<string, object>> | undefined {
  const targets = mounts.filter(isMadeUp).map(({ target }) => [target, {}] as const)
  return targets.length === 0 ? undefined : Object.fromEntries<object>(targets)
}
