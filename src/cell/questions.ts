import type { MessagePort } from 'node:worker_threads'
import { EngineError } from '../contract/errors.ts'
import { type Deferred, deferred } from '../std/deferred.ts'
import type { LiveAnswer, LiveReply, LiveRequest } from '../thread/live-tree.ts'
import type { Order } from '../thread/order.ts'
import { processGone } from './refusals.ts'

type WithoutId<R> = R extends LiveRequest ? Omit<R, 'id'> : never
export type Question = WithoutId<LiveRequest>

/** What a worker was asked about its container and has not answered yet, and what it wants itself. */
export class Questions {
  readonly #port: MessagePort
  readonly #open = new Map<number, Deferred<LiveAnswer>>()
  #last = 0

  constructor(port: MessagePort, ordered: (order: Order) => void) {
    this.#port = port
    port.on('message', (message: LiveReply | Order) => {
      if ('order' in message) ordered(message)
      else this.#take(message)
    })
    port.unref()
  }

  /**
   * Puts the question into the port; the caller raises the flag.
   *
   * @throws EngineError the worker's own; `PROCESS_GONE`: its process ended first.
   */
  ask(question: Question): Promise<LiveAnswer> {
    this.#last += 1
    const id = this.#last
    const answer = deferred<LiveAnswer>()
    this.#open.set(id, answer)
    this.#port.ref()
    const moved = question.verb === 'put' ? question.entries.map(({ bytes }) => bytes.buffer) : []
    // Views of one buffer would be moved twice; each entry has its own.
    this.#port.postMessage({ ...question, id }, moved as ArrayBuffer[])
    return answer.promise
  }

  #take(reply: LiveReply): void {
    const answer = this.#open.get(reply.id)
    this.#open.delete(reply.id)
    if (this.#open.size === 0) this.#port.unref()
    if (reply.ok) answer?.resolve(reply.answer)
    else answer?.reject(new EngineError(reply.code, reply.message))
  }

  /** The process has ended: a reply may still be on its way, and then counts no more. */
  abandon(): void {
    if (this.#open.size === 0) return
    for (const answer of this.#open.values()) answer.reject(processGone())
    this.#open.clear()
    this.#port.unref()
  }
}
