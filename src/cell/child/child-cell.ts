import { fileURLToPath } from 'node:url'
import type {
  Cell,
  CellJob,
  CellProcess,
  ModuleSource,
  PreparedModule,
  PreparedRoot,
} from '../../contract/cell.ts'
import { EngineError } from '../../contract/errors.ts'
import type { Tree, TreeAnswer, TreeRequest } from '../../contract/tree.ts'
import { noFreeSlot, processGone } from '../refusals.ts'
import { askTree } from './ask-tree.ts'
import { ChildExec, type StartExec } from './child-exec.ts'
import { ChildRun } from './child-run.ts'
import { CellLost, type Connection } from './connection.ts'
import { type RootFiles, Shelf } from './shelf.ts'
import { spawnCell } from './spawn.ts'
import { type CellReport, Supervisor } from './supervisor.ts'

export interface ChildCellOptions {
  readonly dataDirectory: string
  /** Processes at once. */
  readonly slots: number
  /** What a worker starts from, absolute; another one than the product's is for tests with faults. */
  readonly entry?: string
  readonly killGraceMs?: number
  /** Numbers for processes; shared by all cells of a host. */
  readonly nextPid?: () => number
  /** Hears of the process's starts and deaths, and of what it writes to stderr. */
  readonly report?: (report: CellReport) => void
}

/** Enough to make it again in another process: a handle outlives the cell it was made in. */
interface ModuleHandle extends PreparedModule {
  readonly source: ModuleSource
}
interface RootHandle extends PreparedRoot {
  readonly files: RootFiles
}

/** A request whose cell dies under it goes to the next cell once: it may not be what killed it. */
const ATTEMPTS = 2
const ENTRY = fileURLToPath(new URL('../cell-entry.js', import.meta.url))

function counter(): () => number {
  let last = 0
  return () => {
    last += 1
    return last
  }
}

const lostTwice = (): EngineError =>
  new EngineError('CELL_LOST', 'the process in which containers run died twice over this request')

async function shelveModule(shelf: Shelf, source: ModuleSource, digest: string): Promise<void> {
  const found = await shelf.module(source, digest)
  if (found !== digest) throw new EngineError('INVALID_MODULE', 'the module has changed')
}

/** A cell in a process of its own. Nothing of a guest is run, compiled or evaluated here. */
class ChildCell implements Cell {
  readonly #supervisor: Supervisor
  readonly #slots: number
  readonly #nextPid: () => number
  readonly #shelves = new WeakMap<Connection, Shelf>()
  readonly #runs = new Set<ChildRun>()
  readonly #execs = new Set<ChildExec>()
  #shelf: Shelf | undefined
  #closing: Promise<void> | undefined

  constructor(options: ChildCellOptions) {
    const { dataDirectory, slots, entry, killGraceMs, report = () => {} } = options
    this.#slots = slots
    this.#nextPid = options.nextPid ?? counter()
    this.#supervisor = new Supervisor({
      settings: { dataDirectory, slots, entry, killGraceMs },
      spawn: () => spawnCell(ENTRY, (text) => report({ event: 'said', text })),
      later: (ms, then) => {
        const timer = setTimeout(then, ms)
        timer.unref()
        return () => clearTimeout(timer)
      },
      now: () => performance.now(),
      report,
    })
  }

  #shelfOf(cell: Connection): Shelf {
    const shelf = this.#shelves.get(cell) ?? new Shelf(cell)
    this.#shelves.set(cell, shelf)
    this.#shelf = shelf
    return shelf
  }

  /** Calls `ask` with the cell there is, and with the next one if that dies meanwhile. */
  async #asked<T>(ask: (shelf: Shelf, cell: Connection) => Promise<T>): Promise<T> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const cell = await this.#supervisor.up()
      try {
        return await ask(this.#shelfOf(cell), cell)
      } catch (error) {
        if (!(error instanceof CellLost)) throw error
      }
    }
    throw lostTwice()
  }

  async prepareModule(source: ModuleSource): Promise<PreparedModule> {
    this.#mustBeOpen()
    const known = source.kind === 'host-file' ? source.digest : undefined
    const digest = await this.#asked((shelf) => shelf.module(source, known))
    const handle: ModuleHandle = { digest, source }
    return handle
  }

  async prepareRoot(key: string, files: RootFiles): Promise<PreparedRoot> {
    this.#mustBeOpen()
    await this.#asked((shelf) => shelf.root(key, files))
    const handle: RootHandle = { key, files }
    return handle
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw new EngineError('HOST_CLOSED', 'this host was closed')
  }

  start(job: CellJob): CellProcess {
    this.#mustBeOpen()
    if (this.#slotsInUse >= this.#slots) throw noFreeSlot()
    // Both come from `prepareModule` and `prepareRoot` of this cell.
    const { digest, source } = job.module as ModuleHandle
    const { key, files } = job.root as RootHandle
    const run = new ChildRun({
      pid: this.#nextPid(),
      job,
      prepared: (then) =>
        this.#asked(async (shelf, cell) => {
          // What was there a moment ago may have made room for something else since.
          while (!shelf.holds(digest, key)) {
            await shelveModule(shelf, source, digest)
            await shelf.root(key, files)
          }
          then(cell, { module: digest, root: key })
        }),
      startExec: this.#startExec,
      execOf: (cell, call) => [...this.#execs].find((exec) => exec.isAt(cell, call))?.pid,
      nextPid: this.#nextPid,
      over: (own) => void this.#runs.delete(own),
    })
    this.#runs.add(run)
    void run.run()
    return run
  }

  readonly #startExec: StartExec = (job, place) => {
    // It comes from `prepareModule` of this cell.
    const { digest, source } = job.module as ModuleHandle
    const exec = new ChildExec({
      pid: this.#nextPid(),
      job,
      place,
      prepared: async (cell, then) => {
        const shelf = this.#shelfOf(cell)
        while (!shelf.hasModule(digest)) await shelveModule(shelf, source, digest)
        then(digest)
      },
      over: (own) => void this.#execs.delete(own),
    })
    if (this.#slotsInUse >= this.#slots) exec.refuse(noFreeSlot())
    else {
      this.#execs.add(exec)
      void exec.run()
    }
    return exec
  }

  get #slotsInUse(): number {
    return this.#runs.size + this.#execs.size
  }

  async tree<R extends TreeRequest>(
    tree: Tree,
    request: R,
    input?: AsyncIterable<Uint8Array>,
  ): Promise<TreeAnswer<R['verb']>> {
    this.#mustBeOpen()
    const { writableLayer, guest, pid } = tree
    const { key, files } = tree.root as RootHandle // of `prepareRoot` of this cell
    const place = await [...this.#runs].find((run) => run.pid === pid)?.whereabouts()
    if (pid !== undefined && place === undefined) {
      throw processGone()
    }
    const cell = place?.cell ?? (await this.#supervisor.up())
    const shelf = this.#shelfOf(cell)
    while (!shelf.hasRoot(key)) await shelf.root(key, files)
    const question = { root: key, writableLayer, guest, run: place?.run ?? null }
    return await askTree(cell, question, request, input)
  }

  inUse() {
    const { threads, wedged } = this.#supervisor.inUse
    return { slots: this.#slotsInUse, threads, modules: this.#shelf?.modules ?? 0, wedged }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing === undefined) {
      for (const one of [...this.#execs, ...this.#runs]) one.kill('killed')
      this.#closing = this.#supervisor.close()
    }
    await this.#closing
    this.#shelf = undefined
  }
}

export const createChildCell = (options: ChildCellOptions): Cell => new ChildCell(options)
