import type { ByteSink, ByteSource } from '../contract/streams.ts'
import { type DelayPoint, noDelay } from './doorbell.ts'
import { copyShared } from './shared-copy.ts'

/**
 * Bytes from one thread to another.
 *
 *   word 0 HEAD   bytes ever written, mod 2^32      writer
 *       16 TAIL   bytes ever read, mod 2^32         reader (a cache line of its own)
 *       32 WRITER_CLOSED   writer       33 READER_CLOSED   reader
 *       39 WRAPPED         writer, once HEAD has passed 2^32
 *   byte 256 ..   2^k bytes; index = counter & (2^k - 1); used = HEAD - TAIL
 *
 * Each side writes only its own words: bytes first, then the counter. The other side's counter is
 * read once and checked: a value that cannot be means that memory was tampered with.
 *
 * @source runtime reference, 3.4; WRAPPED lies in a word that it keeps free
 */
export const RING_WORD = {
  HEAD: 0,
  TAIL: 16,
  WRITER_CLOSED: 32,
  READER_CLOSED: 33,
  WRAPPED: 39,
} as const
const { HEAD, TAIL, WRITER_CLOSED, READER_CLOSED, WRAPPED } = RING_WORD
const ALL_WORDS = Object.values(RING_WORD)
export const RING_HEADER_BYTES = 256
const COUNTERS = 2 ** 32

/** Bytes copied before they are published, as a share of the ring: both sides work at once. */
const PIECE_SHARE = 4

/** A ring alone in its memory, or one of several. */
export type RingMemory = SharedArrayBuffer | Uint8Array<SharedArrayBuffer>

interface Ring {
  readonly words: Int32Array
  readonly bytes: Uint8Array
  readonly capacity: number
}

/** @param capacity - bytes, a power of two. */
export function createRing(capacity: number): SharedArrayBuffer {
  return new SharedArrayBuffer(RING_HEADER_BYTES + capacity)
}

/**
 * Makes a ring empty and open again, for the two who hold its ends next. Neither end may be in use.
 * What was written is wiped: a byte of one container is never within reach of another.
 */
export function resetRing(memory: RingMemory): void {
  const { words, bytes } = open(memory)
  const wrapped = Atomics.load(words, WRAPPED) !== 0
  bytes.fill(0, 0, wrapped ? bytes.length : Atomics.load(words, HEAD) >>> 0)
  for (const word of ALL_WORDS) Atomics.store(words, word, 0)
}

function open(memory: RingMemory): Ring {
  const { buffer, byteOffset, byteLength } =
    memory instanceof Uint8Array ? memory : new Uint8Array(memory)
  const capacity = byteLength - RING_HEADER_BYTES
  const bytes = new Uint8Array(buffer, byteOffset + RING_HEADER_BYTES, capacity)
  return { words: new Int32Array(buffer, byteOffset, RING_HEADER_BYTES / 4), bytes, capacity }
}

function put(bytes: Uint8Array, at: number, from: Uint8Array): void {
  const into = bytes.subarray(at)
  copyShared(into, from, into)
}

const get = (from: Uint8Array, into: Uint8Array): void => copyShared(into, from, from)

/** Bytes between two counters; both sides' words are clamped to what can be. */
function used({ words, capacity }: Ring): number {
  const count = (Atomics.load(words, HEAD) - Atomics.load(words, TAIL)) >>> 0
  return Math.min(count, capacity)
}

/** The writing end. `ring` wakes the reader, after the bytes are published. */
export class RingWriter implements ByteSink {
  readonly #ring: Ring
  readonly #wake: () => void

  constructor(memory: RingMemory, wake: () => void) {
    this.#ring = open(memory)
    this.#wake = wake
  }

  room(): number {
    if (Atomics.load(this.#ring.words, READER_CLOSED) !== 0) return -1
    return this.#ring.capacity - used(this.#ring)
  }

  write(from: Uint8Array): number | undefined {
    const { words, bytes, capacity } = this.#ring
    let done = 0
    while (done < from.length) {
      const room = this.room()
      if (room < 0) return done > 0 ? done : undefined
      const count = Math.min(room, from.length - done, capacity / PIECE_SHARE)
      if (count === 0) break
      const head = Atomics.load(words, HEAD)
      const at = head & (capacity - 1)
      const first = Math.min(count, capacity - at)
      put(bytes, at, from.subarray(done, done + first))
      if (first < count) put(bytes, 0, from.subarray(done + first, done + count))
      if ((head >>> 0) + count >= COUNTERS) Atomics.store(words, WRAPPED, 1)
      Atomics.store(words, HEAD, (head + count) | 0)
      this.#wake()
      done += count
    }
    return done
  }

  close(): void {
    Atomics.store(this.#ring.words, WRITER_CLOSED, 1)
    this.#wake()
  }
}

/**
 * The reading end.
 *
 * @param wake - called after room was made, with how many bytes there were before: by then the writer has seen
 *   the room, or has found no more than was left beside so many, and may be asleep.
 */
export class RingReader implements ByteSource {
  readonly #ring: Ring
  readonly #wake: (were: number) => void
  readonly #delay: DelayPoint

  constructor(memory: RingMemory, wake: (were: number) => void, delay: DelayPoint = noDelay) {
    this.#ring = open(memory)
    this.#wake = wake
    this.#delay = delay
  }

  available(): number {
    // Closed is looked at first: what was written before it is then seen.
    const closed = Atomics.load(this.#ring.words, WRITER_CLOSED) !== 0
    const count = used(this.#ring)
    return count === 0 && closed ? -1 : count
  }

  read(into: Uint8Array): number | undefined {
    const { words, bytes, capacity } = this.#ring
    const available = this.available()
    if (available < 0) return 0
    const count = Math.min(available, into.length)
    if (count === 0) return undefined
    const tail = Atomics.load(words, TAIL)
    const at = tail & (capacity - 1)
    const first = Math.min(count, capacity - at)
    get(bytes.subarray(at, at + first), into)
    if (first < count) get(bytes.subarray(0, count - first), into.subarray(first))
    this.#moveOn(tail, count)
    return count
  }

  /** The writer's counter is read after ours is published: it may have filled the ring in between. */
  #moveOn(tail: number, count: number): void {
    const { words } = this.#ring
    this.#delay('scanned')
    Atomics.store(words, TAIL, (tail + count) | 0)
    this.#wake((Atomics.load(words, HEAD) - tail) >>> 0)
  }

  /** Takes at most `limit` bytes that nobody wants. */
  skip(limit: number): void {
    const count = Math.min(this.available(), limit)
    if (count <= 0) return
    this.#moveOn(Atomics.load(this.#ring.words, TAIL), count)
  }

  /** At most `limit` bytes, in an array of their own; empty at the end, undefined for nothing yet. */
  take(limit: number): Uint8Array | undefined {
    const count = Math.min(this.available(), limit)
    if (count === 0) return undefined
    const bytes = new Uint8Array(Math.max(0, count))
    if (count > 0) this.read(bytes)
    return bytes
  }

  close(): void {
    Atomics.store(this.#ring.words, READER_CLOSED, 1)
    this.#wake(this.#ring.capacity)
  }
}
