import {
  ahead,
  bounded,
  type Competitor,
  isBefore,
  joined,
  mayResume,
  mustYield,
  passOf,
} from '../kernel/cgroup/cpu-shares.ts'
import { type Bell, ring } from './doorbell.ts'

/**
 * Who of a cell wants to run, and how far each has come: what CPU shares are decided from.
 *
 *   word 0 SLOTS     n, a multiple of 32   1 CORES      both: main, once
 *   word 16 ..       n/32 words RUNNABLE   one bit for each slot, its owner; main clears a dead one's
 *   next multiple of 16, 16 words for each slot:
 *        0 PASS  1 SHARES        its owner
 *        2 WAITING               its owner: 1 while it lets others go first
 *        3 BEAT                  its owner: ms of its last safepoint, wraps
 *
 * Order: publish PASS, RUNNABLE or WAITING first, ring those who may go on after. A wake that comes
 * too early is a look at the words; one that is lost costs BACKSTOP_MS.
 */
const WORD = { SLOTS: 0, CORES: 1, RUNNABLE: 16 } as const
const SEAT = { PASS: 0, SHARES: 1, WAITING: 2, BEAT: 3 } as const
const LINE = 16
const BITS = 32

/**
 * One that runs and has not been at a safepoint for so long is in a call of the host. Not shorter: on
 * a crowded machine the operating system keeps a thread off the CPU for 100 ms and more.
 */
const SILENT_MS = 500
const BACKSTOP_MS = 50

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step
const seatsAt = (slots: number): number => roundUp(WORD.RUNNABLE + slots / BITS, LINE)

/** As `Waiter` has it. */
type Park = (changed: () => boolean, deadline: number) => boolean
/** The doorbell of the process in a slot. */
type BellOf = (slot: number) => Bell

export class RunQueue {
  readonly memory: SharedArrayBuffer
  readonly words: Int32Array
  readonly cores: number
  readonly #slots: number
  readonly #bellOf: BellOf

  /** @param bellOf - rings the process of a slot, wherever it sleeps. */
  constructor(memory: SharedArrayBuffer, bellOf: BellOf) {
    this.memory = memory
    this.#bellOf = bellOf
    this.words = new Int32Array(memory)
    this.#slots = Atomics.load(this.words, WORD.SLOTS)
    this.cores = Atomics.load(this.words, WORD.CORES)
  }

  static create(slots: number, cores: number, bellOf: BellOf): RunQueue {
    const count = roundUp(slots, BITS)
    const memory = new SharedArrayBuffer((seatsAt(count) + count * LINE) * 4)
    const words = new Int32Array(memory)
    Atomics.store(words, WORD.SLOTS, count)
    Atomics.store(words, WORD.CORES, cores)
    return new RunQueue(memory, bellOf)
  }

  /** The first word of a slot's line. */
  lineOf(slot: number): number {
    return seatsAt(this.#slots) + slot * LINE
  }

  setRunnable(slot: number, runnable: boolean): void {
    const word = WORD.RUNNABLE + (slot >>> 5)
    const bit = 1 << (slot & 31)
    if (runnable) Atomics.or(this.words, word, bit)
    else Atomics.and(this.words, word, ~bit)
  }

  /** Slots whose processes want to run. */
  runnable(): readonly number[] {
    const slots: number[] = []
    for (let index = 0; index < this.#slots / BITS; index += 1) {
      let bits = Atomics.load(this.words, WORD.RUNNABLE + index)
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits)
        bits &= ~(1 << bit)
        slots.push(index * BITS + bit)
      }
    }
    return slots
  }

  /** Everybody who wants to run, without those that are lost in a call of the host. */
  competitors(now: number): readonly Competitor[] {
    const { words } = this
    const found: Competitor[] = []
    for (const slot of this.runnable()) {
      const line = this.lineOf(slot)
      const waiting = Atomics.load(words, line + SEAT.WAITING) !== 0
      if (!waiting && ahead(now, Atomics.load(words, line + SEAT.BEAT)) > SILENT_MS) continue
      const pass = Atomics.load(words, line + SEAT.PASS)
      // At least one: a word that is being written must not divide by zero.
      const shares = Math.max(1, Atomics.load(words, line + SEAT.SHARES))
      found.push({ slot, pass, shares, waiting })
    }
    return found
  }

  /** Rings those who wait and may go on, in their order. */
  ringReady(now: number): void {
    const all = this.competitors(now)
    const waiting = new Set(all.filter((one) => one.waiting))
    for (;;) {
      const [any, ...more] = waiting
      if (any === undefined) return
      const first = more.reduce((one, two) => (isBefore(two, one) ? two : one), any)
      // Whoever stands behind one who may not go on may not either.
      if (!mayResume(first, without(all, first.slot), this.cores)) return
      waiting.delete(first)
      ring(this.#bellOf(first.slot))
    }
  }

  /** For main: the process of `slot` is gone, in whatever way. */
  vacate(slot: number, now: number): void {
    Atomics.store(this.words, this.lineOf(slot) + SEAT.WAITING, 0)
    this.setRunnable(slot, false)
    this.ringReady(now)
  }
}

