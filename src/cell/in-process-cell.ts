import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type {
  Cell,
  CellJob,
  CellProcess,
  ModuleSource,
  PreparedModule,
  PreparedRoot,
} from '../contract/cell.ts'
import { EngineError } from '../contract/errors.ts'
import type { LayerFile } from '../contract/layer.ts'
import type { Tree, TreeAnswer, TreeRequest } from '../contract/tree.ts'
import type { LayerParts } from '../kernel/mount/layer-view.ts'
import { KeyedCache } from '../std/keyed-cache.ts'
import { AsyncWaiter } from '../thread/async-waiter.ts'
import type { MeteredModule } from '../thread/builder.ts'
import { HostBlock } from '../thread/host-block.ts'
import { RunQueue } from '../thread/run-queue.ts'
import type { MeterManifest } from '../wasm/meter.ts'
import { Builder } from './builder.ts'
import type { CellRun } from './cell-run.ts'
import { DrainTurns } from './drain-turns.ts'
import { Programs } from './programs.ts'
import { processGone } from './refusals.ts'
import { Roster } from './roster.ts'
import { WEDGED_MS } from './seated-process.ts'
import { Trees } from './trees.ts'
import { heedSize, setFlags } from './v8-flags.ts'
import { WorkerSeat } from './worker-seat.ts'

export interface InProcessCellOptions {
  readonly dataDirectory: string
  /** Processes at once. */
  readonly slots: number
  /** What a worker starts from, absolute; another one than the product's is for tests with faults. */
  readonly entry?: string
  /** Milliseconds from a kill that the process does not notice to the end of its thread. */
  readonly killGraceMs?: number
}

const entryFile = (file: string): string =>
  fileURLToPath(new URL(`../thread/${file}`, import.meta.url))
/** A guest looks at its flags every millisecond or so. */
const KILL_GRACE_MS = 2_000
/** Between two looks at workers that nobody needs. */
const TRIM_MS = 10_000
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

const later = (ms: number, then: () => void): void => void setTimeout(then, ms)

async function compiled({ digest, bytes, manifest }: MeteredModule): Promise<LoadedModule> {
  heedSize(manifest.largestBody)
  return { digest, manifest, module: await WebAssembly.compile(bytes) }
}

/** Bytes that are hashed sooner than another thread is asked to. */
const SMALL_MODULE = 262_144

/** A digest that costs this thread little; undefined: a builder reads and hashes the module. */
function digestAtOnce(source: ModuleSource): string | undefined {
  if (source.kind === 'host-file') return source.digest
  if (source.bytes.length > SMALL_MODULE) return undefined
  return createHash('sha256').update(source.bytes).digest('hex')
}

