import { Errno, type Failure } from '../contract/errno.ts'
import { MAX_ARGUMENT_BYTES } from '../contract/limits.ts'
import { fail, type Ok, ok, type Result } from '../contract/result.ts'
import { utf8Length } from '../std/utf8.ts'

/** Buffers one call may name. @source the WASI reference, 1.2: bounds on host work */
const MAX_IOVECS = 1_024
/** Bytes one call moves at most; more is a short count, and the guest calls again. */
export const MAX_TRANSFER = 2 ** 20
export const IOVEC_BYTES = 8

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

const EMPTY = new Uint8Array()
const FAULT = fail(Errno.FAULT)
const NO_BUFFERS = ok<readonly Uint8Array[]>([])

/** Texts one list may name. Linux bounds the bytes alone; here each one costs a look-up too. */
export const MAX_STRINGS = 16_384
const POINTER_BYTES = 4

/** Bytes of most structures: `fill` begins later than so many are written one by one. */
const SHORT = 64

function wipe(bytes: Uint8Array, from: number, end: number): void {
  if (end - from > SHORT) bytes.fill(0, from, end)
  else for (let at = from; at < end; at += 1) bytes[at] = 0
}

/** Part of a guest's memory by its address there. */
export interface Piece {
  readonly at: number
  readonly length: number
}

/** The texts of a list: where they are, each with its NUL, as far as they were looked for. */
export interface StringList {
  readonly pieces: readonly Piece[]
  /** What ended the search before the end of the list. */
  readonly errno: Failure | undefined
}

/**
 * A guest's memory as a call sees it: all of it, or the part that the call reaches. Every pointer
 * arrives as a signed number and is checked against the size the memory has now.
 */
export abstract class GuestMemory {
  /** Where the bytes of the last `locate` are. */
  protected bytes: Uint8Array = EMPTY
  protected data: DataView = new DataView(new ArrayBuffer(0))
  /** What `view` and `buffers` answered last: most calls name the buffer of the call before. */
  #viewedAt = 0
  #viewed: Ok<Uint8Array> = ok(EMPTY)
  #listed: Ok<readonly Uint8Array[]> = NO_BUFFERS

  /** Bytes of the whole memory, as it is now. */
  abstract get size(): number

  /** Where `count` bytes at `at` begin in `bytes` and `data`; -1: not wholly inside the memory. */
  protected abstract locate(at: number, count: number): number

  /** FAULT: not wholly inside the memory. No bytes may be anywhere. */
  view(pointer: number, length: number): Result<Uint8Array> {
    const count = length >>> 0
    if (count === 0) return ok(EMPTY)
    const from = pointer >>> 0
    // One whose memory has grown since is detached, and has no length.
    if (this.#viewedAt === from && this.#viewed.value.length === count) return this.#viewed
    const at = this.locate(from, count)
    if (at < 0) return FAULT
    this.#viewedAt = from
    this.#viewed = ok(this.bytes.subarray(at, at + count))
    return this.#viewed
  }

  /** Whether all of it is inside the memory. */
  covers(pointer: number, length: number): boolean {
    const count = length >>> 0
    return count === 0 || this.locate(pointer >>> 0, count) >= 0
  }

  /** A view of zeroed bytes to write a structure into. */
  zeroed(pointer: number, length: number): Result<DataView> {
    const count = length >>> 0
    if (count === 0) return ok(new DataView(EMPTY.buffer))
    const at = this.locate(pointer >>> 0, count)
    if (at < 0) return FAULT
    const { bytes } = this
    wipe(bytes, at, at + count)
    return ok(new DataView(bytes.buffer, bytes.byteOffset + at, count))
  }

  readU32(pointer: number): Result<number> {
    const at = this.locate(pointer >>> 0, 4)
    return at < 0 ? FAULT : ok(this.data.getUint32(at, true))
  }

  writeU32(pointer: number, value: number): Errno {
    const at = this.locate(pointer >>> 0, 4)
    if (at < 0) return Errno.FAULT
    this.data.setUint32(at, value, true)
    return Errno.SUCCESS
  }

  writeU64(pointer: number, value: bigint): Errno {
    const at = this.locate(pointer >>> 0, 8)
    if (at < 0) return Errno.FAULT
    this.data.setBigUint64(at, value, true)
    return Errno.SUCCESS
  }

  /** ILSEQ: not UTF-8. */
  text(pointer: number, length: number): Result<string> {
    const bytes = this.view(pointer, length)
    if (!bytes.ok) return bytes
    try {
      return ok(decoder.decode(bytes.value))
    } catch {
      return fail(Errno.ILSEQ)
    }
  }

  /**
   * The buffers of a scatter or gather list, together at most 1 MiB: where they are. All of the list
   * is checked before anything is done. INVAL: more than 1,024 entries, or lengths that sum past
   * 2^32-1.
   */
  pieces(pointer: number, count: number): Result<readonly Piece[]> {
    const entries = count >>> 0
    if (entries > MAX_IOVECS) return fail(Errno.INVAL)
    const from = this.locate(pointer >>> 0, entries * IOVEC_BYTES)
    if (entries > 0 && from < 0) return FAULT
    const { data, size } = this
    const found: Piece[] = []
    let sum = 0
    let left = MAX_TRANSFER
    for (let index = 0; index < entries; index += 1) {
      const entry = from + index * IOVEC_BYTES
      const at = data.getUint32(entry, true)
      const length = data.getUint32(entry + 4, true)
      if (length > 0 && at + length > size) return FAULT
      sum += length
      if (sum > 0xffff_ffff) return fail(Errno.INVAL)
      const part = Math.min(length, left)
      left -= part
      if (part > 0) found.push({ at, length: part })
    }
    return ok(found)
  }

  /** And their bytes. */
  buffers(pointer: number, count: number): Result<readonly Uint8Array[]> {
    return count === 1 ? this.#buffer(pointer) : this.#buffers(pointer, count)
  }

  /** Of a list of one, as most are: without the list. */
  #buffer(pointer: number): Result<readonly Uint8Array[]> {
    const entry = this.locate(pointer >>> 0, IOVEC_BYTES)
    if (entry < 0) return FAULT
    const at = this.data.getUint32(entry, true)
    const length = this.data.getUint32(entry + 4, true)
    if (length === 0) return NO_BUFFERS
    if (at + length > this.size) return FAULT
    const buffer = this.view(at, Math.min(length, MAX_TRANSFER))
    if (!buffer.ok) return buffer
    if (this.#listed.value[0] !== buffer.value) this.#listed = ok([buffer.value])
    return this.#listed
  }

  #buffers(pointer: number, count: number): Result<readonly Uint8Array[]> {
    const pieces = this.pieces(pointer, count)
    if (!pieces.ok) return pieces
    const found: Uint8Array[] = []
    for (const { at, length } of pieces.value) {
      const buffer = this.view(at, length)
      if (!buffer.ok) return buffer
      found.push(buffer.value)
    }
    return ok(found)
  }

