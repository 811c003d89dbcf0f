import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import type { ApiContext } from '../../../../src/api/docker/context.ts'
import { MOST_WAITING, systemEvents } from '../../../../src/api/docker/system/events.ts'
import type { EngineEvent } from '../../../../src/contract/event.ts'

/** A response whose client reads only while `reads`. */
class Response extends EventEmitter {
  reads = true
  lines = 0
  cut = false
  writeHead(): void {}
  flushHeaders(): void {}
  end(): void {}
  write(): boolean {
    this.lines += 1
    return this.reads
  }
  destroy(): void {
    this.cut = true
  }
}

function listening() {
  const listeners = new Set<(event: EngineEvent) => void>()
  const source = {
    recent: () => [],
    subscribe: (listener: (event: EngineEvent) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const outgoing = new Response()
  // As much of a context as is looked at.
  const c = { req: { query: () => undefined }, env: { outgoing } } as unknown as ApiContext
  void systemEvents(source, () => new Date(0))(c)
  const actor = { id: 'a', attributes: {} }
  const publish = (count: number): void => {
    for (let n = 0; n < count; n += 1) {
      const event: EngineEvent = { type: 'container', action: 'start', actor, timeNano: BigInt(n) }
      for (const listener of listeners) listener(event)
    }
  }
  return { outgoing, listeners, publish }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

it('a client that reads gets every event', async () => {
  const { outgoing, listeners, publish } = listening()
  for (let turn = 0; turn < 3; turn += 1) {
    publish(MOST_WAITING)
    await settled()
  }
  expect([outgoing.lines, outgoing.cut, listeners.size]).toEqual([3 * MOST_WAITING, false, 1])
  outgoing.emit('close')
  await settled()
  expect(listeners.size).toBe(0)
})
it('a client that does not read is cut off, and nothing more is kept for it', async () => {
  const { outgoing, listeners, publish } = listening()
  outgoing.reads = false
  publish(MOST_WAITING)
  await settled()
  expect([outgoing.cut, listeners.size]).toEqual([false, 1])
  publish(1)
  await settled()
  expect([outgoing.cut, listeners.size]).toEqual([true, 0])
})