/** A cell in this very process: workers run the guests, this thread moves their bytes. */
class InProcessCell implements Cell {
  readonly #builder: Builder
  readonly #trees: Trees
  readonly #host: HostBlock
  readonly #queue: RunQueue
  readonly #waiter: AsyncWaiter
  readonly #waiting: Promise<void>
  readonly #roster: Roster
  readonly #modules = new KeyedCache<LoadedModule>(MODULES)
  readonly #roots = new KeyedCache<LoadedRoot>(ROOTS)
  /** Of those that processes start themselves. */
  readonly #programs = new Programs<LoadedModule>({
    has: (digest) => this.#modules.has(digest),
    get: (digest) =>
      this.#modules.get(digest, () => Promise.reject(new TypeError('no such module'))),
    make: async (bytes) => await this.prepareModule({ kind: 'bytes', bytes }),
  })
  readonly #trimming: NodeJS.Timeout
  #closed = false
  #emptied: (() => void) | undefined

  constructor(options: InProcessCellOptions) {
    setFlags()
    const { dataDirectory, slots, entry = entryFile('worker-entry.cjs') } = options
    this.#builder = new Builder(entryFile('builder-entry.js'), join(dataDirectory, 'modules'))
    this.#trees = new Trees(entryFile('tree-entry.js'), join(dataDirectory, 'tmp'))
    this.#host = HostBlock.create(slots)
    this.#queue = RunQueue.create(
      slots,
      availableParallelism(),
      (slot) => this.#host.control(slot).bell,
    )
    const shared = { host: this.#host, queue: this.#queue }
    this.#roster = new Roster({
      slots,
      cores: availableParallelism(),
      killGraceMs: options.killGraceMs ?? KILL_GRACE_MS,
      host: this.#host,
      start: (slot, hears) => new WorkerSeat(entry, shared, slot, hears),
      gone: (slot) => this.#queue.vacate(slot, performance.now()),
      emptied: () => this.#emptied?.(),
      // Both kinds of job have it from `prepareModule` of this cell.
      moduleOf: ({ module }) => module as LoadedModule,
      programs: this.#programs,
      turns: new DrainTurns({ nextTurn: setImmediate, later }),
      later,
      now: () => performance.now(),
      after: (ms, then) => {
        const timer = setTimeout(then, ms)
        timer.unref()
        return () => clearTimeout(timer)
      },
    })
    this.#trimming = setInterval(() => this.#roster.trim(), TRIM_MS)
    this.#trimming.unref()
    this.#waiter = new AsyncWaiter(this.#host.bell, () => this.#roster.pump())
    this.#waiting = this.#waiter.run()
  }

  async prepareModule(source: ModuleSource): Promise<LoadedModule> {
    this.#mustBeOpen()
    const digest = digestAtOnce(source)
    if (digest !== undefined) {
      // The caller may change its bytes while a builder is waited for.
      const make = (): ModuleSource =>
        source.kind === 'bytes' ? { ...source, bytes: source.bytes.slice() } : source
      return await this.#modules.get(digest, async () =>
        compiled(await this.#builder.meterModule(make())),
      )
    }
    const metered = await this.#builder.meterModule(source)
    return await this.#modules.get(metered.digest, () => compiled(metered))
  }

  async prepareRoot(
    key: string,
    files: () => Promise<readonly LayerFile[]>,
  ): Promise<PreparedRoot> {
    this.#mustBeOpen()
    return await this.#roots.get(key, async () => ({
      key,
      parts: await this.#builder.buildRoot(await files()),
    }))
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new EngineError('HOST_CLOSED', 'this host was closed')
  }

  start(job: CellJob): CellProcess {
    this.#mustBeOpen()
    // It comes from `prepareRoot` of this cell.
    return this.#roster.start(job, job.root as LoadedRoot)
  }

  async tree<R extends TreeRequest>(
    tree: Tree,
    request: R,
    input?: AsyncIterable<Uint8Array>,
  ): Promise<TreeAnswer<R['verb']>> {
    this.#mustBeOpen()
    const run = [...this.#roster.runs].find(({ pid }) => pid === tree.pid)
    if (tree.pid !== undefined && run === undefined) throw processGone()
    // It comes from `prepareRoot` of this cell.
    const { parts } = tree.root as LoadedRoot
    const answer = await this.#trees.answer(tree, parts, request, { ask: run?.ask, input })
    return answer as TreeAnswer<R['verb']> // to this verb
  }

  inUse() {
    return {
      slots: this.#roster.size,
      threads: this.#roster.threads + this.#builder.threads + this.#trees.threads,
      modules: this.#modules.size,
      wedged: this.#roster.wedged,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#trimming)
    const keeping = [...this.#roster.runs].filter((run) => run.keepsFiles)
    for (const one of [...this.#roster.members, ...this.#roster.runs]) one.kill('killed')
    await this.#kept(keeping)
    const gone = this.#endWorkers()
    await Promise.all([gone, this.#builder.close(), this.#trees.close()])
    this.#waiter.stop()
    await this.#waiting
    this.#modules.clear()
    this.#roots.clear()
  }

  /** Those whose files are to be kept end by themselves; each is given up in time. */
  async #kept(runs: readonly CellRun[]): Promise<void> {
    await Promise.all(runs.map((run) => run.gone))
  }

  /** Until the last is gone, or until those that are left are known not to go. */
  async #endWorkers(): Promise<void> {
    if (this.#roster.workers.size === 0) return
    const gone = new Promise<void>((resolve) => {
      // It holds this process: a worker whose process ends in between rests, and holds it no more.
      const late = setTimeout(resolve, WEDGED_MS)
      this.#emptied = () => {
        clearTimeout(late)
        resolve()
      }
    })
    for (const seat of this.#roster.workers.values()) seat.terminate()
    await gone
  }
}

export const createInProcessCell = (options: InProcessCellOptions): Cell =>
  new InProcessCell(options)
