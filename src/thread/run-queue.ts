import {
  ahead,
  bounded,
  type Competitor,
  isBefore,
  joined,
  mayResume,
  mustYield,
  OWN_SHARES,
  passOf,
  type Standing,
} from '../kernel/cgroup/cpu-shares.ts'
import { type Bell, ring } from './doorbell.ts'

/**
 * Who of a cell wants to run, and how far each has come: what CPU shares are decided from.
 *
 *   word 0 SLOTS     n, a multiple of 32   1 CORES      both: main, once
 *   word 16 ..       n/32 words RUNNABLE   one bit for each slot, its owner; main clears a dead one's
 *   next multiple of 16, 16 words for each slot:
 *        0 PASS                  its owner: among the processes of its container
 *        2 WAITING               its owner: 1 while it lets others go first
 *        3 BEAT                  its owner: ms of its last safepoint, wraps
 *        4 GROUP                 its owner: the slot of its container's PID 1
 *      and of the container whose PID 1 sits there, until another's does:
 *        1 SHARES                PID 1
 *        5 CONTAINER             its pass: PID 1 at its start, then all of its processes, atomically
 *
 * Order: publish PASS, RUNNABLE or WAITING first, ring those who may go on after. A wake that comes
 * too early is a look at the words; one that is lost costs BACKSTOP_MS.
 */
const WORD = { SLOTS: 0, CORES: 1, RUNNABLE: 16 } as const
const SEAT = { PASS: 0, SHARES: 1, WAITING: 2, BEAT: 3, GROUP: 4, CONTAINER: 5 } as const
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
      const own = { pass: Atomics.load(words, line + SEAT.PASS), shares: OWN_SHARES }
      const group = this.groupOf(slot)
      found.push({ slot, group, container: this.containerOf(group), own, waiting })
    }
    return found
  }

  groupOf(slot: number): number {
    return Atomics.load(this.words, this.lineOf(slot) + SEAT.GROUP)
  }

  /** Where the container stands whose PID 1 sits in `group`. */
  containerOf(group: number): Standing {
    const line = this.lineOf(group)
    // At least one: a word that is being written must not divide by zero.
    const shares = Math.max(1, Atomics.load(this.words, line + SEAT.SHARES))
    return { pass: Atomics.load(this.words, line + SEAT.CONTAINER), shares }
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
  /** The slot of its container's PID 1, which may be its own. */
  readonly #group: number
  #pass: number | undefined
  /** PID 1's: its container has a standing. */
  #begun = false
  /** Of a pass, that its container owes for it. */
  #fraction = 0

  constructor(queue: RunQueue, slot: number, group: number) {
    this.#queue = queue
    this.#slot = slot
    this.#line = queue.lineOf(slot)
    this.#group = group
  }

  /** Another weight of its container from now on, for PID 1; what was used is paid at the old one. */
  setShares(shares: number): void {
    Atomics.store(this.#queue.words, this.#line + SEAT.SHARES, shares)
  }

  #others(now: number): readonly Competitor[] {
    return without(this.#queue.competitors(now), this.#slot)
  }

  #self(waiting: boolean): Competitor {
    return {
      slot: this.#slot,
      group: this.#group,
      container: this.#queue.containerOf(this.#group),
      own: { pass: this.#pass ?? 0, shares: OWN_SHARES },
      waiting,
    }
  }

  #publish(pass: number, now: number): void {
    this.#pass = pass
    Atomics.store(this.#queue.words, this.#line + SEAT.PASS, pass)
    Atomics.store(this.#queue.words, this.#line + SEAT.BEAT, now | 0)
  }

  /** Those of its own container, as they stand in it. */
  #beside(others: readonly Competitor[]): readonly Standing[] {
    return others.filter(({ group }) => group === this.#group).map(({ own }) => own)
  }

  #containers(others: readonly Competitor[]): readonly Standing[] {
    return others.filter(({ group }) => group !== this.#group).map(({ container }) => container)
  }

  /** Puts its container elsewhere, unless another of its processes has done so meanwhile. */
  #place(from: number, to: number): void {
    const at = this.#queue.lineOf(this.#group) + SEAT.CONTAINER
    if (from !== to) Atomics.compareExchange(this.#queue.words, at, from, to)
  }

  /** It wants to run, after its start or a sleep. */
  enter(now: number): void {
    const others = this.#others(now)
    const beside = this.#beside(others)
    const { pass, shares } = this.#queue.containerOf(this.#group)
    const isNew = this.#group === this.#slot && !this.#begun
    this.#begun = true
    Atomics.store(this.#queue.words, this.#line + SEAT.GROUP, this.#group)
    // A container of which others run has not slept.
    if (beside.length === 0) {
      this.#place(pass, joined(isNew ? undefined : pass, shares, this.#containers(others)))
    }
    this.#publish(joined(this.#pass, OWN_SHARES, beside), now)
    this.#queue.setRunnable(this.#slot, true)
  }

  /** It goes to sleep, or ends. */
  leave(now: number): void {
    const contended = this.contended
    this.#queue.setRunnable(this.#slot, false)
    if (contended) this.#queue.ringReady(now)
  }

  /** True when more want to run than there are CPUs, and not all of one container. */
  get contended(): boolean {
    const runnable = this.#queue.runnable()
    if (runnable.length <= this.#queue.cores) return false
    return runnable.some((slot) => this.#queue.groupOf(slot) !== this.#group)
  }

  /** Its container has used `us`. */
  charge(us: number): void {
    const { shares } = this.#queue.containerOf(this.#group)
    const exact = this.#fraction + passOf(us, shares)
    const whole = Math.trunc(exact)
    this.#fraction = exact - whole
    const at = this.#queue.lineOf(this.#group) + SEAT.CONTAINER
    Atomics.add(this.#queue.words, at, whole)
  }

  /** At a safepoint: it has used `us` since the last. True: it must wait for its turn. */
  advance(us: number, now: number): boolean {
    this.charge(us)
    const others = this.#others(now)
    const { pass, shares } = this.#queue.containerOf(this.#group)
    this.#place(pass, bounded(pass, shares, this.#containers(others)))
    const own = ((this.#pass ?? 0) + Math.trunc(passOf(us, OWN_SHARES))) | 0
    this.#publish(bounded(own, OWN_SHARES, this.#beside(others)), now)
    const yields = mustYield(this.#self(false), others, this.#queue.cores)
    Atomics.store(this.#queue.words, this.#line + SEAT.WAITING, yields ? 1 : 0)
    this.#queue.ringReady(now)
    return yields
  }

  /** While it waits: true when it may go on. */
  mayResume(now: number): boolean {
    return mayResume(this.#self(true), this.#others(now), this.#queue.cores)
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