const without = (all: readonly Competitor[], slot: number): readonly Competitor[] =>
  all.filter((one) => one.slot !== slot)

/** One process's part in the queue. Its own thread calls it; all times are ms. */
export class CpuSeat {
  readonly #queue: RunQueue
  readonly #slot: number
  readonly #line: number
  #shares: number
  #pass: number | undefined
  #fraction = 0

  constructor(queue: RunQueue, slot: number, shares: number) {
    this.#queue = queue
    this.#slot = slot
    this.#line = queue.lineOf(slot)
    this.#shares = shares
  }

  /** Another weight from now on; what was used so far is paid at the old one. */
  setShares(shares: number): void {
    this.#shares = shares
    Atomics.store(this.#queue.words, this.#line + SEAT.SHARES, shares)
  }

  #others(now: number): readonly Competitor[] {
    return without(this.#queue.competitors(now), this.#slot)
  }

  #self(pass: number, waiting: boolean): Competitor {
    return { slot: this.#slot, pass, shares: this.#shares, waiting }
  }

  #publish(pass: number, now: number): void {
    this.#pass = pass
    Atomics.store(this.#queue.words, this.#line + SEAT.PASS, pass)
    Atomics.store(this.#queue.words, this.#line + SEAT.BEAT, now | 0)
  }

  /** It wants to run, after its start or a sleep. */
  enter(now: number): void {
    Atomics.store(this.#queue.words, this.#line + SEAT.SHARES, this.#shares)
    this.#publish(joined(this.#pass, this.#shares, this.#others(now)), now)
    this.#queue.setRunnable(this.#slot, true)
  }

  /** It goes to sleep, or ends. */
  leave(now: number): void {
    const contended = this.contended
    this.#queue.setRunnable(this.#slot, false)
    if (contended) this.#queue.ringReady(now)
  }

  /** True when more want to run than there are CPUs. */
  get contended(): boolean {
    return this.#queue.runnable().length > this.#queue.cores
  }

  /** At a safepoint: it has used `us` since the last. True: it must wait for its turn. */
  advance(us: number, now: number): boolean {
    const exact = this.#fraction + passOf(us, this.#shares)
    const whole = Math.trunc(exact)
    this.#fraction = exact - whole
    const others = this.#others(now)
    const pass = bounded(((this.#pass ?? 0) + whole) | 0, this.#shares, others)
    this.#publish(pass, now)
    const yields = mustYield(this.#self(pass, false), others, this.#queue.cores)
    Atomics.store(this.#queue.words, this.#line + SEAT.WAITING, yields ? 1 : 0)
    this.#queue.ringReady(now)
    return yields
  }

  /** While it waits: true when it may go on. */
  mayResume(now: number): boolean {
    return mayResume(this.#self(this.#pass ?? 0, true), this.#others(now), this.#queue.cores)
  }

  /** It goes on. */
  resume(now: number): void {
    Atomics.store(this.#queue.words, this.#line + SEAT.BEAT, now | 0)
    Atomics.store(this.#queue.words, this.#line + SEAT.WAITING, 0)
  }

  /** Sleeps until it is its turn, or `stop` holds. `park` is the process's own. */
  waitForTurn(park: Park, stop: () => boolean): void {
    const ready = (): boolean => stop() || this.mayResume(performance.now())
    while (!park(ready, performance.now() + BACKSTOP_MS));
    this.resume(performance.now())
  }
}
