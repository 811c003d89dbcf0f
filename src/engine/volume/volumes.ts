import { EngineError } from '../../contract/errors.ts'
import type { Mutex } from '../../std/mutex.ts'
import type { AllContainers } from '../container/containers.ts'
import type { Events } from '../event/events.ts'
import type { VolumeDirectory } from './volume-directory.ts'
import type { VolumeRecord } from './volume-record.ts'

/** What the verbs for volumes are made of. Each takes the few it needs. */
export interface VolumeParts {
  readonly directory: VolumeDirectory
  readonly events: Events
  readonly all: AllVolumes
  readonly containers: Pick<AllContainers, 'list'>
  /** Volumes are made and removed one after another. */
  readonly turn: Mutex
  now(): Date
  /** 64 hex digits. */
  newName(): string
}

/** Every volume of an engine, by name. */
export class AllVolumes {
  readonly #byName = new Map<string, VolumeRecord>()
  /** Those that containers which are being created will use. */
  readonly #claims = new Map<string, number>()

  add(record: VolumeRecord): void {
    this.#byName.set(record.name, record)
  }

  delete(name: string): void {
    this.#byName.delete(name)
  }

  list(): readonly VolumeRecord[] {
    return [...this.#byName.values()]
  }

  find(name: string): VolumeRecord | undefined {
    return this.#byName.get(name)
  }

  /** EngineError NO_SUCH_VOLUME. */
  resolve(name: string): VolumeRecord {
    const found = this.#byName.get(name)
    if (found !== undefined) return found
    throw new EngineError('NO_SUCH_VOLUME', `get ${name}: no such volume`)
  }

  claim(name: string): void {
    this.#claims.set(name, (this.#claims.get(name) ?? 0) + 1)
  }

  unclaim(name: string): void {
    const left = (this.#claims.get(name) ?? 0) - 1
    if (left > 0) this.#claims.set(name, left)
    else this.#claims.delete(name)
  }

  isClaimed(name: string): boolean {
    return this.#claims.has(name)
  }
}

/** Ids of the containers that have a volume mounted, whether they run or not. */
export const usersOf = (
  { containers }: Pick<VolumeParts, 'containers'>,
  name: string,
): readonly string[] =>
  containers
    .list()
    .filter(({ record }) =>
      record.spec.guest.mounts.some((mount) => mount.type === 'bind' && mount.volume === name),
    )
    .map(({ id }) => id)

/** Tells that something happened to a volume. */
export function announceVolume(
  { events }: Pick<VolumeParts, 'events'>,
  name: string,
  action: string,
  attributes: Readonly<Record<string, string>> = {},
): void {
  const actor = { id: name, attributes: { driver: 'local', ...attributes } }
  events.publish({ type: 'volume', action, actor })
}
