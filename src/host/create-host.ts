import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createInProcessCell } from '../cell/in-process-cell.ts'
import type { Cell, InUse } from '../contract/cell.ts'
import { EngineError } from '../contract/errors.ts'
import { run } from '../engine/container/run.ts'
import type { RunResult, RunSpec } from '../engine/container/run-spec.ts'
import { type Containers, openContainers } from './containers/containers.ts'
import { defaultDataDirectory } from './data-directory.ts'
import { type Images, openImages } from './images.ts'
import { DEFAULT_SLOTS, MOST_SLOTS } from './settings.ts'

export type { Images } from './images.ts'

export interface HostOptions {
  /** Directory for images and rewritten modules; made when missing. */
  readonly dataDir?: string
  /**
   * Where guests run. `in-process`, the default: in worker threads of this process. `child-process`: in
   * a process of their own, whose death ends the containers and not this process.
   */
  readonly isolation?: 'in-process' | 'child-process'
  /** How many processes may run at once, 1 to 2,048; 256 unless given. */
  readonly slots?: number
  /** Hears of the progress of pulls that a run begins. */
  readonly onPull?: (progress: {
    readonly image: string
    readonly status: 'Downloading' | 'Extracting'
    /** Bytes of the package, of `total`. */
    readonly received: number
    readonly total: number
  }) => void
}

/** Runs containers. Dispose of it when done: `await using host = await createHost()`. */
export interface Host extends AsyncDisposable {
  /**
   * Creates a container, runs it to its end, removes it, and returns what it left behind.
   *
   * @param spec.limits.memory - bytes, or Docker's size text: `128m` is 128 × 2^20.
   * @param spec.limits.fuel - weighted wasm instructions before the container is killed with 137.
   * @returns `stdout` as bytes, never decoded (`text()` decodes UTF-8); `exitCode` 0 to 255, or 128+n
   *   for signal n. A failing guest is a result, not an exception.
   * @throws EngineError `NO_SUCH_IMAGE` | `PULL_FAILED` | `INVALID_MODULE` | `NO_SUCH_COMMAND` |
   *   `INVALID_ARGUMENT` | `INVALID_LIMIT` | `INVALID_MOUNT` | `NO_FREE_SLOT` | `HOST_CLOSED`;
   *   FilesTooLargeError `FILES_TOO_LARGE` after its end, which has the rest of its result; the
   *   signal's own reason when `spec.signal` aborts.
   * @source exit codes: docker-run(1), "Exit Status"
   * @example
   * const done = await host.run({ image: 'python', cmd: ['-c', 'print(6*7)'] })
   * done.text() // '42\n'
   */
  run(spec: RunSpec): Promise<RunResult>
  /** Containers that are started, stopped and removed by hand, and take more processes meanwhile. */
  readonly containers: Containers
  readonly images: Images
  /** Processes, threads and modules held right now; `wedged`: threads that could not be ended. */
  inUse(): InUse
  /** Kills what still runs and gives every thread back. */
  close(): Promise<void>
}

const ID_BYTES = 32
const IDS_AT_ONCE = 64

function slotsOf(slots: number = DEFAULT_SLOTS): number {
  if (Number.isSafeInteger(slots) && slots >= 1 && slots <= MOST_SLOTS) return slots
  throw new EngineError(
    'INVALID_ARGUMENT',
    `invalid slots ${slots}: 1 to ${MOST_SLOTS} are accepted`,
  )
}

/** Ids of 64 hex digits. Asked for in batches: a call of the generator costs a tenth of a short run. */
function idSource(): () => string {
  let batch = Buffer.alloc(0)
  return () => {
    if (batch.length === 0) batch = randomBytes(ID_BYTES * IDS_AT_ONCE)
    const id = batch.toString('hex', 0, ID_BYTES)
    batch = batch.subarray(ID_BYTES)
    return id
  }
}

/** What the package itself ships: the catalogue and our own guests. */
const packageRoot = (): string => fileURLToPath(new URL('../..', import.meta.url))

async function openCell(options: HostOptions, dataDirectory: string): Promise<Cell> {
  const cell = { dataDirectory, slots: slotsOf(options.slots) }
  switch (options.isolation ?? 'in-process') {
    case 'in-process':
      return createInProcessCell(cell)
    case 'child-process': {
      // Who does not ask for it does not wait for it to be loaded.
      const { createChildCell } = await import('../cell/child/child-cell.ts')
      return createChildCell(cell)
    }
  }
}

/**
 * Opens a host.
 *
 * @throws EngineError `INVALID_ARGUMENT`.
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  const dataDirectory = resolve(options.dataDir ?? defaultDataDirectory())
  const images = openImages({ dataDirectory, packageRoot: packageRoot() })
  const cell = await openCell(options, dataDirectory)
  const containers = openContainers({ cell, images, onProgress: options.onPull })
  const newId = idSource()
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= containers.close().then(() => cell[Symbol.asyncDispose]())
    return closed
  }
  return {
    run: async (spec) => {
      if (closed !== undefined) throw new EngineError('HOST_CLOSED', 'this host was closed')
      const parts = {
        cell,
        imageRoot: (reference: string, signal: AbortSignal | undefined) =>
          images.root(reference, { ...(signal && { signal }), onProgress: options.onPull }),
        directoryRoot: (directory: string | undefined) => images.directoryRoot(directory),
        newId,
      }
      return await run(parts, spec)
    },
    containers: containers.surface,
    images: images.surface,
    inUse: () => cell.inUse(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
