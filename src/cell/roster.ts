import type { CellJob, ExecJob } from '../contract/cell.ts'
import { type ReadonlyRoll, Roll } from '../std/roll.ts'
import type { HostBlock } from '../thread/host-block.ts'
import { CellChild } from './cell-child.ts'
import { CellExec, type StartExec } from './cell-exec.ts'
import type { CellMember } from './cell-member.ts'
import { CellRun, type StartChild } from './cell-run.ts'
import type { Programs } from './programs.ts'
import { noFreeSlot } from './refusals.ts'
import type { SeatedParts } from './seated-process.ts'
import { Seats, type SeatsParts } from './seats.ts'
import type { SeatListener, SeatTask, WorkerSeat } from './worker-seat.ts'

export interface RosterParts
  extends Omit<SeatsParts, 'start'>,
    Pick<SeatedParts<never>, 'after' | 'turns'> {
  /** From the flag to the end of a thread. */
  readonly killGraceMs: number
  readonly host: Pick<HostBlock, 'take'>
  /** Starts a worker in this slot. */
  start(slot: number, hears: SeatListener): WorkerSeat
  /** The worker of this slot is no more. */
  gone(slot: number): void
  /** And it was the last. */
  emptied(): void
  /** What comes from `prepareModule` of this cell. */
  readonly moduleOf: (job: CellJob | ExecJob) => SeatTask['module']
  readonly programs: Programs<SeatTask['module']>
}

/** From a process's start to a look at what it has written, and at most between two looks. */
const LOOK_MS = { first: 2, longest: 64 }

/** The processes of a cell: who is there, who sits where, and who hears of what moves at a seat. */
export class Roster {
  readonly #parts: RosterParts
  readonly #seats: Seats
  readonly #workers = new Map<number, WorkerSeat>()
  readonly #runs = new Roll<CellRun>()
  readonly #members = new Roll<CellMember>()
  /** By slot. */
  readonly #seated: (CellRun | CellMember | undefined)[] = []
  /** Of processes that have come to no safepoint yet: they wake nobody. */
  readonly #beginning = new Roll<WorkerSeat>()
  #looking = false
  /** Threads that did not end when they were told to, and what forgets the process of each. */
  readonly #wedged = new Map<WorkerSeat, () => void>()
  readonly #ofRuns: SeatedParts<CellRun>
  readonly #ofMembers: SeatedParts<CellMember>
  #lastPid = 0

  constructor(parts: RosterParts) {
    this.#parts = parts
    this.#seats = new Seats({ ...parts, start: (slot) => this.#startWorker(slot) })
    this.#ofRuns = this.#seatedParts((own) => void this.#runs.delete(own))
    this.#ofMembers = this.#seatedParts((own) => void this.#members.delete(own))
  }

  get runs(): ReadonlyRoll<CellRun> {
    return this.#runs
  }

  get members(): ReadonlyRoll<CellMember> {
    return this.#members
  }

  get workers(): ReadonlyMap<number, WorkerSeat> {
    return this.#workers
  }

  /** Processes there are, or are to be. */
  get size(): number {
    return this.#runs.size + this.#members.size
  }

  get threads(): number {
    return this.#seats.threads
  }

  get wedged(): number {
    return this.#wedged.size
  }

  /** Ends the workers that nobody has needed for a while. */
  trim(): void {
    this.#seats.trim()
  }

  #startWorker(slot: number): WorkerSeat {
    const seat = this.#parts.start(slot, {
      ended: () => this.#workerGone(seat),
      ordered: (_, order) => {
        const run = this.#seated[slot]
        if (run instanceof CellRun) run.order(order)
      },
    })
    this.#workers.set(slot, seat)
    return seat
  }

  #workerGone(seat: WorkerSeat): void {
    this.#workers.delete(seat.slot)
    this.#parts.gone(seat.slot)
    this.#seated[seat.slot]?.workerGone()
    this.#seated[seat.slot] = undefined
    this.#beginning.delete(seat)
    this.#unwedge(seat)
    this.#seats.lost(seat)
    if (this.#workers.size === 0) this.#parts.emptied()
  }

  /** It has ended after all. */
  #unwedge(seat: WorkerSeat): void {
    this.#wedged.get(seat)?.()
    this.#wedged.delete(seat)
  }

  /** Looks at the seats where something has moved. */
  pump(): void {
    for (const slot of this.#parts.host.take()) {
      const run = this.#seated[slot]
      const seat = this.#workers.get(slot)
      if (run !== undefined) run.pump()
      else if (seat?.control.state() === 'free') this.#seats.started(seat)
    }
  }

  /** Looks in `ms`, and again, less and less often, for as long as somebody has come to no safepoint. */
  #lookIn(ms: number): void {
    if (this.#looking) return
    this.#looking = true
    this.#parts.later(ms, () => {
      this.#looking = false
      // What one of them wrote before its first safepoint is seen by the look that follows.
      for (const seat of this.#beginning) {
        if (seat.control.hasPublished()) this.#beginning.delete(seat)
      }
      this.pump()
      if (this.#beginning.size > 0) this.#lookIn(Math.min(2 * ms, LOOK_MS.longest))
    })
  }

  get #isFull(): boolean {
    return this.size >= this.#parts.slots
  }

  /** @throws EngineError `NO_FREE_SLOT`. */
  start(job: CellJob, root: SeatTask['root']): CellRun {
    if (this.#isFull) throw noFreeSlot()
    const module = this.#parts.moduleOf(job)
    const run: CellRun = new CellRun({
      pid: this.#nextPid(),
      seated: this.#ofRuns,
      job,
      module,
      root,
      startExec: this.#startExec,
      startChild: this.#startChild,
      programs: this.#parts.programs,
    })
    this.#runs.add(run)
    this.#seats.seat(run)
    return run
  }

  readonly #startExec: StartExec = (job, container, refused) => {
    const pid = this.#nextPid()
    const module = this.#parts.moduleOf(job)
    const seated = this.#ofMembers
    const exec = new CellExec({ pid, seated, member: pid, job, module, container })
    const error = refused ?? (this.#isFull ? noFreeSlot() : undefined)
    if (error !== undefined) exec.refuse(error)
    else {
      this.#members.add(exec)
      this.#seats.seat(exec)
    }
    return exec
  }

  readonly #startChild: StartChild = (wanted) => {
    if (this.#isFull) return undefined
    const pid = this.#nextPid()
    const child = new CellChild({ ...wanted, pid, seated: this.#ofMembers, member: pid })
    this.#members.add(child)
    this.#seats.seat(child)
    return child
  }

  #nextPid(): number {
    this.#lastPid += 1
    return this.#lastPid
  }

  #seatedParts<P extends CellRun | CellMember>(forget: (own: P) => void): SeatedParts<P> {
    const { after, killGraceMs, turns } = this.#parts
    return {
      killGraceMs,
      after,
      turns,
      othersBegin: (seat) => this.#seats.othersBegin(seat),
      seated: (own, seat) => {
        this.#seated[seat.slot] = own
        this.#beginning.add(seat)
        this.#lookIn(LOOK_MS.first)
      },
      unqueue: (own) => this.#seats.forget(own),
      over: (own, seat, back) => {
        // A worker that cannot be ended keeps its slot, and is counted.
        if (seat !== undefined && !back) {
          this.#wedged.set(seat, () => forget(own))
          return
        }
        forget(own)
        if (seat !== undefined) this.#vacate(seat)
      },
    }
  }

  #vacate(seat: WorkerSeat): void {
    this.#seated[seat.slot] = undefined
    this.#beginning.delete(seat)
    seat.clean()
    this.#seats.release(seat)
  }
}
