import type { PipeEnd } from '../../../src/kernel/process/pipe-buffer.ts'

/** The shortcuts that lose bytes or wakes: each looks right. */
export type PipeMutant =
  | 'none'
  /** The slot of who is lent an end is put in after the answer. */
  | 'lend-late'
  /** The kernel takes an end back and leaves the slot of who had it. */
  | 'slot-left'
  /** Whom to ring is looked up before the counter is published. */
  | 'slot-early'
  /** Whether there is room enough to ring for is looked at before the counter is published. */
  | 'room-early'
  /** A process goes on with its ends while the kernel has them back. */
  | 'keeps'

/** What a thread of the stress test is told. */
export interface PipePart {
  readonly seed: number
  readonly delay: number
  readonly mutant: PipeMutant
  /** 0: the kernel. */
  readonly number: number
  readonly processes: number
  readonly pipes: number
  /** Bytes of a pipe, and of the longest transfer. */
  readonly capacity: number
  readonly longest: number
  /** Bytes that go through each pipe, unless somebody is ended. */
  readonly quota: number
  /** They ask what is ready, and wait there; else in reads and writes. */
  readonly polls: boolean
  /** Ends are shared, handed over and taken back as well. */
  readonly moves: boolean
  /** What the kernel itself uses of the first pipe, as PID 1 may. */
  readonly own: PipeEnd | undefined
  /** The kernel computes between two looks; else it parks. */
  readonly computing: boolean
  readonly host: SharedArrayBuffer
  /** Of process i + 1, in slot i + 1; the kernel is in slot 0. */
  readonly mailboxes: readonly SharedArrayBuffer[]
  readonly words: SharedArrayBuffer
  /** Where the pipes lie; the kernel makes it. */
  readonly memory: SharedArrayBuffer | undefined
}

/** To renumber a descriptor to SHARE and a process is to give that process one of the same number. */
export const SHARE = 1_000

/** Nobody uses that end any more. */
export const OVER = -1
/** Per pipe: who uses its ends; bytes of calls that have returned. */
export const PIPE = { READER: 0, WRITER: 1, READ: 2, WRITTEN: 3, SIZE: 4 } as const
export const MOST_PROCESSES = 8
export const MOST_PIPES = 8
/** Words that all threads and the test share; the last four have one for each thread. */
export const SHARED = {
  MOVED: 0,
  WRONG: 1,
  TURNS: 2,
  /** 1: the kernel is to leave. */
  STOP: 3,
  PIPES: 16,
  /** 1: it is being ended; 2: it is no more. */
  ENDED: 16 + MOST_PIPES * PIPE.SIZE,
  /** Bits: descriptors that a process has got beside, and closes when it comes to it. */
  BESIDE: 16 + MOST_PIPES * PIPE.SIZE + MOST_PROCESSES + 1,
  ASLEEP: 16 + MOST_PIPES * PIPE.SIZE + 2 * (MOST_PROCESSES + 1),
  /** As Linux numbers it. */
  THREAD: 16 + MOST_PIPES * PIPE.SIZE + 3 * (MOST_PROCESSES + 1),
  SIZE: 16 + MOST_PIPES * PIPE.SIZE + 4 * (MOST_PROCESSES + 1),
} as const

export const wordOf = (pipe: number, word: number): number => SHARED.PIPES + pipe * PIPE.SIZE + word
/** The same number in all tables: even ones read. */
export const fdOf = (pipe: number, end: PipeEnd): number => 2 * pipe + (end === 'write' ? 1 : 0)
export const ownerOf = (fd: number): number =>
  wordOf(fd >> 1, (fd & 1) === 0 ? PIPE.READER : PIPE.WRITER)

/** Half of the processes read, and the others write; one that is alone does the other than the kernel. */
export function sideOf({ processes, own }: PipePart, number: number): PipeEnd {
  if (processes === 1) return own === 'read' ? 'write' : 'read'
  return number <= processes / 2 ? 'write' : 'read'
}

/** What stands at a place of a pipe. */
export const byteAt = (pipe: number, at: number): number =>
  ((at * 31) ^ (at >>> 8) ^ (at >>> 16) ^ (pipe * 17)) & 0xff

export function randoms(seed: number): (below: number) => number {
  let state = seed | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 3) % below
  }
}
