import type { ContainerStats, Input, OutputConsumer } from '../contract/cell.ts'
import { EngineError } from '../contract/errors.ts'
import type { EndReason } from '../contract/exit.ts'
import { deferred } from '../std/deferred.ts'
import type { RingReader } from '../thread/byte-ring.ts'
import type { ProcessOutcome } from '../thread/process-task.ts'
import type { DrainTurns } from './drain-turns.ts'
import { InputFeed } from './input-feed.ts'
import { OutputDrain } from './output-drain.ts'
import { Pause, standsStill } from './pause.ts'
import type { Waiting } from './seats.ts'
import type { WorkerSeat } from './worker-seat.ts'

/** From `terminate()` until a thread that is still there is given up, and its slot with it. */
export const WEDGED_MS = 2_000
/** What a process that is over may take to write its files to disk before it is given up. */
export const KEEPING_MS = 60_000

/** A process's standard streams, outside of it. */
export interface OuterStreams {
  readonly stdin: Input | undefined
  readonly stdout: OutputConsumer
  readonly stderr: OutputConsumer
}

/** What all processes of a cell that are of one kind have in common. */
export interface SeatedParts<Own> {
  /** From the flag to `terminate()`. */
  readonly killGraceMs: number
  /** Whose turn it is with its output, among all processes of the cell. */
  readonly turns: DrainTurns
  /** A process has only just begun that does not sit there. */
  othersBegin(seat: WorkerSeat): boolean
  /** Calls `then` in `ms` milliseconds, unless the answer is called before. */
  after(ms: number, then: () => void): () => void
  /** It has a worker. */
  seated(own: Own, seat: WorkerSeat): void
  /** It need no longer wait for a worker. False: it has one. */
  unqueue(own: Own): boolean
  /** It is over. `back`: the worker can serve the next. */
  over(own: Own, seat: WorkerSeat | undefined, back: boolean): void
}

/** Why a process is ended from outside; out of fuel: its container is. */
export type Condemnation = Extract<EndReason, 'killed' | 'timeout' | 'fuel'>

export type Lost = { readonly ok: 'lost'; readonly wedged: boolean }
type Ended = ProcessOutcome | Lost

/**
 * One process on its worker, from its start to its end: who feeds and drains it, who stops it and lets
 * it go on, and who ends it. What it is a process of, the heirs know.
 */
export abstract class SeatedProcess<Exit> implements Waiting {
  readonly pid: number
  readonly #ended = deferred<Exit>()
  readonly #gone = deferred<void>()
  readonly #parts: SeatedParts<this>
  readonly #streams: OuterStreams | undefined
  readonly #pause = new Pause()
  /** Gives the worker its task: making a container costs CPU too, and waits for the end of a pause. */
  #held: (() => void) | undefined
  #ready = false
  #seat: WorkerSeat | undefined
  #feed: InputFeed | undefined
  #drains: readonly OutputDrain[] = []
  #draining = 0
  #condemned: Condemnation | undefined
  #stopWatch: (() => void) | undefined
  #patient = false
  /** Set once, when the process is no more. */
  #outcome: Ended | undefined
  #left = false
  #settled = false

  /** @param streams - undefined: it has none of its own. */
  constructor(pid: number, parts: SeatedParts<never>, streams: OuterStreams | undefined) {
    // Each heir is what its own parts speak of.
    this.#parts = parts as SeatedParts<this>
    this.pid = pid
    this.#streams = streams
  }

  get ended(): Promise<Exit> {
    return this.#ended.promise
  }

  /** Settles when the process is no more, also while somebody still reads its output. */
  get gone(): Promise<void> {
    return this.#gone.promise
  }

  protected get condemned(): Condemnation | undefined {
    return this.#condemned
  }

  /** Where it sits, as long as there is a process. */
  get place(): WorkerSeat | undefined {
    return this.isOver ? undefined : this.#seat
  }

  get isOver(): boolean {
    return this.#outcome !== undefined || this.#settled
  }

  protected get isSettled(): boolean {
    return this.#settled
  }

  /** Its worker has its task. */
  protected get begun(): boolean {
    return this.#ready && this.#held === undefined
  }

  /** It has a worker: `ready` may follow. */
  protected abstract taken(seat: WorkerSeat): void
  /** It is no more, or never will be. Called once, before `ended` settles. */
  protected abstract leave(seat: WorkerSeat | undefined, outcome: Ended | undefined): void
  /** True while its end must not be told yet. */
  protected abstract get waits(): boolean
  protected abstract exitOf(outcome: Extract<ProcessOutcome, { ok: true }> | Lost): Exit

