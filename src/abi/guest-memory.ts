import { Errno } from '../contract/errno.ts'
import { fail, ok, type Result } from '../contract/result.ts'

/** Buffers one call may name. @source the WASI reference, 1.2: bounds on host work */
const MAX_IOVECS = 1_024
/** Bytes one call moves at most; more is a short count, and the guest calls again. */
const MAX_TRANSFER = 2 ** 20
const IOVEC_BYTES = 8

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

const EMPTY = new Uint8Array()
const FAULT = fail(Errno.FAULT)

/**
 * A guest's linear memory, the only way to it. Every pointer arrives as a signed number and is
 * checked against the memory as it is now: growing detaches old views, so none is kept over a call.
 */
export class GuestMemory {
  #memory: { readonly buffer: ArrayBuffer } = { buffer: new ArrayBuffer(0) }
  #bytes = EMPTY
  #view = new DataView(new ArrayBuffer(0))

  /** The instance's memory, once there is an instance. */
  attach(memory: { readonly buffer: ArrayBuffer }): void {
    this.#memory = memory
  }

  #fresh(): void {
    const { buffer } = this.#memory
    if (this.#bytes.buffer === buffer) return
    this.#bytes = new Uint8Array(buffer)
    this.#view = new DataView(buffer)
  }

  /** FAULT: not wholly inside the memory. No bytes may be anywhere. */
  view(pointer: number, length: number): Result<Uint8Array> {
    this.#fresh()
    const at = pointer >>> 0
    const count = length >>> 0
    if (count === 0) return ok(EMPTY)
    if (at + count > this.#bytes.length) return FAULT
    return ok(this.#bytes.subarray(at, at + count))
  }

  /** A view of zeroed bytes to write a structure into. */
  zeroed(pointer: number, length: number): Result<DataView> {
    const bytes = this.view(pointer, length)
    if (!bytes.ok) return bytes
    bytes.value.fill(0)
    return ok(new DataView(this.#bytes.buffer, pointer >>> 0, length))
  }

  readU32(pointer: number): Result<number> {
    const at = pointer >>> 0
    this.#fresh()
    return at + 4 > this.#bytes.length ? FAULT : ok(this.#view.getUint32(at, true))
  }

  writeU32(pointer: number, value: number): Errno {
    const at = pointer >>> 0
    this.#fresh()
    if (at + 4 > this.#bytes.length) return Errno.FAULT
    this.#view.setUint32(at, value, true)
    return Errno.SUCCESS
  }

  writeU64(pointer: number, value: bigint): Errno {
    const at = pointer >>> 0
    this.#fresh()
    if (at + 8 > this.#bytes.length) return Errno.FAULT
    this.#view.setBigUint64(at, value, true)
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
   * The buffers of a scatter or gather list, together at most 1 MiB. All of the list is checked
   * before anything is done. INVAL: more than 1,024 entries, or lengths that sum past 2^32-1.
   */
  buffers(pointer: number, count: number): Result<readonly Uint8Array[]> {
    const entries = count >>> 0
    if (entries > MAX_IOVECS) return fail(Errno.INVAL)
    const list = this.view(pointer, entries * IOVEC_BYTES)
    if (!list.ok) return list
    const found: Uint8Array[] = []
    let sum = 0
    let room = MAX_TRANSFER
    for (let index = 0; index < entries; index += 1) {
      const at = (pointer >>> 0) + index * IOVEC_BYTES
      const length = this.#view.getUint32(at + 4, true)
      const buffer = this.view(this.#view.getUint32(at, true), length)
      if (!buffer.ok) return buffer
      sum += length
      if (sum > 0xffff_ffff) return fail(Errno.INVAL)
      const part = buffer.value.subarray(0, room)
      room -= part.length
      if (part.length > 0) found.push(part)
    }
    return ok(found)
  }

  /** Strings as WASI hands them over: pointers at `table`, bytes with a NUL each at `bytes`. */
  writeStrings(table: number, bytes: number, strings: readonly Uint8Array[]): Errno {
    const size = strings.reduce((sum, text) => sum + text.length + 1, 0)
    const pointers = this.view(table, strings.length * 4)
    const target = this.view(bytes, size)
    if (!pointers.ok || !target.ok) return Errno.FAULT
    let at = 0
    for (const [index, text] of strings.entries()) {
      this.#view.setUint32((table >>> 0) + index * 4, (bytes >>> 0) + at, true)
      target.value.set(text, at)
      target.value[at + text.length] = 0
      at += text.length + 1
    }
    return Errno.SUCCESS
  }
}

export const encodeText = (text: string): Uint8Array => encoder.encode(text)
