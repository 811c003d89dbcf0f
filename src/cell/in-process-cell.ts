import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type {
  Cell,
  CellExit,
  CellJob,
  CellProcess,
  ModuleSource,
  PreparedModule,
  PreparedRoot,
} from '../contract/cell.ts'
import { EngineError } from '../contract/errors.ts'
import { type EndReason, EXIT_CODE_OF } from '../contract/exit.ts'
import type { LayerFile } from '../contract/layer.ts'
import type { LayerParts } from '../kernel/mount/layer-view.ts'
import { KeyedCache } from '../std/keyed-cache.ts'
import { AsyncWaiter } from '../thread/async-waiter.ts'
import type { MeteredModule } from '../thread/builder.ts'
import { HostBlock } from '../thread/host-block.ts'
import type { ProcessOutcome } from '../thread/process-task.ts'
import { FUEL_TABLE_VERSION, type MeterManifest } from '../wasm/meter.ts'
import { Builder } from './builder.ts'
import { CellSlot } from './cell-slot.ts'
import { Slots } from './slots.ts'

export interface InProcessCellOptions {
  readonly dataDirectory: string
  /** Processes at once. */
  readonly slots: number
}

const IDLE_MS = 30_000
/** From the flag to `terminate()`: a guest looks at its flags every millisecond or so. */
const KILL_GRACE_MS = 2_000
const YOUNG_GENERATION_MB = 2
/** Compiled modules and indexed roots that are kept; those asked for longest ago go. */
const MODULES = 64
const ROOTS = 64

interface LoadedModule extends PreparedModule {
  readonly module: WebAssembly.Module
  readonly manifest: MeterManifest
}
interface LoadedRoot extends PreparedRoot {
  readonly parts: LayerParts
}

/** What a process that never reported has used. */
const NO_USAGE = {
  fuel: 0n,
  fuelVersion: FUEL_TABLE_VERSION,
  cpuMs: 0,
  wallMs: 0,
  peakMemory: 0,
  peakDisk: 0,
  syscalls: 0,
  readBytes: 0,
  writtenBytes: 0,
}

async function compiled({ digest, bytes, manifest }: MeteredModule): Promise<LoadedModule> {
  return { digest, manifest, module: await WebAssembly.compile(bytes) }
}

/** A cell in this very process: workers of a pool run the guests, this thread moves their bytes. */
class InProcessCell implements Cell {
  readonly #builder: Builder
  readonly #pool: Piscina
  readonly #slots: Slots
  readonly #host: HostBlock
  readonly #waiter: AsyncWaiter
  readonly #waiting: Promise<void>
  readonly #running = new Map<number, CellSlot>()
  readonly #modules = new KeyedCache<LoadedModule>(MODULES)
  readonly #roots = new KeyedCache<LoadedRoot>(ROOTS)
  #closed = false

  constructor({ dataDirectory, slots }: InProcessCellOptions) {
    const entry = fileURLToPath(new URL('../thread/worker-entry.js', import.meta.url))
    this.#builder = new Builder(entry, join(dataDirectory, 'modules'))
    this.#slots = new Slots(slots)
    this.#host = HostBlock.create(slots)
    this.#pool = new Piscina({
      filename: entry,
      minThreads: 0,
      maxThreads: slots,
      concurrentTasksPerWorker: 1,
      idleTimeout: IDLE_MS,
      env: {},
      atomics: 'disabled',
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    this.#waiter = new AsyncWaiter(this.#host.bell, () => this.#pump())
    this.#waiting = this.#waiter.run()
  }

  #pump(): void {
    for (const slot of this.#host.take()) this.#running.get(slot)?.pump()
  }

  async prepareModule(source: ModuleSource): Promise<PreparedModule> {
    this.#mustBeOpen()
    if (source.kind === 'host-file' && source.digest !== undefined) {
      const { digest } = source
      return await this.#modules.get(digest, async () =>
        compiled(await this.#builder.meterModule(source)),
      )
    }
    const metered = await this.#builder.meterModule(source)
    return await this.#modules.get(metered.digest, () => compiled(metered))
  }

  prepareRoot(key: string, files: () => Promise<readonly LayerFile[]>): Promise<PreparedRoot> {
    this.#mustBeOpen()
    return this.#roots.get(key, async () => ({
      key,
      parts: await this.#builder.buildRoot(await files()),
    }))
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new EngineError('HOST_CLOSED', 'this host was closed')
  }

  start(job: CellJob): CellProcess {
    this.#mustBeOpen()
    const number = this.#slots.reserve()
    if (number === undefined) {
      throw new EngineError('NO_FREE_SLOT', 'no free slot: too many processes run at once')
    }
    const slot = new CellSlot(number, this.#host, job)
    this.#running.set(number, slot)
    const abort = new AbortController()
    let backstop: NodeJS.Timeout | undefined
    const ended = this.#run(slot, job, abort.signal).finally(() => {
      clearTimeout(backstop)
      this.#running.delete(number)
      this.#slots.release(number)
    })
    return {
      ended,
      kill: (reason) => {
        slot.condemn(reason)
        backstop ??= setTimeout(() => abort.abort(), KILL_GRACE_MS)
        backstop.unref()
      },
    }
  }

  async #run(slot: CellSlot, job: CellJob, signal: AbortSignal): Promise<CellExit> {
    // Both come from `prepareModule` and `prepareRoot` of this cell.
    const { module, manifest } = job.module as LoadedModule
    const { parts } = job.root as LoadedRoot
    const task = { module, manifest, root: parts, guest: job.guest, memory: slot.memory }
    let outcome: ProcessOutcome
    try {
      const returned: unknown = await this.#pool.run(task, { signal })
      outcome = returned as ProcessOutcome // what the worker's default export returns
    } catch {
      slot.closeOutput()
      await slot.finish()
      return lost(slot.condemned() ?? 'lost')
    }
    await slot.finish()
    if (outcome.ok) return { ...outcome.report, files: outcome.files }
    throw new EngineError(outcome.code, outcome.message)
  }

  inUse() {
    return {
      slots: this.#slots.inUse,
      threads: this.#pool.threads.length + this.#builder.threads,
      modules: this.#modules.size,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const slot of this.#running.values()) slot.condemn('killed')
    await Promise.all([this.#pool.destroy(), this.#builder.close()])
    this.#waiter.stop()
    await this.#waiting
    this.#modules.clear()
    this.#roots.clear()
  }
}

/** The end of a process whose worker is gone. */
function lost(reason: EndReason): CellExit {
  const killed = reason !== 'lost'
  return {
    exitCode: EXIT_CODE_OF.lost,
    reason: killed ? reason : 'lost',
    message: killed ? 'container killed' : 'container lost: its worker died',
    oomKilled: false,
    usage: NO_USAGE,
    files: new Map(),
  }
}

export const createInProcessCell = (options: InProcessCellOptions): Cell =>
  new InProcessCell(options)
