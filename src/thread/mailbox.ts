import { Scratch } from '../std/scratch.ts'
import { type Bell, type DelayPoint, noDelay, ring } from './doorbell.ts'

/**
 * How a process reaches the kernel of its container, on another thread: one mailbox for each, one
 * request at a time.
 *
 *   word 0 REQ      number of the last request            client, in a cache line of its own
 *       16 RESP     number of the last that was answered  server
 *       17 EVENT    +1 when what the client waits for may have come   server
 *       18 CLOSED   1: the server has ended               server
 *       32 DEAD     1: the server's thread is gone        main
 *       34 OP   35-42 ARGS   43 DATA_LEN   45 WIDE (bit i: argument i has 64 bits)   client
 *       43 DATA_LEN of an answer, 44 RESULT               server
 *   bytes 192-255   eight 64-bit numbers: arguments, then those of the answer. Of small arguments, what
 *                   is beyond the eighth stands here too, in its turn
 *   byte 256 ..     132 KiB of data
 *
 *   client                                     server, at safepoints, in parks, around calls
 *     write OP, ARGS, data                       if FLAGS has SERVE:
 *     store(REQ, n)                                and(FLAGS, ~SERVE)          clear first,
 *     or(server's FLAGS, SERVE)                    each mailbox with REQ != last: answer it,
 *     ring(server)                                   store(RESP, n), ring(client)     then look
 *     park until RESP = n, CLOSED or DEAD
 *
 * OP, ARGS, DATA_LEN, RESULT and the data belong to the client until it stores REQ, then to the server
 * until it stores RESP. Each side copies what it reads once, and checks the copy. A mailbox is never
 * used by a second process: an answer that comes late is nobody's.
 *
 * @source runtime reference, 3.3 and 4.3; CLOSED and WIDE lie in words that it keeps free
 */
export const MAIL_WORD = {
  REQ: 0,
  RESP: 16,
  EVENT: 17,
  CLOSED: 18,
  DEAD: 32,
  OP: 34,
  ARGS: 35,
  DATA_LEN: 43,
  RESULT: 44,
  WIDE: 45,
} as const
const ARGUMENTS = 8
export const MAIL_NUMBERS = { AT: 192, COUNT: 8 } as const
export const MAIL_HEADER_BYTES = 256
/** Bytes of one request or answer: a block of 128 KiB, as `cat` moves them, and what is told with it. */
export const MAIL_BYTES = 2 ** 17 + 2 ** 12

export const createMailbox = (): SharedArrayBuffer =>
  new SharedArrayBuffer(MAIL_HEADER_BYTES + MAIL_BYTES)

/** Whom a request goes to: a control block. */
export interface Server {
  readonly bell: Bell
  /** Puts up SERVE. */
  serve(): void
}

export type Argument = number | bigint

/** What travels in one direction besides data. */
export interface Request {
  readonly op: number
  readonly args: readonly Argument[]
  readonly data: Uint8Array
}
export interface Answer {
  readonly result: number
  /** At most eight. */
  readonly numbers: readonly number[]
  readonly data: Uint8Array
}

/** The number of a request is published, then SERVE, then the bell. */
function post(words: Int32Array, server: Server, delay: DelayPoint = noDelay): number {
  const number = (Atomics.load(words, MAIL_WORD.REQ) + 1) | 0
  Atomics.store(words, MAIL_WORD.REQ, number)
  delay('published')
  server.serve()
  ring(server.bell, delay)
  return number
}

/** SERVE is taken down before the mailboxes are looked into: what comes meanwhile puts it up again. */
export function takeServe(
  control: { takeServe(): boolean },
  look: () => void,
  delay: DelayPoint = noDelay,
): void {
  if (!control.takeServe()) return
  delay('seen')
  look()
}

interface Mailbox {
  readonly words: Int32Array
  readonly wide: BigInt64Array
  readonly numbers: Float64Array
  readonly bytes: Uint8Array
}

const open = (memory: SharedArrayBuffer): Mailbox => ({
  words: new Int32Array(memory, 0, MAIL_HEADER_BYTES / 4),
  wide: new BigInt64Array(memory, MAIL_NUMBERS.AT, MAIL_NUMBERS.COUNT),
  numbers: new Float64Array(memory, MAIL_NUMBERS.AT, MAIL_NUMBERS.COUNT),
  bytes: new Uint8Array(memory, MAIL_HEADER_BYTES),
})

function writeArguments({ words, wide }: Mailbox, args: readonly Argument[]): void {
  let small = 0
  let large = 0
  let mask = 0
  for (const [index, argument] of args.entries()) {
    if (typeof argument === 'number' && small < ARGUMENTS) {
      words[MAIL_WORD.ARGS + small] = argument
      small += 1
    } else {
      if (typeof argument === 'bigint') mask |= 1 << index
      wide[large] = BigInt(argument)
      large += 1
    }
  }
  if (large > MAIL_NUMBERS.COUNT) throw new RangeError('too many arguments')
  // The highest bit marks how many there are.
  words[MAIL_WORD.WIDE] = mask | (1 << args.length)
}

