import { ENTRY_HEADER_BYTES, entryHeader, type OutputStream } from './log-entry.ts'

/** Longest piece of one entry. @source moby daemon/logger/copier.go, defaultBufSize */
const LONGEST = 16_384
const NEWLINE = 0x0a
const NOTHING = new Uint8Array()
/** Bytes from which on a copy by `set` costs less than one by one. */
const LONG_COPY = 48

/**
 * Cuts a stream of bytes into lines, each an entry of a log file; what has no newline yet waits for it, up
 * to 16 KiB. No object is made for a line: a flood of empty ones has 65,536 of them in a piece.
 */
export class LineRecords {
  readonly #stream: OutputStream
  readonly #now: () => bigint
  #rest: Uint8Array = NOTHING
  #held = 0

  /** @param now - ns since 1970; asked once for all lines that are whole at the same time. */
  constructor(stream: OutputStream, now: () => bigint) {
    this.#stream = stream
    this.#now = now
  }

  /** The entries of the lines that are whole now, one after the other. */
  push(bytes: Uint8Array): Uint8Array {
    const ends = this.#endsOf(bytes)
    const last = ends.at(-1) ?? 0
    const records = ends.length === 0 ? NOTHING : this.#encoded(bytes, ends)
    if (last < bytes.length) this.#keep(bytes.subarray(last))
    return records
  }

  /** The entry of what is left at the end of the stream. */
  end(): Uint8Array {
    return this.#held === 0 ? NOTHING : this.#encoded(NOTHING, [0])
  }

  /** Where in `bytes` lines end. */
  #endsOf(bytes: Uint8Array): readonly number[] {
    const ends: number[] = []
    let full = LONGEST - this.#held
    for (let at = 0; at < bytes.length; ) {
      const isNewline = bytes[at] === NEWLINE
      at += 1
      if (!isNewline && at < full) continue
      ends.push(at)
      full = at + LONGEST
    }
    return ends
  }

  #encoded(bytes: Uint8Array, ends: readonly number[]): Uint8Array {
    const size = this.#held + (ends.at(-1) ?? 0) + ends.length * ENTRY_HEADER_BYTES
    const records = new Uint8Array(size)
    const header = entryHeader(this.#stream, this.#now())
    let [from, at] = [0, 0]
    for (const end of ends) {
      header.length(this.#held + end - from)
      at = put(records, at, header.bytes, 0, ENTRY_HEADER_BYTES)
      at = put(records, at, this.#rest, 0, this.#held)
      at = put(records, at, bytes, from, end)
      this.#held = 0
      from = end
    }
    return records
  }

  #keep(bytes: Uint8Array): void {
    if (this.#rest.length === 0) this.#rest = new Uint8Array(LONGEST)
    this.#rest.set(bytes, this.#held)
    this.#held += bytes.length
  }
}

/** Copies `from[start .. end]`. @returns where the next goes. */
function put(into: Uint8Array, at: number, from: Uint8Array, start: number, end: number): number {
  const count = end - start
  if (count >= LONG_COPY) into.set(from.subarray(start, end), at)
  else for (let byte = 0; byte < count; byte += 1) into[at + byte] = from[start + byte] ?? 0
  return at + count
}
