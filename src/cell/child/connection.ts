import type { Duplex } from 'node:stream'
import { deferred } from '../../std/deferred.ts'
import { answerOf } from './answers.ts'
import { BodyParts, unpacked } from './body.ts'
import { Channel } from './channel.ts'
import { creditOf, type Frame, MAX_PAYLOAD, ProtocolError } from './frame.ts'
import type { Inlet, Outlet } from './stream.ts'
import type { Answer, Arguments, Verb } from './verbs.ts'

/** The cell's process is gone, and what it was asked will not be answered. */
export class CellLost extends Error {
  override readonly name = 'CellLost'
}

export interface CallOptions {
  /** Streams the cell may send on, and streams we send on. */
  readonly from?: readonly number[]
  readonly to?: readonly number[]
  /** Most bytes of the answer. */
  readonly answerBytes?: number
}

/** A call that was sent. */
export interface Call<V extends Verb> {
  readonly id: number
  /** Rejects with an EngineError of the cell, or with CellLost. */
  readonly answer: Promise<Answer<V>>
  from(stream: number): Inlet
  to(stream: number): Outlet
}

interface Pending {
  readonly body: BodyParts
  readonly from: ReadonlyMap<number, Inlet>
  readonly to: ReadonlyMap<number, Outlet>
  /** Throws ProtocolError. */
  answered(body: unknown): void
  failed(error: Error): void
}

/** Verbs that do not keep this process alive. */
const BACKGROUND: ReadonlySet<Verb> = new Set(['inUse'])

function streamOf<T>(streams: ReadonlyMap<number, T>, stream: number): T {
  const found = streams.get(stream)
  if (found === undefined) throw new ProtocolError('a stream that there is not')
  return found
}

/** A host's side of the channel to one cell, from its start to its end. Believes nothing. */
export class Connection {
  readonly #channel: Channel
  readonly #calls = new Map<number, Pending>()
  #lastCall = 0
  #holding = 0
  #closed = false

  /** @param broken - the cell broke the rules and must be ended. */
  constructor(socket: Duplex, broken: (error: unknown) => void) {
    this.#channel = new Channel(socket, {
      frame: (frame) => this.#take(frame),
      broken,
      closed: () => this.#lose(),
    })
    this.#channel.hold(false)
  }

  call<V extends Verb>(verb: V, args: Arguments<V>, options: CallOptions = {}): Call<V> {
    const { promise, resolve, reject } = deferred<Answer<V>>()
    this.#lastCall += 1
    const id = this.#lastCall
    const from = new Map(options.from?.map((at) => [at, this.#channel.inlet(id, at)]))
    const to = new Map(options.to?.map((at) => [at, this.#channel.outlet(id, at)]))
    const call = {
      id,
      answer: promise,
      from: (stream: number) => streamOf(from, stream),
      to: (stream: number) => streamOf(to, stream),
    }
    const pending: Pending = {
      body: new BodyParts(options.answerBytes ?? MAX_PAYLOAD),
      from,
      to,
      answered: (body) => settle(verb, body, resolve, reject),
      failed: reject,
    }
    // Not everyone who asks waits for the answer.
    promise.catch(() => undefined)
    if (this.#closed) {
      over(pending)
      reject(new CellLost())
      return call
    }
    this.#calls.set(id, pending)
    if (!BACKGROUND.has(verb)) this.#hold(promise)
    this.#channel.sendBody(id, { verb, arguments: args })
    return call
  }

  #hold(answer: Promise<unknown>): void {
    const released = (): void => {
      this.#holding -= 1
      if (this.#holding === 0) this.#channel.hold(false)
    }
    this.#holding += 1
    if (this.#holding === 1) this.#channel.hold(true)
    answer.then(released, released)
  }

  #take(frame: Frame): void {
    const call = this.#calls.get(frame.call)
    if (call === undefined) throw new ProtocolError('a call that there is not')
    switch (frame.kind) {
      case 'part':
        call.body.add(frame.payload)
        return
      case 'body':
        call.body.add(frame.payload)
        call.answered(unpacked(call.body.whole()))
        this.#calls.delete(frame.call)
        over(call)
        return
      case 'data':
        streamOf(call.from, frame.stream).accept(frame.payload)
        return
      case 'end':
        streamOf(call.from, frame.stream).finish()
        return
      case 'credit':
        streamOf(call.to, frame.stream).grant(creditOf(frame))
    }
  }

  #lose(): void {
    this.#closed = true
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    for (const call of calls) {
      over(call)
      call.failed(new CellLost())
    }
  }

  /** Nothing that is asked will be answered. */
  get closed(): boolean {
    return this.#closed
  }

  destroy(): void {
    this.#channel.destroy()
  }
}

/** What came on its streams can still be read; nothing more will come or go. */
function over({ from, to }: Pending): void {
  for (const inlet of from.values()) inlet.finish()
  for (const outlet of to.values()) outlet.abandon()
}

function settle<V extends Verb>(
  verb: V,
  body: unknown,
  resolve: (answer: Answer<V>) => void,
  reject: (error: unknown) => void,
): void {
  try {
    resolve(answerOf(verb, body))
  } catch (error) {
    if (error instanceof ProtocolError) throw error
    reject(error)
  }
}
