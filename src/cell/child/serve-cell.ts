import type { Duplex } from 'node:stream'
import type { Cell } from '../../contract/cell.ts'
import { EngineError } from '../../contract/errors.ts'
import { BodyParts, unpacked } from './body.ts'
import { Channel } from './channel.ts'
import { creditOf, type Frame } from './frame.ts'
import { HANDLERS, type Served } from './handlers.ts'
import type { Inlet, Outlet } from './stream.ts'
import {
  type Answer,
  type AnswerBody,
  type Arguments,
  type CallBody,
  type CellSettings,
  MAX_MESSAGE,
  type Verb,
} from './verbs.ts'

export interface ServeParts {
  open(settings: CellSettings): Cell
  /** The host is gone, or speaks another language. */
  closed(): void
  /** A fault of ours, for the log. */
  fault(error: unknown): void
}

/** A call that is being answered, and its streams. */
interface Open {
  readonly inlets: Map<number, Inlet>
  readonly outlets: Map<number, Outlet>
}

/** A value of `map`, made when it is first asked for. */
function made<T>(map: Map<number, T>, key: number, make: () => T): T {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}

/** A cell's side of the channel: answers what its host asks. The host is believed. */
export class CellServer {
  readonly #parts: ServeParts
  readonly #channel: Channel
  /** Calls of which not all parts have come. */
  readonly #coming = new Map<number, BodyParts>()
  readonly #open = new Map<number, Open>()
  readonly #served: Served

  constructor(socket: Duplex, parts: ServeParts) {
    this.#parts = parts
    this.#served = {
      // Replaced by the first call there is.
      cell: undefined as unknown as Cell,
      modules: new Map(),
      roots: new Map(),
      runs: new Map(),
      execs: new Map(),
      archives: new Map(),
      open: (settings) => parts.open(settings),
    }
    this.#channel = new Channel(socket, {
      frame: (frame) => this.#take(frame),
      broken: (error) => {
        parts.fault(error)
        parts.closed()
      },
      closed: () => parts.closed(),
    })
  }

  #take(frame: Frame): void {
    const { kind, call, stream, payload } = frame
    if (kind === 'part' || kind === 'body') {
      const parts = made(this.#coming, call, () => new BodyParts(Number.POSITIVE_INFINITY))
      parts.add(payload)
      if (kind === 'part') return
      this.#coming.delete(call)
      void this.#serve(call, unpacked(parts.whole()) as CallBody) // our host's own
      return
    }
    const open = this.#open.get(call)
    // It has been answered: what is late is nobody's.
    if (open === undefined) return
    if (kind === 'credit') open.outlets.get(stream)?.grant(creditOf(frame))
    else if (kind === 'end') this.#inlet(open, call, stream).finish()
    else this.#inlet(open, call, stream).accept(payload)
  }

  #inlet(open: Open, call: number, stream: number): Inlet {
    return made(open.inlets, stream, () => this.#channel.inlet(call, stream))
  }

  async #serve(id: number, body: CallBody): Promise<void> {
    const open: Open = { inlets: new Map(), outlets: new Map() }
    this.#open.set(id, open)
    const answer = await this.#answer(id, body, open)
    this.#open.delete(id)
    for (const inlet of open.inlets.values()) inlet.finish()
    this.#channel.sendBody(id, answer)
  }

  async #answer(id: number, body: CallBody, open: Open): Promise<AnswerBody> {
    const call = {
      id,
      input: (stream: number) => this.#inlet(open, id, stream),
      output: (stream: number) =>
        made(open.outlets, stream, () => this.#channel.outlet(id, stream)),
    }
    try {
      // The table ties a verb to its arguments, which TypeScript cannot follow through a union.
      const handler = HANDLERS[body.verb] as (
        served: Served,
        args: Arguments<Verb>,
        call: object,
      ) => Answer<Verb> | Promise<Answer<Verb>>
      return { value: await handler(this.#served, body.arguments as Arguments<Verb>, call) }
    } catch (error) {
      if (error instanceof EngineError) {
        return { error: { code: error.code, message: error.message.slice(0, MAX_MESSAGE) } }
      }
      this.#parts.fault(error)
      return { error: { code: 'INTERNAL', message: 'internal error' } }
    }
  }

  /** Ends everything that runs, and says so to whoever asked for it. */
  async close(): Promise<void> {
    const { cell } = this.#served
    if (cell !== undefined) await cell[Symbol.asyncDispose]()
    await this.#channel.finish()
  }
}
