import type { ByteSink, ByteSource } from '../contract/streams.ts'

/**
 * Bytes from one thread to another.
 *
 *   word 0 HEAD   bytes ever written, mod 2^32      writer
 *       16 TAIL   bytes ever read, mod 2^32         reader (a cache line of its own)
 *       32 WRITER_CLOSED   writer       33 READER_CLOSED   reader
 *   byte 256 ..   2^k bytes; index = counter & (2^k - 1); used = HEAD - TAIL
 *
 * Each side writes only its own words: bytes first, then the counter. The other side's counter is
 * read once and checked: a value that cannot be means that memory was tampered with.
 *
 * @source runtime reference, 3.4
 */
const HEAD = 0
const TAIL = 16
const WRITER_CLOSED = 32
const READER_CLOSED = 33
const HEADER_BYTES = 256

/** Bytes copied before they are published, as a share of the ring: both sides work at once. */
const PIECE_SHARE = 4

interface Ring {
  readonly words: Int32Array
  readonly bytes: Uint8Array
  readonly capacity: number
}

/** @param capacity - bytes, a power of two. */
export function createRing(capacity: number): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + capacity)
}

function open(memory: SharedArrayBuffer): Ring {
  const bytes = new Uint8Array(memory, HEADER_BYTES)
  return { words: new Int32Array(memory, 0, HEADER_BYTES / 4), bytes, capacity: bytes.length }
}

/** Bytes between two counters; both sides' words are clamped to what can be. */
function used({ words, capacity }: Ring): number {
  const count = (Atomics.load(words, HEAD) - Atomics.load(words, TAIL)) >>> 0
  return Math.min(count, capacity)
}

/** The writing end. `ring` wakes the reader, after the bytes are published. */
export class RingWriter implements ByteSink {
  readonly #ring: Ring
  readonly #wake: () => void

  constructor(memory: SharedArrayBuffer, wake: () => void) {
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
      bytes.set(from.subarray(done, done + first), at)
      bytes.set(from.subarray(done + first, done + count), 0)
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

/** The reading end. `ring` wakes the writer, after room was made. */
export class RingReader implements ByteSource {
  readonly #ring: Ring
  readonly #wake: () => void

  constructor(memory: SharedArrayBuffer, wake: () => void) {
    this.#ring = open(memory)
    this.#wake = wake
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
    into.set(bytes.subarray(at, at + first))
    into.set(bytes.subarray(0, count - first), first)
    Atomics.store(words, TAIL, (tail + count) | 0)
    this.#wake()
    return count
  }

  close(): void {
    Atomics.store(this.#ring.words, READER_CLOSED, 1)
    this.#wake()
  }
}
