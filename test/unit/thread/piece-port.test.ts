import { MessageChannel } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { EngineError } from '../../../src/contract/errors.ts'
import { PieceReceiver, PieceSender } from '../../../src/thread/piece-port.ts'

function ends() {
  const { port1, port2 } = new MessageChannel()
  return { sender: new PieceSender(port1), receiver: new PieceReceiver(port2) }
}

async function* counted(total: number, made: { count: number }) {
  for (let at = 0; at < total; at += 1) {
    made.count += 1
    yield Uint8Array.of(at & 255)
  }
}

it('a value and bytes arrive in order, large pieces cut', async () => {
  const { sender, receiver } = ends()
  const large = Uint8Array.from({ length: 200_000 }, (_, at) => at % 251)
  const sent = (async () => {
    sender.value({ a: 1n })
    await sender.stream(
      (async function* () {
        yield large
        yield Uint8Array.of(7)
      })(),
    )
    sender.end()
  })()
  expect(await receiver.value()).toEqual({ a: 1n })
  const pieces: Uint8Array[] = []
  for await (const piece of receiver.bytes()) pieces.push(piece)
  await sent
  expect(pieces.every(({ length }) => length <= 65_536)).toBe(true)
  expect(Buffer.concat(pieces).equals(Buffer.from([...large, 7]))).toBe(true)
})
it('a receiver that takes its time holds the sender back', async () => {
  const { sender, receiver } = ends()
  const made = { count: 0 }
  const sent = sender.stream(counted(1_000, made)).then(() => sender.end())
  let taken = 0
  for await (const _ of receiver.bytes()) {
    taken += 1
    await new Promise((resolve) => setImmediate(resolve))
    expect(made.count - taken).toBeLessThanOrEqual(16)
  }
  await sent
  expect(taken).toBe(1_000)
})
it('a receiver that goes away ends the sender, which gives its source back', async () => {
  const { sender, receiver } = ends()
  const made = { count: 0 }
  const sent = sender.stream(counted(1_000_000, made))
  for await (const _ of receiver.bytes()) break
  await sent
  expect(made.count).toBeLessThan(1_000)
})
it.each([
  ['of ours keeps its code', new EngineError('NO_SUCH_PATH', 'none'), 'NO_SUCH_PATH', 'none'],
  ['of another kind says nothing', new TypeError('secret'), 'INTERNAL', 'internal error'],
])('an error %s', async (_, error, code, message) => {
  const { sender, receiver } = ends()
  sender.fail(error)
  await expect(receiver.value()).rejects.toMatchObject({ code, message })
})
it('a sender that dies has cut the stream', async () => {
  const { port1, port2 } = new MessageChannel()
  const receiver = new PieceReceiver(port2)
  port1.close()
  await expect(receiver.bytes().next()).rejects.toMatchObject({ code: 'INTERNAL' })
})