  /** Bytes at `at` until the first NUL, with it; as far as `most` and the memory go where there is none. */
  #untilNul(at: number, most: number): { readonly length: number; readonly ended: boolean } {
    const reach = Math.min(most, this.size - at)
    if (reach <= 0) return { length: 0, ended: false }
    const from = this.locate(at, 1)
    const nul = this.bytes.subarray(from, from + reach).indexOf(0)
    return nul === -1 ? { length: reach, ended: false } : { length: nul + 1, ended: true }
  }

  /**
   * The texts that `count` pointers at `table` lead to, each ended by a NUL, together at most 1 MiB.
   * 2BIG: longer, or more than 16,384. FAULT: one that does not end in the memory.
   */
  strings(table: number, count: number): StringList {
    const entries = count >>> 0
    const pieces: Piece[] = []
    const ended = (errno: Failure | undefined): StringList => ({ pieces, errno })
    if (entries > MAX_STRINGS) return ended(Errno['2BIG'])
    let left = MAX_ARGUMENT_BYTES
    for (let index = 0; index < entries; index += 1) {
      const pointer = this.readU32((table >>> 0) + index * POINTER_BYTES)
      if (!pointer.ok) return ended(Errno.FAULT)
      const found = this.#untilNul(pointer.value, left)
      if (found.length > 0) pieces.push({ at: pointer.value, length: found.length })
      if (!found.ended) return ended(found.length === left ? Errno['2BIG'] : Errno.FAULT)
      left -= found.length
    }
    return ended(undefined)
  }

  /** And what they say. ILSEQ: one is not UTF-8. */
  stringTexts(table: number, count: number): Result<readonly string[]> {
    const { pieces, errno } = this.strings(table, count)
    if (errno !== undefined) return fail(errno)
    const texts: string[] = []
    for (const { at, length } of pieces) {
      const text = this.text(at, length - 1)
      if (!text.ok) return text
      texts.push(text.value)
    }
    return ok(texts)
  }

  /**
   * Strings as WASI hands them over: pointers at `table`, bytes with a NUL each at `bytes`.
   *
   * @param size - their `stringsLength`.
   */
  writeStrings(table: number, bytes: number, strings: readonly string[], size: number): Errno {
    const target = this.view(bytes, size)
    if (!target.ok || !this.covers(table, strings.length * POINTER_BYTES)) return Errno.FAULT
    let pointer = table >>> 0
    let at = 0
    for (const text of strings) {
      this.writeU32(pointer, (bytes >>> 0) + at)
      pointer += POINTER_BYTES
      at += writeText(text, target.value, at)
      target.value[at] = 0
      at += 1
    }
    return Errno.SUCCESS
  }
}

/** Bytes of all of them, with a NUL each. */
export function stringsLength(strings: readonly string[]): number {
  let bytes = strings.length
  for (const text of strings) bytes += utf8Length(text)
  return bytes
}

/** Answers how many bytes. Most are short and ASCII: those leave nothing to be collected. */
function writeText(text: string, into: Uint8Array, at: number): number {
  const { length } = text
  if (utf8Length(text) > length) return encoder.encodeInto(text, into.subarray(at)).written
  for (let index = 0; index < length; index += 1) into[at + index] = text.charCodeAt(index)
  return length
}

/** A guest's linear memory, the only way to it. Growing detaches old views: no caller keeps one over a call. */
export class LinearMemory extends GuestMemory {
  #memory: { readonly buffer: ArrayBuffer } = { buffer: new ArrayBuffer(0) }

  /** The instance's memory, once there is an instance. */
  attach(memory: { readonly buffer: ArrayBuffer }): void {
    this.#memory = memory
    this.#look()
  }

  #look(): void {
    const { buffer } = this.#memory
    this.bytes = new Uint8Array(buffer)
    this.data = new DataView(buffer)
  }

  get size(): number {
    // Of a detached view; to ask the memory for its buffer each time takes longer than some calls.
    if (this.bytes.length === 0) this.#look()
    return this.bytes.length
  }

  protected locate(at: number, count: number): number {
    if (this.bytes.length === 0) this.#look()
    return at + count > this.bytes.length ? -1 : at
  }
}

export const encodeText = (text: string): Uint8Array => encoder.encode(text)
