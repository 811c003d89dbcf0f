import type { ContainerStats, SlotState } from '../contract/cell.ts'
import type { EndReason } from '../contract/exit.ts'
import { PAGE } from '../wasm/instance.ts'
import type { Bell } from './doorbell.ts'
import type { Counters } from './guest-ports.ts'
import type { Condemned, TakenSignals } from './signal-port.ts'

/**
 * One block of words for each slot, 256 bytes, so that no two processes share a cache line.
 *
 *    word 0  DOORBELL   anyone adds 1            1  SLEEPING   its owner, around a sleep
 *         2  GEN        main, at each free       3  STATE      owner; `free` and `dead` by main
 *         4  FLAGS      anyone, bit by bit      34  END_REASON whoever is first, before it sets KILL
 *       5-6  SIG_PENDING  the kernel, bit by bit; owner takes them whole
 *        12  EXIT_CODE  owner, at an end that is all numbers: 1 + the code
 *        13  OS_TID     owner, once             14  MEM_PAGES 15 MEM_LIMIT_PAGES 38 PROCESSES  owner
 *        16  SAFEPOINT_US  owner: between the last two publishings   17  HEARTBEAT  owner: +1 each
 *     18-19  FUEL  22-23 SYSCALLS  24-25 FS_READ  26-27 FS_WRITTEN  36-37 CPU_US   u64, owner
 *     40-41  WALL_MS  42-43 PEAK_MEMORY  44-45 PEAK_DISK  46-47 UNPAID_US   f64, owner, with EXIT_CODE
 *
 * The owner is the slot's worker. It publishes the counters at safepoints, before a sleep and at the
 * end, never per call. Order: publish first, ring the owner's doorbell after, always.
 *
 * @source runtime reference, 3.2 and 4.1; CPU_US and PROCESSES lie in words that it keeps free
 */
export const WORD = {
  DOORBELL: 0,
  SLEEPING: 1,
  GEN: 2,
  STATE: 3,
  FLAGS: 4,
  SIG_LOW: 5,
  SIG_HIGH: 6,
  EXIT_CODE: 12,
  OS_TID: 13,
  MEM_PAGES: 14,
  MEM_LIMIT_PAGES: 15,
  SAFEPOINT_US: 16,
  HEARTBEAT: 17,
  END_REASON: 34,
  PROCESSES: 38,
} as const
/** Each takes the word of its number and the next. */
export const WIDE_WORD = {
  FUEL: 18,
  SYSCALLS: 22,
  FS_READ: 24,
  FS_WRITTEN: 26,
  CPU_US: 36,
} as const
const WIDE_WORDS = Object.values(WIDE_WORD)
/** Numbers of an end, each on 8 bytes as well. */
export const END_WORD = { WALL_MS: 40, PEAK_MEMORY: 42, PEAK_DISK: 44, UNPAID_US: 46 } as const
export const BLOCK_WORDS = 64
/**
 * KILL stays up; PAUSE is taken back by main, STOP by the kernel; SIG, INTERRUPT, SERVE, MSG and ASKED are
 * taken down by the owner, who then looks at the signals, into the mailboxes or the port they speak of.
 */
export const FLAG = {
  KILL: 1,
  PAUSE: 2,
  SIG: 4,
  SERVE: 8,
  MSG: 64,
  ASKED: 128,
  /** One of the signals ends a wait. */
  INTERRUPT: 256,
  STOP: 512,
} as const
/** The numbers of STATE are the positions. */
export const STATES: readonly SlotState[] = [
  'free',
  'starting',
  'running',
  'blocked',
  'paused',
  'zombie',
  'dead',
]
/** What END_REASON may hold: a position here, and the number of a signal 8 bits higher. */
const REASONS: readonly EndReason[] = ['exit', 'killed', 'timeout', 'signal', 'fuel']
const SIGNAL_SHIFT = 8
const STANDSTILL = FLAG.PAUSE | FLAG.STOP
const SIGNALS_PER_WORD = 32

const US_PER_MS = 1_000
/** What a slot's next process must not find. */
const OF_ONE_PROCESS = [
  WORD.FLAGS,
  WORD.SIG_LOW,
  WORD.SIG_HIGH,
  WORD.END_REASON,
  WORD.EXIT_CODE,
  WORD.MEM_PAGES,
  WORD.MEM_LIMIT_PAGES,
  WORD.PROCESSES,
  WORD.SAFEPOINT_US,
  WORD.HEARTBEAT,
] as const

/** An end by the process's own choice, beside what it has published. */
export interface ToldEnd {
  readonly exitCode: number
  readonly wallMs: number
  /** Bytes. */
  readonly peakMemory: number
  readonly peakDisk: number
  readonly unpaidUs: number
}

/** One slot's control block. */
export class ControlBlock {
  readonly bell: Bell
  readonly #words: Int32Array
  readonly #wide: BigUint64Array
  readonly #numbers: Float64Array
  #publishedAt = 0

