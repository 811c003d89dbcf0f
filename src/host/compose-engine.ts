import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { arch, cpus, hostname, totalmem } from 'node:os'
import { join } from 'node:path'
import type { ImageVerbs, SystemFacts } from '../api/docker/context.ts'
import type { Cell } from '../contract/cell.ts'
import { ContainerId } from '../contract/ids.ts'
import { AllContainers, type ContainerParts } from '../engine/container/containers.ts'
import { ContainerLog } from '../engine/container/log/container-log.ts'
import { whenEnded } from '../engine/container/when-ended.ts'
import { type Containers, containersOf } from '../engine/engine.ts'
import { Events } from '../engine/event/events.ts'
import { memoryContainerStore } from '../engine/store/container-store.ts'
import type { OpenedImages } from './images.ts'
import { version } from './version.ts'

const ID_BYTES = 32
const NS_PER_MS = 1_000_000n

export interface ComposedEngine {
  readonly containers: Containers
  readonly images: ImageVerbs
  readonly events: Events
  readonly system: SystemFacts
}

const now = (): Date => new Date()
const nowNs = (): bigint => BigInt(Date.now()) * NS_PER_MS

const ARCHITECTURE: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }

/** What the machine says of itself; `hostname` is the operator's, whom the API serves. */
const systemFacts = (): SystemFacts => ({
  version: version(),
  nodeVersion: process.versions.node,
  architecture: ARCHITECTURE[arch()] ?? arch(),
  cpus: cpus().length,
  memory: totalmem(),
  name: hostname(),
  id: randomBytes(16).toString('hex'),
  now,
})

/** Wires the engine over a cell and the images of a data directory. */
export function composeEngine(parts: {
  readonly cell: Cell
  readonly images: OpenedImages
  readonly dataDirectory: string
}): ComposedEngine {
  const { cell, images } = parts
  const events = new Events(Date.now)
  const directoryOf = (id: string): string => join(parts.dataDirectory, 'containers', id)
  const layerOf = (id: string): string => join(directoryOf(id), 'upper')
  const engine: ContainerParts = {
    cell,
    store: memoryContainerStore(),
    events,
    all: new AllContainers(),
    image: async (reference) => {
      const { id } = images.find(reference)
      return { id, root: await images.root(reference, {}) }
    },
    commitImage: (image, root) => images.commit(image, root),
    logOf: ({ id, spec }) => new ContainerLog(directoryOf(id), spec.log, nowNs),
    layerFile: layerOf,
    hasLayer: (id) => existsSync(layerOf(id)),
    discard: async (id) => await rm(directoryOf(id), { recursive: true, force: true }),
    started: (container, run) => void whenEnded(engine, container, run),
    now,
    newId: () => ContainerId.fromRandom(randomBytes(ID_BYTES)),
    random: Math.random,
  }
  return {
    containers: containersOf(engine),
    events,
    system: systemFacts(),
    images: {
      list: async () => await images.surface.list(),
      inspect: async (reference) => images.find(reference),
      pull: async (reference, options) => await images.surface.pull(reference, options),
      remove: async (reference) => await images.surface.remove(reference),
    },
  }
}
