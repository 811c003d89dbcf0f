import type { CellExit, CellJob, CellProcess, ExecProcess, ProcessStats } from '../contract/cell.ts'
import { EngineError } from '../contract/errors.ts'
import type { EndReason } from '../contract/exit.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import type { Limits } from '../contract/limits.ts'
import { deferred } from '../std/deferred.ts'
import type { ProcessOutcome } from '../thread/process-task.ts'
import { InputFeed } from './input-feed.ts'
import { OutputDrain } from './output-drain.ts'
import { Pause, standsStill } from './pause.ts'
import { processGone } from './questions.ts'
import type { Waiting } from './seats.ts'
import type { Ask } from './trees.ts'
import { withoutReport } from './without-report.ts'
import type { SeatTask, WorkerSeat } from './worker-seat.ts'

/** From `terminate()` until a thread that is still there is given up, and its slot with it. */
export const WEDGED_MS = 2_000
/** What a process that is over may take to write its files to disk before it is given up. */
export const KEEPING_MS = 60_000

export interface CellRunParts {
  readonly pid: number
  readonly task: Omit<SeatTask, 'hasInput'>
  readonly job: CellJob
  /** From the flag to `terminate()`. */
  readonly killGraceMs: number
  /** Calls `then` in `ms` milliseconds, unless the answer is called before. */
  after(ms: number, then: () => void): () => void
  /** It has a worker. */
  seated(run: CellRun, seat: WorkerSeat): void
  /** It need no longer wait for a worker. False: it has one. */
  unqueue(run: CellRun): boolean
  /** It is over. `back`: the worker can serve the next. */
  over(run: CellRun, seat: WorkerSeat | undefined, back: boolean): void
}

type Ended = ProcessOutcome | { readonly ok: 'lost'; readonly wedged: boolean }

/** One job from its start to its end: who feeds and drains its process, and who ends it. */
export class CellRun implements CellProcess, Waiting {
  readonly pid: number
  readonly #ended = deferred<CellExit>()
  readonly #gone = deferred<void>()
  readonly #parts: CellRunParts
  readonly #pause = new Pause()
  #guest: GuestSpec
  /** Gives the worker its task: making a container costs CPU too, and waits for the end of a pause. */
  #held: (() => void) | undefined
  #seat: WorkerSeat | undefined
  #feed: InputFeed | undefined
  #drains: readonly OutputDrain[] = []
  #draining = 0
  #condemned: Extract<EndReason, 'killed' | 'timeout'> | undefined
  #stopWatch: (() => void) | undefined
  #patient = false
  /** Set once, when the process is no more. */
  #outcome: Ended | undefined
  #settled = false
  /** It had a worker once. */
  #seated = false
  readonly #sat = deferred<void>()

  constructor(parts: CellRunParts) {
    this.#parts = parts
    this.pid = parts.pid
    this.#guest = parts.task.guest
  }

  get ended(): Promise<CellExit> {
    return this.#ended.promise
  }

  /** Settles when the process is no more, also while somebody still reads its output. */
  get gone(): Promise<void> {
    return this.#gone.promise
  }

  /** Whether its end is worth waiting for. */
  get keepsFiles(): boolean {
    return this.#parts.job.writableLayer !== undefined
  }

