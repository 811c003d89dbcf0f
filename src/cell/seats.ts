import { Roll } from '../std/roll.ts'
import type { WorkerSeat } from './worker-seat.ts'

/** A job that waits for a worker. */
export interface Waiting {
  /** Part of something that runs, which may already wait for it: it takes an idle worker at once. */
  readonly urgent: boolean
  sit(seat: WorkerSeat): void
  /** No worker can be started. */
  fail(): void
}

export interface SeatsParts {
  /** How many there may be. */
  readonly slots: number
  /** How many threads run at the same time to some purpose. */
  readonly cores: number
  /** Starts a worker in this slot. */
  start(slot: number): WorkerSeat
  /** Calls `then` in `ms` milliseconds of `now`. */
  later(ms: number, then: () => void): void
  now(): number
}

/**
 * A process that has run for a tenth of what starting a thread takes is not about to end: nobody
 * waits for it. Measured, because a loaded machine is slow in both.
 */
const SHARE_OF_START = 0.1
/** Until the first thread has started: what that takes on a quiet machine. */
const USUAL_START_MS = 65
const IDLE_MS = 30_000

/**
 * Who sits where. A job takes the worker that was used last: its code is warm, and those not needed
 * grow old and are given back.
 *
 * While as many processes as there are cores have only just begun, the next waits: most are over
 * before a thread could be started, and one more thread would only slow them down. A process that has
 * run for `patience` no longer counts, whatever it does, so nothing waits for a process that waits: the
 * first in the line has a worker after `patience`, or after one start of a thread. What is urgent waits for
 * that only where no worker is idle.
 */
export class Seats {
  readonly #parts: SeatsParts
  readonly #free: number[]
  /** When each began to start. */
  readonly #starting = new Map<WorkerSeat, number>()
  /** The one used last at the end. */
  readonly #idle: WorkerSeat[] = []
  /** Whose process may soon be over. */
  readonly #young = new Roll<WorkerSeat>()
  readonly #waiting = new Roll<Waiting>()
  #alarm = false
  #startMs = USUAL_START_MS
  #count = 0

  constructor(parts: SeatsParts) {
    this.#parts = parts
    this.#free = Array.from({ length: parts.slots }, (_, index) => parts.slots - 1 - index)
  }

  /** Threads there are. */
  get threads(): number {
    return this.#count
  }

  /** Milliseconds. */
  get #patience(): number {
    return this.#startMs * SHARE_OF_START
  }

  /** Gives `waiting` a worker: at once, or as soon as there is one. */
  seat(waiting: Waiting): void {
    this.#waiting.add(waiting)
    this.#assign()
  }

  /** It need not wait any more. False: it has been given a worker. */
  forget(waiting: Waiting): boolean {
    return this.#waiting.delete(waiting)
  }

  /** A worker that was starting has started. */
  started(seat: WorkerSeat): void {
    const began = this.#starting.get(seat)
    if (began === undefined) return
    this.#starting.delete(seat)
    this.#startMs = this.#parts.now() - began
    this.#rest(seat)
  }

  /** Its process has ended. */
  release(seat: WorkerSeat): void {
    this.#young.delete(seat)
    this.#rest(seat)
  }

  #rest(seat: WorkerSeat): void {
    seat.idleSince = this.#parts.now()
    seat.hold(false)
    this.#idle.push(seat)
    this.#assign()
  }

  /** Its thread is gone. */
  lost(seat: WorkerSeat): void {
    this.#count -= 1
    this.#free.push(seat.slot)
    this.#young.delete(seat)
    const at = this.#idle.indexOf(seat)
    if (at !== -1) this.#idle.splice(at, 1)
    if (this.#starting.delete(seat)) {
      // It never came up, and the next would not either.
      const { first } = this.#waiting
      if (first !== undefined) this.#waiting.delete(first)
      first?.fail()
    }
    this.#assign()
  }

  #assign(): void {
    this.#fill()
    if (this.#waiting.size === 0) return
    if (this.#mayBegin()) this.#startMore()
    else this.#lookAgain()
  }

  #fill(): void {
    // Thousands may wait, and to go through them takes a copy.
    if (this.#idle.length === 0) return
    for (const waiting of this.#waiting) {
      if (!waiting.urgent && !this.#mayBegin()) continue
      // What one that has sat down leads to may have seated others.
      if (!this.#waiting.has(waiting)) continue
      const seat = this.#idle.pop()
      if (seat === undefined) break
      this.#waiting.delete(waiting)
      seat.begunAt = this.#parts.now()
      this.#young.add(seat)
      seat.hold(true)
      waiting.sit(seat)
    }
  }

  /** False while enough processes have only just begun. */
  #mayBegin(): boolean {
    const { cores } = this.#parts
    if (this.#young.size < cores) return true
    this.#forgetGrown()
    return this.#young.size < cores
  }

  #forgetGrown(): void {
    const old = this.#parts.now() - this.#patience
    for (const seat of this.#young) if (seat.begunAt <= old) this.#young.delete(seat)
  }

  /** Whether a process has only just begun that does not sit there. */
  othersBegin(seat: WorkerSeat): boolean {
    if (this.#young.size === 0) return false
    this.#forgetGrown()
    return this.#young.size > (this.#young.has(seat) ? 1 : 0)
  }

  #lookAgain(): void {
    if (this.#alarm) return
    this.#alarm = true
    this.#parts.later(this.#patience, () => {
      this.#alarm = false
      this.#assign()
    })
  }

  /** As many threads start at once as there are cores; more would each only be later. */
  #startMore(): void {
    const wanted = Math.min(this.#waiting.size, this.#parts.cores)
    while (this.#starting.size < wanted) {
      const slot = this.#free.pop()
      if (slot === undefined) return
      this.#count += 1
      this.#starting.set(this.#parts.start(slot), this.#parts.now())
    }
  }

  /** Ends the workers that nobody has needed for a while. */
  trim(): void {
    const old = this.#parts.now() - IDLE_MS
    while (this.#idle[0] !== undefined && this.#idle[0].idleSince <= old) {
      this.#idle.shift()?.terminate()
    }
  }
}
