import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { arch, cpus, hostname, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import type { SystemFacts } from '../api/docker/context.ts'
import type { Cell } from '../contract/cell.ts'
import type { After } from '../contract/clock.ts'
import { ContainerId } from '../contract/ids.ts'
import { AllContainers } from '../engine/container/containers.ts'
import { ContainerLog } from '../engine/container/log/container-log.ts'
import { type RecoveryParts, recover } from '../engine/container/recover.ts'
import { shutdown } from '../engine/container/shutdown.ts'
import { whenEnded } from '../engine/container/when-ended.ts'
import {
  type Containers,
  containersOf,
  type Images,
  imagesOf,
  type Networks,
  networksOf,
  type Volumes,
  volumesOf,
} from '../engine/engine.ts'
import { Events } from '../engine/event/events.ts'
import { commitImage } from '../engine/image/commit.ts'
import { networkSurroundings } from '../engine/network/attachments.ts'
import type { ContainerStore } from '../engine/store/container-store.ts'
import type { NetworkStore } from '../engine/store/network-store.ts'
import { containerVolumes, volumeSurroundings } from '../engine/volume/container-volumes.ts'
import { composeNetworks, composeVolumes } from './compose-objects.ts'
import { engineId } from './engine-id.ts'
import type { OpenedImages } from './images.ts'
import { version } from './version.ts'

const ID_BYTES = 32
const NS_PER_MS = 1_000_000n

export interface ComposedEngine {
  readonly containers: Containers
  readonly networks: Networks
  readonly volumes: Volumes
  readonly images: Images
  readonly events: Events
  readonly system: SystemFacts
  /**
   * Before anything else: what an earlier daemon left. The answer starts what shall run again.
   *
   * @throws EngineError `STORE_UNUSABLE`.
   */
  recover(): Promise<() => Promise<void>>
  /** After everything else: containers are stopped, and nothing is started. */
  shutdown(): Promise<void>
}

/** setTimeout takes at most 2^31-1 ms; 24 days are as good as for ever. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

const now = (): Date => new Date()
const after: After = (ms, action) => {
  const timer = setTimeout(action, Math.min(ms, LONGEST_TIMER_MS))
  return () => clearTimeout(timer)
}
const nowNs = (): bigint => BigInt(Date.now()) * NS_PER_MS

const ARCHITECTURE: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }

/** What the machine says of itself; `hostname` is the operator's, whom the API serves. */
const systemFacts = (id: string, dataDirectory: string): SystemFacts => ({
  version: version(),
  nodeVersion: process.versions.node,
  architecture: ARCHITECTURE[arch()] ?? arch(),
  cpus: cpus().length,
  memory: totalmem(),
  name: hostname(),
  id,
  directory: resolve(dataDirectory),
  now,
})

/** Wires the engine over a cell and the images of a data directory. */
export async function composeEngine(parts: {
  readonly cell: Cell
  readonly images: OpenedImages
  readonly dataDirectory: string
  readonly store: ContainerStore
  readonly networkStore: NetworkStore
  report(error: unknown): void
}): Promise<ComposedEngine> {
  const { cell, images, store, report } = parts
  const events = new Events(Date.now)
  const directory = join(parts.dataDirectory, 'containers')
  const directoryOf = (id: string): string => join(directory, id)
  const layerOf = (id: string): string => join(directoryOf(id), 'upper')
  const all = new AllContainers()
  const newId = (): ContainerId => ContainerId.fromRandom(randomBytes(ID_BYTES))
  const shared = { events, containers: all, now, newId }
  const networks = await composeNetworks({
    ...shared,
    store: parts.networkStore,
    containerStore: store,
  })
  const volumes = await composeVolumes(shared, parts.dataDirectory)
  const { shelf } = images
  const imageParts = { shelf, events, containers: all }
  const engine: RecoveryParts = {
    cell,
    store,
    report,
    events,
    all,
    surroundings: [volumeSurroundings(volumes), networkSurroundings(networks)],
    volumes: containerVolumes(volumes),
    image: async (reference) => {
      const { id } = shelf.get(reference)
      return { id, root: await images.root(reference, {}) }
    },
    commitImage: commitImage(imageParts),
    logOf: ({ id, spec }) => new ContainerLog(directoryOf(id), spec.log, nowNs),
    layerFile: layerOf,
    hasLayer: (id) => existsSync(layerOf(id)),
    discard: async (id) => await rm(directoryOf(id), { recursive: true, force: true }),
    kept: async () => {
      const names = await readdir(directory).catch(() => [])
      return names.flatMap((name) => ContainerId.parse(name) ?? [])
    },
    started: (container, run) => void whenEnded(engine, container, run).catch(report),
    now,
    after,
    newId,
    random: Math.random,
  }
  return {
    containers: containersOf(engine),
    networks: networksOf(networks),
    volumes: volumesOf(volumes),
    events,
    system: systemFacts(engineId(parts.dataDirectory), parts.dataDirectory),
    recover: () => recover(engine),
    shutdown: shutdown(engine),
    images: imagesOf(imageParts),
  }
}
