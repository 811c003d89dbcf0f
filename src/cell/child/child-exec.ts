import type { ExecJob, ExecProcess, ProcessStats } from '../../contract/cell.ts'
import type { EngineError } from '../../contract/errors.ts'
import type { EndReason, ExitReport } from '../../contract/exit.ts'
import type { TerminalSize } from '../../contract/terminal.ts'
import { deferred } from '../../std/deferred.ts'
import { processGone } from '../refusals.ts'
import { withoutReport } from '../without-report.ts'
import { carry, streamsOf, textOf } from './carry.ts'
import { type Call, CellLost, type Connection } from './connection.ts'
import { Telling } from './telling.ts'

/** The container a process is started in. */
export interface ExecPlace {
  /** Undefined: it has ended. */
  whereabouts(): Promise<{ readonly cell: Connection; readonly run: number } | undefined>
}

export type StartExec = (job: ExecJob, place: ExecPlace) => ExecProcess

export interface ChildExecParts {
  readonly pid: number
  readonly job: ExecJob
  readonly place: ExecPlace
  /** Calls `then` once that cell has the job's module, in the same turn. */
  prepared(cell: Connection, then: (module: string) => void): Promise<void>
  over(exec: ChildExec): void
}

/** One more process of a container in a child cell, as its host sees it. */
export class ChildExec implements ExecProcess {
  readonly pid: number
  readonly #parts: ChildExecParts
  readonly #ended = deferred<ExitReport>()
  #started: { readonly cell: Connection; readonly call: Call<'exec'> } | undefined
  #condemned: Extract<EndReason, 'killed' | 'timeout'> | undefined
  readonly #telling = new Telling()
  #settled = false

  constructor(parts: ChildExecParts) {
    this.#parts = parts
    this.pid = parts.pid
  }

  get ended(): Promise<ExitReport> {
    return this.#ended.promise
  }

  /** It is what `call` of `cell` has started. */
  isAt(cell: Connection, call: number): boolean {
    return this.#started?.cell === cell && this.#started.call.id === call
  }

  /** It never starts. */
  refuse(error: EngineError): void {
    this.#close(() => this.#ended.reject(error))
  }

  /** Never rejects: `ended` does. */
  async run(): Promise<void> {
    const { job, place, prepared } = this.#parts
    try {
      const found = await place.whereabouts()
      if (found === undefined) throw processGone()
      await prepared(found.cell, (module) => this.#start(found.cell, found.run, module))
      if (this.#started === undefined) return
      const { message, ...report } = await carry(this.#started.call, job)
      this.#close(() => this.#ended.resolve({ ...report, message: textOf(message) }))
    } catch (error) {
      if (error instanceof CellLost) this.#endWithout()
      else this.#close(() => this.#ended.reject(error))
    }
  }

  #start(cell: Connection, run: number, module: string): void {
    if (this.#settled) return
    const { job } = this.#parts
    const hasInput = job.stdin !== undefined
    const args = { run, module, exec: job.exec, program: job.program ?? null, hasInput }
    const call = cell.call('exec', args, streamsOf(job))
    this.#started = { cell, call }
    this.#telling.begin(cell, call.id)
  }

  kill(reason: Extract<EndReason, 'killed' | 'timeout'>): void {
    if (this.#condemned !== undefined || this.#settled) return
    this.#condemned = reason
    if (this.#started === undefined) this.#endWithout()
    else this.#started.cell.call('kill', { run: this.#started.call.id, reason })
  }

  signal(signal: number): void {
    this.#telling.tell('signal', { signal })
  }

  resize(size: TerminalSize): void {
    this.#telling.tell('resize', { size })
  }

  async stats(): Promise<ProcessStats | undefined> {
    if (this.#started === undefined || this.#settled) return undefined
    const { cell, call } = this.#started
    const stats = await cell.call('stats', { run: call.id }).answer.catch(() => null)
    return stats ?? undefined
  }

  #endWithout(): void {
    this.#close(() => this.#ended.resolve(withoutReport(this.#condemned, 'cell')))
  }

  #close(settle: () => void): void {
    if (this.#settled) return
    this.#settled = true
    this.#telling.end()
    this.#parts.over(this)
    settle()
  }
}
