/**
 * What goes over the channel between a host and its cell, in both directions: frames.
 *
 *    0        4      5        6      10
 *   ┌────────┬──────┬────────┬──────┬───────────┐
 *   │ length │ kind │ stream │ call │ payload   │   little-endian; length is the payload's alone
 *   └────────┴──────┴────────┴──────┴───────────┘
 *
 *   part, body   a call on its way to the cell, or its answer: pieces, the last one as `body`
 *   data, end    bytes of one stream of a call, and that no more come
 *   credit       u32: so much more may be sent on a stream
 *
 * A frame is small, so that nobody waits behind a large one.
 */
export const KINDS = ['part', 'body', 'data', 'end', 'credit'] as const
export type FrameKind = (typeof KINDS)[number]

export interface Frame {
  readonly kind: FrameKind
  readonly call: number
  /** 0 where the kind has none. */
  readonly stream: number
  readonly payload: Uint8Array
}

/** Bytes of one frame's payload. */
export const MAX_PAYLOAD = 65_536
export const HEADER_BYTES = 10
const KIND_AT = 4
const STREAM_AT = 5
const CALL_AT = 6
const CREDIT_BYTES = 4
const NOTHING = new Uint8Array()

/** The other side sent what none of ours would: whatever it is, it is ended. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}

export function headerOf(kind: FrameKind, call: number, stream: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES)
  header.writeUInt32LE(length, 0)
  header[KIND_AT] = KINDS.indexOf(kind)
  header[STREAM_AT] = stream
  header.writeUInt32LE(call, CALL_AT)
  return header
}

export function creditPayload(count: number): Uint8Array {
  const payload = Buffer.allocUnsafe(CREDIT_BYTES)
  payload.writeUInt32LE(count)
  return payload
}

/** @throws ProtocolError when it is no number. */
export function creditOf({ payload }: Frame): number {
  if (payload.length !== CREDIT_BYTES) throw new ProtocolError('a credit of another size')
  return new DataView(payload.buffer, payload.byteOffset).getUint32(0, true)
}

/** Takes the bytes of a channel in whatever pieces they come, and hands over whole frames. */
export class FrameReader {
  readonly #deliver: (frame: Frame) => void
  readonly #header = Buffer.alloc(HEADER_BYTES)
  #open: { readonly frame: Omit<Frame, 'payload'>; readonly length: number } | undefined
  #payload: Uint8Array | undefined
  /** Bytes there are of what is being read: of the header, then of the payload. */
  #filled = 0

  constructor(deliver: (frame: Frame) => void) {
    this.#deliver = deliver
  }

  /**
   * Payloads are views of `chunk` where they lie in it whole.
   *
   * @throws ProtocolError; after that nothing more may be pushed.
   */
  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      at += this.#open === undefined ? this.#readHeader(chunk, at) : this.#readPayload(chunk, at)
    }
  }

  #readHeader(chunk: Uint8Array, at: number): number {
    const count = Math.min(HEADER_BYTES - this.#filled, chunk.length - at)
    this.#header.set(chunk.subarray(at, at + count), this.#filled)
    this.#filled += count
    if (this.#filled < HEADER_BYTES) return count
    this.#filled = 0
    const length = this.#header.readUInt32LE(0)
    const kind = KINDS[this.#header.readUInt8(KIND_AT)]
    if (kind === undefined) throw new ProtocolError('a frame of an unknown kind')
    if (length > MAX_PAYLOAD) throw new ProtocolError('a frame that is too large')
    const stream = this.#header.readUInt8(STREAM_AT)
    const frame = { kind, stream, call: this.#header.readUInt32LE(CALL_AT) }
    if (length === 0) this.#deliver({ ...frame, payload: NOTHING })
    else this.#open = { frame, length }
    return count
  }

  #readPayload(chunk: Uint8Array, at: number): number {
    const { frame, length } = this.#open ?? { frame: undefined, length: 0 }
    if (frame === undefined) return 0
    const count = Math.min(length - this.#filled, chunk.length - at)
    const piece = chunk.subarray(at, at + count)
    if (count < length) {
      this.#payload ??= new Uint8Array(length)
      this.#payload.set(piece, this.#filled)
    }
    this.#filled += count
    if (this.#filled < length) return count
    const payload = this.#payload ?? piece
    this.#open = undefined
    this.#payload = undefined
    this.#filled = 0
    this.#deliver({ ...frame, payload })
    return count
  }
}
