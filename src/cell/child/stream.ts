import { MAX_PAYLOAD, ProtocolError } from './frame.ts'

/** What may be on its way on one stream before its reader has taken any of it. */
export const WINDOW = 131_072
/** What a frame costs beside its bytes: many small ones are bounded too. */
export const FRAME_COST = 512

const costOf = (bytes: Uint8Array): number => bytes.length + FRAME_COST

/** The sending end of one stream: sends as far as the other side has given credit. */
export class Outlet {
  readonly #send: (bytes: Uint8Array | undefined) => void
  #credit = WINDOW
  #room: (() => void) | undefined
  #closed = false

  /** @param send - one frame; undefined: the end. */
  constructor(send: (bytes: Uint8Array | undefined) => void) {
    this.#send = send
  }

  /** A promise when not all of it could be sent at once; nobody else may write until it settles. */
  write(bytes: Uint8Array): void | Promise<void> {
    const sent = this.#sendWhatFits(bytes)
    return sent === bytes.length ? undefined : this.#sendRest(bytes.subarray(sent))
  }

  #sendWhatFits(bytes: Uint8Array): number {
    let at = 0
    while (at < bytes.length) {
      if (this.#closed) return bytes.length
      const fits = Math.min(MAX_PAYLOAD, this.#credit - FRAME_COST)
      if (fits <= 0) return at
      const piece = bytes.subarray(at, at + fits)
      this.#credit -= costOf(piece)
      this.#send(piece)
      at += piece.length
    }
    return at
  }

  async #sendRest(rest: Uint8Array): Promise<void> {
    let at = 0
    while (at < rest.length) {
      await new Promise<void>((resolve) => {
        this.#room = resolve
      })
      at += this.#sendWhatFits(rest.subarray(at))
    }
  }

  /** @throws ProtocolError for more than was ever sent. */
  grant(count: number): void {
    this.#credit += count
    if (count === 0 || this.#credit > WINDOW) throw new ProtocolError('a credit that is not due')
    this.#wake()
  }

  #wake(): void {
    this.#room?.()
    this.#room = undefined
  }

  end(): void {
    if (this.#closed) return
    this.#closed = true
    this.#send(undefined)
  }

  /** Nobody reads any more: what is written is gone. */
  abandon(): void {
    this.#closed = true
    this.#wake()
  }
}

/** The receiving end of one stream. Asking for the next piece says that the last one was taken. */
export class Inlet implements AsyncIterableIterator<Uint8Array> {
  readonly #grant: (count: number) => void
  readonly #pieces: Uint8Array[] = []
  #outstanding = 0
  /** Taken, and not yet told to the sender. */
  #taken = 0
  #inHand = 0
  #ended = false
  #changed: (() => void) | undefined

  constructor(grant: (count: number) => void) {
    this.#grant = grant
  }

  /** @throws ProtocolError for more than was granted, or after the end. */
  accept(bytes: Uint8Array): void {
    this.#outstanding += costOf(bytes)
    if (this.#ended || bytes.length === 0 || this.#outstanding > WINDOW) {
      throw new ProtocolError('bytes that nobody asked for')
    }
    this.#pieces.push(bytes)
    this.#wake()
  }

  /** No more will come. What came is still there. */
  finish(): void {
    this.#ended = true
    this.#wake()
  }

  #wake(): void {
    this.#changed?.()
    this.#changed = undefined
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#release()
    for (;;) {
      const piece = this.#pieces.shift()
      if (piece !== undefined) {
        this.#inHand = costOf(piece)
        return { done: false, value: piece }
      }
      if (this.#ended) return { done: true, value: undefined }
      await new Promise<void>((resolve) => {
        this.#changed = resolve
      })
    }
  }

  #release(): void {
    this.#taken += this.#inHand
    this.#inHand = 0
    // Half a window at a time: a short stream needs no credit at all.
    if (this.#taken < WINDOW / 2 || this.#ended) return
    this.#outstanding -= this.#taken
    this.#grant(this.#taken)
    this.#taken = 0
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
