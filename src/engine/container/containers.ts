import type { Cell } from '../../contract/cell.ts'
import type { After } from '../../contract/clock.ts'
import { EngineError } from '../../contract/errors.ts'
import { type ContainerId, shortId } from '../../contract/ids.ts'
import type { ContainerFact } from '../../contract/state.ts'
import type { Events } from '../event/events.ts'
import type { ContainerStore } from '../store/container-store.ts'
import type { NewCommit } from './commit-request.ts'
import type { Container, Run } from './container.ts'
import type { ContainerRecord } from './container-record.ts'
import { next } from './lifecycle.ts'
import type { ContainerLog } from './log/container-log.ts'
import type { RootSource } from './root-source.ts'
import type { ContainerVolumes, Surroundings } from './surroundings.ts'

/** What the verbs are made of. Each takes the few it needs. */
export interface ContainerParts {
  readonly cell: Cell
  readonly store: ContainerStore
  readonly events: Events
  readonly all: AllContainers
  /** The image of that reference, which must be here. EngineError NO_SUCH_IMAGE. */
  image(reference: string): Promise<{ readonly id: string; readonly root: RootSource }>
  /** Makes an image of a container's whole root. @returns its id. */
  commitImage(image: NewCommit, root: AsyncIterable<Uint8Array>): Promise<string>
  logOf(record: Pick<ContainerRecord, 'id' | 'spec'>): ContainerLog
  /** The file that keeps its writable layer while it rests. */
  layerFile(id: ContainerId): string
  /** Whether something was kept, or put in before its first start. */
  hasLayer(id: ContainerId): boolean
  /** Removes what is kept of a container beside its record. */
  discard(id: ContainerId): Promise<void>
  /** Networks and volumes, in the order they are taken. */
  readonly surroundings: readonly Surroundings[]
  readonly volumes: ContainerVolumes
  /** Called for each run that has begun: what follows from its end is not the starter's business. */
  started(container: Container, run: Run): void
  /** Of what nobody waits for. */
  report(error: unknown): void
  now(): Date
  readonly after: After
  newId(): ContainerId
  /** Less than 1, from 0. */
  random(): number
}

const noSuchContainer = (reference: string): EngineError =>
  new EngineError('NO_SUCH_CONTAINER', `No such container: ${reference}`)

/** Every container of an engine, by id and by name. */
export class AllContainers {
  /** The daemon is going: what ends now rests, and nothing is started. */
  closing = false
  readonly #byId = new Map<string, Container>()
  /** Names are reserved before a record is stored, so that two creates cannot have one. */
  readonly #names = new Map<string, string>()

  /** EngineError NAME_IN_USE. */
  reserve(name: string, id: string): void {
    const owner = this.#names.get(name)
    if (owner !== undefined) {
      throw new EngineError(
        'NAME_IN_USE',
        `Conflict. The container name "/${name}" is already in use by container "${owner}". ` +
          'You have to remove (or rename) that container to be able to reuse that name.',
      )
    }
    this.#names.set(name, id)
  }

  release(name: string): void {
    this.#names.delete(name)
  }

  hasName(name: string): boolean {
    return this.#names.has(name)
  }

  add(container: Container): void {
    this.#byId.set(container.id, container)
  }

  has(container: Container): boolean {
    return this.#byId.get(container.id) === container
  }

  remove(container: Container): void {
    this.#byId.delete(container.id)
    this.release(container.record.name)
  }

  /** Newest first. */
  list(): readonly Container[] {
    return [...this.#byId.values()].reverse()
  }

  /**
   * By full id, by name, or by the beginning of an id.
   *
   * @throws EngineError `NO_SUCH_CONTAINER` | `AMBIGUOUS_ID`.
   * @source engine API reference, 6.1: the order of look-ups
   */
  resolve(reference: string): Container {
    const exact = this.#byId.get(reference)
    if (exact !== undefined) return exact
    const named = this.#byId.get(this.#names.get(reference.replace(/^\//, '')) ?? '')
    if (named !== undefined) return named
    const found = /^[0-9a-f]+$/.test(reference)
      ? [...this.#byId.values()].filter(({ id }) => id.startsWith(reference))
      : []
    if (found.length > 1) {
      throw new EngineError('AMBIGUOUS_ID', `multiple IDs found with provided prefix: ${reference}`)
    }
    const [only] = found
    if (only === undefined) throw noSuchContainer(reference)
    return only
  }
}

/** Stores the changed record, and only then has the engine see it. */
export async function change(
  { store }: Pick<ContainerParts, 'store'>,
  container: Container,
  changes: Partial<Omit<ContainerRecord, 'id'>>,
): Promise<void> {
  const record = { ...container.record, ...changes }
  await store.put(record)
  container.record = record
}

/** What the engine sees at once, and the store with whatever of the container is stored next. */
export function note(container: Container, changes: Partial<Omit<ContainerRecord, 'id'>>): void {
  container.record = { ...container.record, ...changes }
}

/** What has happened, also where it cannot be stored: the engine goes on from there. */
const DONE: ReadonlySet<ContainerFact['type']> = new Set(['exit', 'backoff', 'lose', 'stuck'])

/** Takes a container along its lifecycle. The verb has asked before whether it may. */
export async function advance(
  parts: Pick<ContainerParts, 'store' | 'report'>,
  container: Container,
  fact: ContainerFact,
  changes: Partial<Omit<ContainerRecord, 'id' | 'state'>> = {},
): Promise<void> {
  const state = next(container.record.state, fact)
  if (state === undefined) {
    const { status } = container.record.state
    throw new TypeError(`${fact.type} of a ${status} container ${shortId(container.id)}`)
  }
  try {
    await change(parts, container, { ...changes, state })
  } catch (error) {
    if (!DONE.has(fact.type)) throw error
    parts.report(error)
    note(container, { ...changes, state })
  }
}

/** Tells that something happened to a container, with what Docker tells of every container. */
export function announce(
  { events }: Pick<ContainerParts, 'events'>,
  { id, name, spec }: Pick<ContainerRecord, 'id' | 'name' | 'spec'>,
  action: string,
  attributes: Readonly<Record<string, string>> = {},
): void {
  const actor = { id, attributes: { ...spec.labels, image: spec.image, name, ...attributes } }
  events.publish({ type: 'container', action, actor })
}