  sit(seat: WorkerSeat): void {
    const { job, task } = this.#parts
    this.#seat = seat
    this.#seated = true
    this.#parts.seated(this, seat)
    this.#sat.resolve()
    const streams = [
      { ring: seat.stdout, consume: job.stdout },
      { ring: seat.stderr, consume: job.stderr },
    ]
    this.#draining = streams.length
    this.#drains = streams.map(
      (stream) => new OutputDrain({ ...stream, again: later(() => this.pump()), ended: this.#dry }),
    )
    if (job.stdin !== undefined) {
      this.#feed = new InputFeed(seat.input)
      void this.#feed.run(job.stdin)
    }
    this.#held = () =>
      seat.begin({ ...task, guest: this.#guest, hasInput: job.stdin !== undefined })
    if (!this.#pause.wanted) this.#begin()
  }

  /** The worker gets what was held back because of a pause. */
  #begin(): void {
    const begin = this.#held
    this.#held = undefined
    begin?.()
  }

  fail(): void {
    this.#settled = true
    this.#pause.end()
    this.#gone.resolve()
    this.#parts.over(this, undefined, false)
    this.#ended.reject(new EngineError('INTERNAL', 'no worker thread can be started'))
  }

  kill(reason: Extract<EndReason, 'killed' | 'timeout'>): void {
    if (this.#condemned !== undefined || this.#settled) return
    this.#condemned = reason
    if (this.#parts.unqueue(this)) {
      this.#settle({ ok: 'lost', wedged: false })
      return
    }
    this.#seat?.control.condemn(reason)
    this.#begin()
    this.#seat?.wake()
    this.#stopWatch = this.#parts.after(this.#parts.killGraceMs, () => this.#terminate())
  }

  /** It has not looked at its flags, unless it is over and its files are on their way to disk. */
  #terminate(): void {
    if (this.#outcome !== undefined) return
    if (this.#seat?.control.state() === 'zombie' && !this.#patient) {
      this.#patient = true
      this.#stopWatch = this.#parts.after(KEEPING_MS, () => this.#terminate())
      return
    }
    this.#seat?.terminate()
    this.#stopWatch = this.#parts.after(WEDGED_MS, () => this.#end({ ok: 'lost', wedged: true }))
  }

  /** Asks its worker for its files, as soon as it has one. */
  readonly ask: Ask = async (question) => {
    await Promise.race([this.#sat.promise, this.gone])
    const seat = this.#outcome === undefined && !this.#settled ? this.#seat : undefined
    if (seat === undefined) throw processGone()
    await seat.ask(question)
  }

  pause(): Promise<void> {
    if (this.#settled) return Promise.resolve()
    const still = this.#pause.begin()
    if (this.#held === undefined) this.#seat?.control.pause()
    this.#seat?.wake()
    this.#lookAtPause()
    return still
  }

  unpause(): void {
    if (this.#settled) return
    this.#pause.end()
    this.#seat?.control.unpause()
    this.#begin()
    this.#seat?.wake()
  }

  /** The state is read after the flag was put up: see `standsStill`. */
  #lookAtPause(): void {
    const state = this.#seat?.control.state()
    if (this.#outcome !== undefined || this.#held !== undefined || standsStill(state)) {
      this.#pause.still()
    }
  }

  exec(): ExecProcess {
    throw new EngineError('NOT_IMPLEMENTED', 'one process per container')
  }

  update(limits: Partial<Limits>): void {
    if (this.#outcome !== undefined || this.#settled) return
    this.#guest = { ...this.#guest, limits: { ...this.#guest.limits, ...limits } }
    if (this.#held === undefined) this.#seat?.update(limits)
  }

  async stats(): Promise<ProcessStats | undefined> {
    return this.#outcome === undefined ? this.#seat?.control.stats() : undefined
  }

  /** Something moved in one of the rings, or the process has ended. */
  pump(): void {
    if (this.#settled) return
    for (const drain of this.#drains) drain.pump()
    this.#feed?.pump()
    const outcome = this.#outcome === undefined ? this.#seat?.outcome() : undefined
    if (outcome !== undefined) this.#end(outcome)
    this.#lookAtPause()
  }

  /** The thread is gone. */
  workerGone(): void {
    if (this.#settled) return
    const seat = this.#seat
    // An outcome that was sent before the end is still there.
    this.#end(seat?.outcome() ?? { ok: 'lost', wedged: false })
    this.#seat = undefined
    seat?.closeOutput()
    this.pump()
  }

  #end(outcome: Ended): void {
    if (this.#outcome !== undefined) return
    this.#outcome = outcome
    this.#pause.still()
    this.#gone.resolve()
    this.#seat?.unasked()
    this.#stopWatch?.()
    this.#feed?.stop()
    if (outcome.ok === 'lost' && outcome.wedged) this.#settle(outcome)
    else this.#settleWhenDry()
  }

  readonly #dry = (): void => {
    this.#draining -= 1
    this.#settleWhenDry()
  }

  #settleWhenDry(): void {
    if (this.#outcome !== undefined && this.#draining === 0) this.#settle(this.#outcome)
  }

  #settle(outcome: Ended): void {
    if (this.#settled) return
    this.#settled = true
    this.#pause.end()
    this.#gone.resolve()
    const wedged = outcome.ok === 'lost' && outcome.wedged
    this.#parts.over(this, this.#seat, !wedged)
    if (outcome.ok === true) {
      const { report, files, layerLoss } = outcome
      this.#ended.resolve({ ...report, files, layerLoss })
    } else if (outcome.ok === 'lost') {
      const keptFiles = this.#seated && this.keepsFiles
      this.#ended.resolve(withoutReport(this.#condemned, 'worker', keptFiles))
    } else this.#ended.reject(new EngineError(outcome.code, outcome.message))
  }
}

const later = (then: () => void) => (): void => void setImmediate(then)
