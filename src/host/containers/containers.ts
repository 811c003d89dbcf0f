import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cell } from '../../contract/cell.ts'
import { EngineError } from '../../contract/errors.ts'
import type { ComposedEngine } from '../compose-engine.ts'
import type { OpenedImages, PullOptions } from '../images.ts'
import { type Container, containerOf } from './container.ts'
import { type ContainerSpec, createRequestOf } from './container-spec.ts'

/** Containers that stay until they are removed, or their host is closed. */
export interface Containers {
  /**
   * Makes a container that has not run yet.
   *
   * @param spec.limits - as those of `run`, without `timeoutMs`.
   * @returns a container that is the caller's to remove.
   * @throws EngineError `NO_SUCH_IMAGE` | `PULL_FAILED` | `INVALID_ARGUMENT` | `INVALID_LIMIT` |
   *   `INVALID_MOUNT` | `NAME_IN_USE` | `HOST_CLOSED`; the signal's own reason when `spec.signal` aborts.
   * @source docker-create(1)
   * @example
   * await using c = await host.containers.create({ image: 'base', cmd: ['sleep', '60'] })
   * await c.start()
   * (await c.exec(['echo', 'hello'])).text() // 'hello\n'
   */
  create(spec: ContainerSpec): Promise<Container>
}

export interface OpenedContainers {
  readonly surface: Containers
  /** Kills and removes every container. Nothing can be created from here on. */
  close(): Promise<void>
}

interface Parts {
  readonly cell: Cell
  readonly images: OpenedImages
  readonly onProgress: PullOptions['onProgress']
}

interface Opened extends Pick<ComposedEngine, 'containers'> {
  /** Of this host alone: logs, and the layers of containers that rest. */
  readonly directory: string
}

const report = (error: unknown): void =>
  process.emitWarning(error instanceof Error ? error : String(error))

/** The engine whose verbs these are. Who does not ask for it does not wait for it to be loaded. */
async function open({ cell, images }: Parts): Promise<Opened> {
  const { composeEngine } = await import('../compose-engine.ts')
  const { memoryRecordStore } = await import('../../engine/store/record-store.ts')
  const directory = await mkdtemp(join(tmpdir(), 'bulkhead-host-'))
  const { containers } = await composeEngine({
    cell,
    images,
    dataDirectory: directory,
    store: memoryRecordStore(),
    networkStore: memoryRecordStore(),
    report,
  })
  return { containers, directory }
}

/** All at once, as nobody waits for them to end in peace. */
async function removeAll({ containers, directory }: Opened): Promise<void> {
  const how = { force: true, volumes: true }
  const all = containers.list().map((one) => containers.remove(one, how, one.id))
  // What could not be removed ends with the cell.
  await Promise.allSettled(all)
  await rm(directory, { recursive: true, force: true })
}

export function openContainers(parts: Parts): OpenedContainers {
  let opened: Promise<Opened> | undefined
  let closed = false
  const refuseClosed = (): void => {
    if (closed) throw new EngineError('HOST_CLOSED', 'this host was closed')
  }
  const create = async (spec: ContainerSpec): Promise<Container> => {
    refuseClosed()
    spec.signal?.throwIfAborted()
    const request = createRequestOf(spec)
    opened ??= open(parts)
    const { containers } = await opened
    const { onProgress } = parts
    await parts.images.root(spec.image, { ...(spec.signal && { signal: spec.signal }), onProgress })
    refuseClosed()
    return containerOf(containers, await containers.create(request))
  }
  return {
    surface: { create },
    close: async () => {
      closed = true
      if (opened !== undefined) await opened.then(removeAll, () => undefined)
    },
  }
}
