import type {
  CellExit,
  CellJob,
  CellProcess,
  ContainerStats,
  ExecJob,
  ExecProcess,
  ProcessRow,
} from '../../contract/cell.ts'
import type { EndReason } from '../../contract/exit.ts'
import type { GuestSpec } from '../../contract/guest-spec.ts'
import type { Limits } from '../../contract/limits.ts'
import type { TerminalSize } from '../../contract/terminal.ts'
import { type Deferred, deferred } from '../../std/deferred.ts'
import { exitWithoutReport } from '../without-report.ts'
import { carry, streamsOf, textOf } from './carry.ts'
import type { ExecPlace, StartExec } from './child-exec.ts'
import { type Call, CellLost, type Connection } from './connection.ts'
import { MAX_PAYLOAD } from './frame.ts'
import { RowNumbers } from './row-numbers.ts'
import { Telling } from './telling.ts'
import { type Answer, MOST_LISTED, type StartArguments } from './verbs.ts'

export interface ChildRunParts {
  readonly pid: number
  readonly job: CellJob
  /** Calls `then` with a cell that has the job's module and root, in the same turn. */
  prepared(
    then: (cell: Connection, names: Pick<StartArguments, 'module' | 'root'>) => void,
  ): Promise<void>
  readonly startExec: StartExec
  /** The number of an exec that this call of that cell has started. */
  execOf(cell: Connection, call: number): number | undefined
  nextPid(): number
  over(run: ChildRun): void
}

/** What stands beside a collected file's bytes and its path in an exit. */
const COLLECTED_BYTES = 64

/** Bytes of an exit: without files it is one frame. */
const exitBytes = ({ collect, limits }: GuestSpec): number =>
  collect.length === 0
    ? MAX_PAYLOAD
    : MAX_PAYLOAD +
      Buffer.byteLength(JSON.stringify(collect)) +
      collect.length * COLLECTED_BYTES +
      limits.collect

/** One process of a child cell, as its host sees it. */
export class ChildRun implements CellProcess, ExecPlace {
  readonly pid: number
  readonly #parts: ChildRunParts
  readonly #ended: Deferred<CellExit> = deferred()
  /** It has a cell, or needs none any more. */
  readonly #placed: Deferred<void> = deferred()
  #started: { readonly cell: Connection; readonly call: Call<'start'> } | undefined
  #condemned: Extract<EndReason, 'killed' | 'timeout'> | undefined
  readonly #telling = new Telling()
  #numbers: RowNumbers | undefined
  #settled = false
  #paused = false
  /** Asked for before it was started. */
  #limits: Partial<Limits> = {}

  constructor(parts: ChildRunParts) {
    this.#parts = parts
    this.pid = parts.pid
  }

  get ended(): Promise<CellExit> {
    return this.#ended.promise
  }

  /** The cell it runs in, and its number there, as soon as it has one; undefined: it has ended. */
  async whereabouts(): Promise<{ readonly cell: Connection; readonly run: number } | undefined> {
    await this.#placed.promise
    if (this.#started === undefined || this.#settled) return undefined
    return { cell: this.#started.cell, run: this.#started.call.id }
  }

  get #keepsFiles(): boolean {
    return this.#started !== undefined && this.#parts.job.writableLayer !== undefined
  }

  /** Never rejects: `ended` does. */
  async run(): Promise<void> {
    try {
      await this.#parts.prepared((cell, names) => this.#start(cell, names))
      if (this.#started !== undefined)
        this.#settle(exitOf(await carry(this.#started.call, this.#parts.job)))
    } catch (error) {
      if (error instanceof CellLost)
        this.#settle(exitWithoutReport(this.#condemned, 'cell', this.#keepsFiles))
      else this.#close(() => this.#ended.reject(error))
    }
  }

  #start(cell: Connection, names: Pick<StartArguments, 'module' | 'root'>): void {
    if (this.#settled) return
    const { guest, program = null, stdin, writableLayer = null } = this.#parts.job
    const hasInput = stdin !== undefined
    const call = cell.call(
      'start',
      {
        ...names,
        guest: { ...guest, limits: { ...guest.limits, ...this.#limits } },
        program,
        hasInput,
        writableLayer,
      },
      {
        ...streamsOf(this.#parts.job),
        answerBytes: exitBytes(guest),
      },
    )
    this.#started = { cell, call }
    this.#placed.resolve()
    // Behind the start in the same channel: the cell has seated it, and not begun.
    if (this.#paused) cell.call('pause', { run: call.id })
    this.#telling.begin(cell, call.id)
  }

  kill(reason: Extract<EndReason, 'killed' | 'timeout'>): void {
    if (this.#condemned !== undefined || this.#settled) return
    this.#condemned = reason
    if (this.#started === undefined) this.#settle(exitWithoutReport(reason, 'cell', false))
    else this.#started.cell.call('kill', { run: this.#started.call.id, reason })
  }

  signal(signal: number): void {
    this.#telling.tell('signal', { signal })
  }

  resize(size: TerminalSize): void {
    this.#telling.tell('resize', { size })
  }

  async pause(): Promise<void> {
    this.#paused = true
    if (this.#started === undefined || this.#settled) return
    const { cell, call } = this.#started
    await cell.call('pause', { run: call.id }).answer.catch(() => undefined)
  }

  unpause(): void {
    this.#paused = false
    if (this.#started === undefined || this.#settled) return
    this.#started.cell.call('unpause', { run: this.#started.call.id })
  }

  exec(job: ExecJob): ExecProcess {
    return this.#parts.startExec(job, this)
  }

  update(limits: Partial<Limits>): void {
    this.#limits = { ...this.#limits, ...limits }
    if (this.#started === undefined || this.#settled) return
    this.#started.cell.call('update', { run: this.#started.call.id, limits })
  }

  async stats(): Promise<ContainerStats | undefined> {
    if (this.#started === undefined || this.#settled) return undefined
    const { cell, call } = this.#started
    const stats = await cell.call('stats', { run: call.id }).answer.catch(() => null)
    return stats ?? undefined
  }

  async processes(): Promise<readonly ProcessRow[] | undefined> {
    const place = await this.whereabouts()
    if (place === undefined) return undefined
    const { cell, run } = place
    const options = { answerBytes: MOST_LISTED }
    const rows = await cell.call('processes', { run }, options).answer.catch(() => null)
    if (rows === null) return undefined
    const { execOf, nextPid } = this.#parts
    const pidOf = (call: number): number | undefined =>
      call === run ? this.pid : execOf(cell, call)
    this.#numbers ??= new RowNumbers({ pidOf, nextPid })
    return this.#numbers.translated(rows)
  }

  #settle(exit: CellExit): void {
    this.#close(() => this.#ended.resolve(exit))
  }

  #close(settle: () => void): void {
    if (this.#settled) return
    this.#settled = true
    this.#telling.end()
    this.#placed.resolve()
    this.#parts.over(this)
    settle()
  }
}

const exitOf = ({ message, filesLoss, layerLoss, files, ...exit }: Answer<'start'>): CellExit => ({
  ...exit,
  message: textOf(message),
  filesLoss: textOf(filesLoss),
  layerLoss: textOf(layerLoss),
  files: new Map(files),
})
