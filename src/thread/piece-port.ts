import type { MessagePort } from 'node:worker_threads'
import { EngineError, type ErrorCode } from '../contract/errors.ts'

/**
 * A value and a stream of bytes through a message port: `value`, then `piece`s, then `end`; or
 * `failed` at any point. The receiver answers each piece that was taken, and the sender has at most
 * WINDOW of them under way. A port that closes before `end` has cut the stream.
 */
export type PieceMessage =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }

const PIECE_BYTES = 65_536
const WINDOW = 8
const TAKEN = 'taken'

/** The sending side. */
export class PieceSender {
  readonly #port: MessagePort
  #room = WINDOW
  #closed = false
  #wake: (() => void) | undefined

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', () => {
      this.#room += 1
      this.#wake?.()
    })
    port.on('close', () => {
      this.#closed = true
      this.#wake?.()
    })
  }

  value(value: unknown): void {
    this.#post({ kind: 'value', value })
  }

  /** Sends what `pieces` yields as long as somebody takes it. */
  async stream(pieces: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length; at += PIECE_BYTES) {
        while (this.#room === 0 && !this.#closed) await this.#change()
        if (this.#closed) return
        this.#room -= 1
        // A copy of its own: what is sent may be a view of the tree, or of a pool.
        const bytes = new Uint8Array(piece.subarray(at, at + PIECE_BYTES))
        this.#port.postMessage({ kind: 'piece', bytes }, [bytes.buffer])
      }
    }
  }

  end(): void {
    this.#post({ kind: 'end' })
    this.#port.close()
  }

  fail(error: unknown): void {
    const known = error instanceof EngineError
    const code = known ? error.code : 'INTERNAL'
    this.#post({ kind: 'failed', code, message: known ? error.message : 'internal error' })
    this.#port.close()
  }

  #post(message: PieceMessage): void {
    if (!this.#closed) this.#port.postMessage(message)
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

/** The receiving side. */
export class PieceReceiver {
  readonly #port: MessagePort
  readonly #queue: PieceMessage[] = []
  #closed = false
  #wake: (() => void) | undefined

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', (message: PieceMessage) => {
      this.#queue.push(message)
      this.#wake?.()
    })
    port.on('close', () => {
      this.#closed = true
      this.#wake?.()
    })
  }

  /** @throws EngineError what the sender failed with, or `INTERNAL` where it was cut off. */
  async #next(): Promise<PieceMessage> {
    for (;;) {
      const message = this.#queue.shift()
      if (message?.kind === 'failed') throw new EngineError(message.code, message.message)
      if (message !== undefined) return message
      if (this.#closed) throw new EngineError('INTERNAL', 'the stream was cut off')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  async value(): Promise<unknown> {
    const message = await this.#next()
    return message.kind === 'value' ? message.value : undefined
  }

  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const message = await this.#next()
        if (message.kind !== 'piece') return
        yield message.bytes
        this.#port.postMessage(TAKEN)
      }
    } finally {
      this.#port.close()
    }
  }
}