  get urgent(): boolean {
    return false
  }

  sit(seat: WorkerSeat): void {
    this.#seat = seat
    this.#parts.seated(this, seat)
    this.taken(seat)
  }

  /** Everything is there for it to begin. */
  protected ready(seat: WorkerSeat, begin: () => void): void {
    if (this.#streams !== undefined) this.#connect(seat, this.#streams)
    this.#held = begin
    this.#ready = true
    if (!this.#pause.wanted) this.#begin()
  }

  #connect(seat: WorkerSeat, { stdin, stdout, stderr }: OuterStreams): void {
    const own = seat.streams(() => this.streamsMoved(seat))
    const { turns } = this.#parts
    const hurried = (): boolean => this.#parts.othersBegin(seat)
    const drain = (ring: RingReader, consume: OutputConsumer): OutputDrain =>
      new OutputDrain({ ring, consume, turns, hurried, ended: this.#dry })
    this.#drains = [drain(own.stdout, stdout), drain(own.stderr, stderr)]
    this.#draining = this.#drains.length
    if (stdin !== undefined) {
      this.#feed = new InputFeed(own.input)
      void this.#feed.run(stdin)
    }
  }

  /** Somebody has written to its input or read of its output: whoever has the other ends is woken. */
  protected streamsMoved(seat: WorkerSeat): void {
    seat.wake()
  }

  /** The worker gets what was held back because of a pause. */
  #begin(): void {
    const begin = this.#held
    this.#held = undefined
    begin?.()
  }

  fail(): void {
    this.refuse(new EngineError('INTERNAL', 'no worker thread can be started'))
  }

  /** It never started. */
  protected refuse(error: EngineError): void {
    if (this.#settled) return
    this.#settled = true
    this.#stopWatch?.()
    this.#close(undefined)
    this.#parts.over(this, this.#seat, this.#seat !== undefined)
    this.#ended.reject(error)
  }

  #close(outcome: Ended | undefined, seat = this.#seat): void {
    this.#pause.end()
    this.#gone.resolve()
    if (this.#left) return
    this.#left = true
    this.leave(seat, outcome)
  }

  kill(reason: Condemnation): void {
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
    this.#stopWatch = this.#parts.after(WEDGED_MS, () => this.end({ ok: 'lost', wedged: true }))
  }

  pause(): Promise<void> {
    if (this.#settled) return Promise.resolve()
    const still = this.#pause.begin()
    if (this.begun) this.#seat?.control.pause()
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
    if (this.#outcome !== undefined || !this.begun || standsStill(state)) this.#pause.still()
  }

  async stats(): Promise<ContainerStats | undefined> {
    return this.#outcome === undefined ? this.#seat?.control.stats() : undefined
  }

  /** Something moved in one of the rings, or the process has ended. */
  pump(): void {
    if (this.#settled) return
    for (const drain of this.#drains) drain.pump()
    this.#feed?.pump()
    const outcome = this.#outcome === undefined ? this.#seat?.outcome() : undefined
    if (outcome !== undefined) this.end(outcome)
    this.#lookAtPause()
  }

  /** The thread is gone. */
  workerGone(): void {
    if (this.#settled) return
    const seat = this.#seat
    // Now: whoever settles must not give it back.
    this.#seat = undefined
    // An outcome that was sent before the end is still there.
    this.end(seat?.outcome() ?? { ok: 'lost', wedged: false }, seat)
    seat?.closeOutput()
    this.pump()
  }

  protected end(outcome: Ended, seat = this.#seat): void {
    if (this.#outcome !== undefined || this.#settled) return
    this.#outcome = outcome
    this.#stopWatch?.()
    this.#feed?.stop()
    this.#close(outcome, seat)
    if (outcome.ok === 'lost' && outcome.wedged) this.#settle(outcome)
    else this.settleWhenDry()
  }

  readonly #dry = (): void => {
    this.#draining -= 1
    this.settleWhenDry()
  }

  protected settleWhenDry(): void {
    const outcome = this.#outcome
    if (outcome !== undefined && this.#draining === 0 && !this.waits) this.#settle(outcome)
  }

  #settle(outcome: Ended): void {
    if (this.#settled) return
    this.#settled = true
    for (const drain of this.#drains) drain.stop()
    this.#close(outcome)
    const wedged = outcome.ok === 'lost' && outcome.wedged
    this.#parts.over(this, this.#seat, !wedged)
    if (outcome.ok === false) this.#ended.reject(new EngineError(outcome.code, outcome.message))
    else this.#ended.resolve(this.exitOf(outcome))
  }
}