  /** @param at - byte at which the block begins: a multiple of 256. */
  constructor(memory: SharedArrayBuffer, at: number) {
    this.#words = new Int32Array(memory, at, BLOCK_WORDS)
    this.#wide = new BigUint64Array(memory, at, BLOCK_WORDS / 2)
    this.#numbers = new Float64Array(memory, at, BLOCK_WORDS / 2)
    this.bell = { words: this.#words, doorbell: WORD.DOORBELL, sleeping: WORD.SLEEPING }
  }

  /** True when a flag is up, but for SERVE: whoever has members to serve takes that by itself. */
  raised(): boolean {
    return (Atomics.load(this.#words, WORD.FLAGS) & ~FLAG.SERVE) !== 0
  }

  /** Condemns the process. The first reason stays. */
  condemn(reason: Extract<EndReason, 'killed' | 'timeout' | 'signal' | 'fuel'>, signal = 0): void {
    const word = REASONS.indexOf(reason) | (signal << SIGNAL_SHIFT)
    Atomics.compareExchange(this.#words, WORD.END_REASON, 0, word)
    Atomics.or(this.#words, WORD.FLAGS, FLAG.KILL)
  }

  condemned(): Condemned | undefined {
    if ((Atomics.load(this.#words, WORD.FLAGS) & FLAG.KILL) === 0) return undefined
    const word = Atomics.load(this.#words, WORD.END_REASON)
    const reason = REASONS[word & ((1 << SIGNAL_SHIFT) - 1)]
    return reason && { reason, signal: word >>> SIGNAL_SHIFT }
  }

  /** A signal for the handler of the guest. It is there before the flag is. */
  signal(signal: number, interrupts: boolean): void {
    const bit = signal - 1
    const word = bit < SIGNALS_PER_WORD ? WORD.SIG_LOW : WORD.SIG_HIGH
    Atomics.or(this.#words, word, 1 << (bit & (SIGNALS_PER_WORD - 1)))
    Atomics.or(this.#words, WORD.FLAGS, FLAG.SIG | (interrupts ? FLAG.INTERRUPT : 0))
  }

  /** The flags are taken down before the signals are taken: one that comes meanwhile puts them up again. */
  takeSignals(): TakenSignals | undefined {
    const taken = FLAG.SIG | FLAG.INTERRUPT
    const flags = Atomics.and(this.#words, WORD.FLAGS, ~taken)
    if ((flags & taken) === 0) return undefined
    const signals = [WORD.SIG_LOW, WORD.SIG_HIGH].flatMap((word, index) => {
      const bits = Atomics.exchange(this.#words, word, 0)
      const numbers = Array.from({ length: SIGNALS_PER_WORD }, (_, bit) => bit)
      return numbers
        .filter((bit) => (bits & (1 << bit)) !== 0)
        .map((bit) => index * SIGNALS_PER_WORD + bit + 1)
    })
    return { signals, interrupts: (flags & FLAG.INTERRUPT) !== 0 }
  }

  /** A signal has stopped the process: as a pause, and beside it. */
  stop(): void {
    Atomics.or(this.#words, WORD.FLAGS, FLAG.STOP)
  }

  resume(): void {
    Atomics.and(this.#words, WORD.FLAGS, ~FLAG.STOP)
  }

  /** The process stands still at its next safepoint, or stays where it waits. */
  pause(): void {
    Atomics.or(this.#words, WORD.FLAGS, FLAG.PAUSE)
  }

  unpause(): void {
    Atomics.and(this.#words, WORD.FLAGS, ~FLAG.PAUSE)
  }

  /** PAUSE or STOP is up, and no other flag. */
  pausing(): boolean {
    const flags = Atomics.load(this.#words, WORD.FLAGS)
    return flags !== 0 && (flags & ~STANDSTILL) === 0
  }

  /** A message lies in the process's port. */
  tell(): void {
    Atomics.or(this.#words, WORD.FLAGS, FLAG.MSG)
  }

  /** Takes the sign down before the message is read: one that comes meanwhile puts it up again. */
  told(): boolean {
    return (Atomics.and(this.#words, WORD.FLAGS, ~FLAG.MSG) & FLAG.MSG) !== 0
  }

  /** Somebody has put a question into the process's port. */
  ask(): void {
    Atomics.or(this.#words, WORD.FLAGS, FLAG.ASKED)
  }

  /** True once for all questions so far: the flag is taken down before the port is looked into. */
  takeAsked(): boolean {
    return (Atomics.and(this.#words, WORD.FLAGS, ~FLAG.ASKED) & FLAG.ASKED) !== 0
  }

  /** A request lies in a mailbox that the process serves. */
  serve(): void {
    Atomics.or(this.#words, WORD.FLAGS, FLAG.SERVE)
  }

  /** True once for all requests so far. */
  takeServe(): boolean {
    return (Atomics.and(this.#words, WORD.FLAGS, ~FLAG.SERVE) & FLAG.SERVE) !== 0
  }

  enter(state: SlotState): void {
    Atomics.store(this.#words, WORD.STATE, STATES.indexOf(state))
  }

  state(): SlotState {
    return STATES[Atomics.load(this.#words, WORD.STATE)] ?? 'dead'
  }

  /** The owner has taken up a process. */
  begin(): void {
    this.#publishedAt = 0
    this.enter('starting')
  }

  /** The slot is ready for another process: a handle of the last one no longer fits. */
  free(): void {
    for (const word of OF_ONE_PROCESS) Atomics.store(this.#words, word, 0)
    for (const word of WIDE_WORDS) Atomics.store(this.#wide, word / 2, 0n)
    Atomics.add(this.#words, WORD.GEN, 1)
    this.enter('free')
  }

  /** Grows with each process that had this slot. */
  get generation(): number {
    return Atomics.load(this.#words, WORD.GEN)
  }

  /** The worker behind this slot, as Linux numbers threads; 0 elsewhere. */
  set thread(id: number) {
    Atomics.store(this.#words, WORD.OS_TID, id)
  }

  get thread(): number {
    return Atomics.load(this.#words, WORD.OS_TID)
  }

  /** @param now - ms of `performance.now()`. */
  publish(counters: Counters, now: number): void {
    const words = this.#words
    Atomics.store(words, WORD.MEM_PAGES, Math.ceil(counters.memory / PAGE))
    Atomics.store(words, WORD.MEM_LIMIT_PAGES, limitPages(counters.memoryLimit))
    Atomics.store(words, WORD.PROCESSES, counters.processes)
    this.#count(WIDE_WORD.FUEL, counters.fuel)
    this.#count(WIDE_WORD.SYSCALLS, BigInt(counters.syscalls))
    this.#count(WIDE_WORD.FS_READ, BigInt(counters.readBytes))
    this.#count(WIDE_WORD.FS_WRITTEN, BigInt(counters.writtenBytes))
    this.#count(WIDE_WORD.CPU_US, BigInt(Math.round(counters.cpuMs * US_PER_MS)))
    const since = this.#publishedAt === 0 ? 0 : now - this.#publishedAt
    this.#publishedAt = now
    Atomics.store(words, WORD.SAFEPOINT_US, Math.round(since * US_PER_MS) | 0)
    Atomics.add(words, WORD.HEARTBEAT, 1)
  }

  /** The numbers are there before the code is, which tells of them. */
  tellEnd(end: ToldEnd): void {
    this.#numbers[END_WORD.WALL_MS / 2] = end.wallMs
    this.#numbers[END_WORD.PEAK_MEMORY / 2] = end.peakMemory
    this.#numbers[END_WORD.PEAK_DISK / 2] = end.peakDisk
    this.#numbers[END_WORD.UNPAID_US / 2] = end.unpaidUs
    Atomics.store(this.#words, WORD.EXIT_CODE, 1 + end.exitCode)
  }

  toldEnd(): ToldEnd | undefined {
    const told = Atomics.load(this.#words, WORD.EXIT_CODE)
    if (told === 0) return undefined
    const number = (word: number): number => this.#numbers[word / 2] ?? 0
    return {
      exitCode: told - 1,
      wallMs: number(END_WORD.WALL_MS),
      peakMemory: number(END_WORD.PEAK_MEMORY),
      peakDisk: number(END_WORD.PEAK_DISK),
      unpaidUs: number(END_WORD.UNPAID_US),
    }
  }

  /** The process has been at a safepoint, or asleep. */
  hasPublished(): boolean {
    return Atomics.load(this.#words, WORD.HEARTBEAT) !== 0
  }

  #count(word: number, value: bigint): void {
    Atomics.store(this.#wide, word / 2, value)
  }

  /** Milliseconds of CPU that it has published. */
  cpuMs(): number {
    return Number(Atomics.load(this.#wide, WIDE_WORD.CPU_US / 2)) / US_PER_MS
  }

  /** What it has published: of PID 1 that is its container's, but for fuel and CPU. */
  stats(): ContainerStats {
    const words = this.#words
    const wide = (word: number): bigint => Atomics.load(this.#wide, word / 2)
    const limit = Atomics.load(words, WORD.MEM_LIMIT_PAGES)
    return {
      state: this.state(),
      fuel: wide(WIDE_WORD.FUEL),
      cpuMs: this.cpuMs(),
      memory: Atomics.load(words, WORD.MEM_PAGES) * PAGE,
      memoryLimit: limit === 0 ? Number.POSITIVE_INFINITY : limit * PAGE,
      syscalls: Number(wide(WIDE_WORD.SYSCALLS)),
      readBytes: Number(wide(WIDE_WORD.FS_READ)),
      writtenBytes: Number(wide(WIDE_WORD.FS_WRITTEN)),
      processes: Atomics.load(words, WORD.PROCESSES) >>> 0,
      safepoints: Atomics.load(words, WORD.HEARTBEAT) >>> 0,
      safepointUs: Atomics.load(words, WORD.SAFEPOINT_US),
    }
  }
}

/** 0 stands for no limit, which no container has as one. */
const limitPages = (bytes: number): number =>
  Number.isFinite(bytes) ? Math.max(1, Math.floor(bytes / PAGE)) : 0
