import type { Duplex } from 'node:stream'
import { packed } from './body.ts'
import {
  creditPayload,
  type Frame,
  type FrameKind,
  FrameReader,
  headerOf,
  MAX_PAYLOAD,
} from './frame.ts'
import { Inlet, Outlet } from './stream.ts'

export interface ChannelEnds {
  /** May throw ProtocolError. */
  frame(frame: Frame): void
  /** The other side broke the rules; nothing it sends is looked at any more. */
  broken(error: unknown): void
  /** Called once: nothing will come any more. */
  closed(): void
}

const NOTHING = new Uint8Array()

/** Frames over a duplex stream of bytes. */
export class Channel {
  readonly #socket: Duplex
  #gathering = false

  constructor(socket: Duplex, ends: ChannelEnds) {
    this.#socket = socket
    const reader = new FrameReader((frame) => ends.frame(frame))
    let broken = false
    socket.on('data', (chunk: Uint8Array) => {
      if (broken) return
      try {
        reader.push(chunk)
      } catch (error) {
        broken = true
        // Whatever foreign bytes lead to, it is the end of this channel and of nothing else.
        ends.broken(error)
      }
    })
    // `close` follows.
    socket.on('error', () => {})
    socket.once('end', () => socket.destroy())
    socket.once('close', () => ends.closed())
  }

  send(kind: FrameKind, call: number, stream = 0, payload: Uint8Array = NOTHING): void {
    if (!this.#socket.writable) return
    this.#gather()
    this.#socket.write(headerOf(kind, call, stream, payload.length))
    if (payload.length > 0) this.#socket.write(payload)
  }

  /** What is sent in one turn goes out in one write. */
  #gather(): void {
    if (this.#gathering) return
    this.#gathering = true
    this.#socket.cork()
    process.nextTick(() => {
      this.#gathering = false
      this.#socket.uncork()
    })
  }

  /** A call or an answer, cut into frames. */
  sendBody(call: number, value: unknown): void {
    const pieces = packed(value)
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
    if (size <= MAX_PAYLOAD) {
      this.send('body', call, 0, Buffer.concat(pieces))
      return
    }
    for (const piece of pieces) {
      for (let at = 0; at < piece.length; at += MAX_PAYLOAD) {
        this.send('part', call, 0, piece.subarray(at, at + MAX_PAYLOAD))
      }
    }
    this.send('body', call)
  }

  outlet(call: number, stream: number): Outlet {
    return new Outlet((bytes) => {
      if (bytes === undefined) this.send('end', call, stream)
      else this.send('data', call, stream, bytes)
    })
  }

  inlet(call: number, stream: number): Inlet {
    return new Inlet((count) => this.send('credit', call, stream, creditPayload(count)))
  }

  /** While it is held, this process does not end by itself. */
  hold(held: boolean): void {
    const { ref, unref } = this.#socket as { ref?: () => void; unref?: () => void } // a Socket has
    ;(held ? ref : unref)?.call(this.#socket)
  }

  /** What was sent is still delivered; settles when it was. */
  finish(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.writable) this.#socket.end(() => resolve())
      else resolve()
    })
  }

  destroy(): void {
    this.#socket.destroy()
  }
}