function readArguments({ words, wide }: Mailbox): readonly Argument[] {
  const mask = words[MAIL_WORD.WIDE] ?? 1
  const count = 31 - Math.clz32(mask)
  const args: Argument[] = []
  let small = 0
  let large = 0
  for (let index = 0; index < count; index += 1) {
    if ((mask & (1 << index)) !== 0) args.push(wide[large++] ?? 0n)
    else if (small < ARGUMENTS) args.push(words[MAIL_WORD.ARGS + small++] ?? 0)
    else args.push(Number(BigInt.asIntN(32, wide[large++] ?? 0n)))
  }
  return args
}

/** A copy, in `into`: what stands in shared memory may still change. */
function readData({ words, bytes }: Mailbox, into: Scratch): Uint8Array {
  const length = Math.min((words[MAIL_WORD.DATA_LEN] ?? 0) >>> 0, MAIL_BYTES)
  const copy = into.take(length)
  copy.set(bytes.subarray(0, length))
  return copy
}

function writeData({ words, bytes }: Mailbox, data: Uint8Array): void {
  bytes.set(data)
  words[MAIL_WORD.DATA_LEN] = data.length
}

/** The side of the process that asks. */
export class MailboxClient {
  readonly #box: Mailbox
  readonly #server: Server
  readonly #delay: DelayPoint
  readonly #copy = new Scratch()
  #asked = 0

  constructor(memory: SharedArrayBuffer, server: Server, delay: DelayPoint = noDelay) {
    this.#box = open(memory)
    this.#server = server
    this.#delay = delay
  }

  /** Sends a request; the last one has been answered. */
  ask({ op, args, data }: Request): void {
    this.#box.words[MAIL_WORD.OP] = op
    writeArguments(this.#box, args)
    writeData(this.#box, data)
    this.#asked = post(this.#box.words, this.#server, this.#delay)
  }

  get answered(): boolean {
    return Atomics.load(this.#box.words, MAIL_WORD.RESP) === this.#asked
  }

  /** Nobody will answer any more. */
  get gone(): boolean {
    const { words } = this.#box
    return Atomics.load(words, MAIL_WORD.CLOSED) !== 0 || Atomics.load(words, MAIL_WORD.DEAD) !== 0
  }

  /** Once it is `answered`. Its data is the caller's until the next answer. */
  answer(): Answer {
    const { words, numbers } = this.#box
    return {
      result: words[MAIL_WORD.RESULT] ?? 0,
      numbers: [...numbers],
      data: readData(this.#box, this.#copy),
    }
  }

  /** Another value than before: what was waited for may have come. */
  get event(): number {
    return Atomics.load(this.#box.words, MAIL_WORD.EVENT)
  }
}

/** The side of the kernel. */
export class MailboxServer {
  readonly #box: Mailbox
  readonly #client: Bell
  readonly #delay: DelayPoint
  readonly #copy = new Scratch()
  #last = 0

  constructor(memory: SharedArrayBuffer, client: Bell, delay: DelayPoint = noDelay) {
    this.#box = open(memory)
    this.#client = client
    this.#delay = delay
  }

  /** A request that came since the last one, copied: its data is the caller's until the next. It waits for `answer`. */
  take(): Request | undefined {
    const number = Atomics.load(this.#box.words, MAIL_WORD.REQ)
    if (number === this.#last) return undefined
    this.#last = number
    const op = this.#box.words[MAIL_WORD.OP] ?? 0
    return { op, args: readArguments(this.#box), data: readData(this.#box, this.#copy) }
  }

  answer({ result, numbers, data }: Answer): void {
    const { words } = this.#box
    words[MAIL_WORD.RESULT] = result
    this.#box.numbers.set(numbers)
    writeData(this.#box, data)
    this.#delay('scanned')
    Atomics.store(words, MAIL_WORD.RESP, this.#last)
    ring(this.#client, this.#delay)
  }

  /** What the client waits for may have come. */
  notify(): void {
    Atomics.add(this.#box.words, MAIL_WORD.EVENT, 1)
    ring(this.#client, this.#delay)
  }

  /** Nothing more is answered. */
  close(): void {
    Atomics.store(this.#box.words, MAIL_WORD.CLOSED, 1)
    ring(this.#client, this.#delay)
  }
}

/** For main: the thread that served this mailbox is gone. The caller rings. */
export function markDead(memory: SharedArrayBuffer): void {
  Atomics.store(new Int32Array(memory), MAIL_WORD.DEAD, 1)
}
