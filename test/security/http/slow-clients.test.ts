import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon, type TestDaemon } from '../../support/daemon.ts'
import { metric, until } from '../../support/metrics.ts'
import { connect, parseAnswer, raw, readAll } from '../../support/raw-http.ts'

const MIB = 2 ** 20

let daemon: TestDaemon
beforeAll(async () => {
  daemon = await startDaemon()
  // The first ones load code.
  for (let turn = 0; turn < 20; turn += 1) await pings()
})
afterAll(async () => {
  await daemon.stop()
  expect(daemon.output()).not.toMatch(/"level":50|Warning/)
})

async function pings(): Promise<void> {
  expect((await raw(daemon.port, { method: 'GET', target: '/_ping' })).status).toBe(200)
}
const files = () => metric(daemon.port, 'process_open_fds')
const connections = (count: number): Promise<readonly Socket[]> =>
  Promise.all(Array.from({ length: count }, () => connect(daemon.port)))

// Each waits for the daemon's patience to end, and so beside the other.
describe.concurrent('a client that takes its time', () => {
  it('over a head is told so and cut off, and nobody else waits', async () => {
    const heads = [
      '',
      'G',
      'GET /info HTTP/1.1\r\nHost: localhost\r\n',
      'POST /containers/create HTTP/1.1\r\nHost: localhost\r\nX',
    ]
    const slow = (await connections(200)).map((socket, at) => {
      socket.write(heads[at % heads.length] ?? '')
      // A byte now and then keeps nobody alive.
      const drip = setInterval(() => socket.write('a'), 1_000)
      socket.once('close', () => clearInterval(drip))
      return readAll(socket).then((text) => {
        clearInterval(drip)
        socket.destroy()
        return text
      })
    })
    await pings()
    const answers = await Promise.all(slow)
    const statuses = new Set(answers.map((text) => (text === '' ? 0 : parseAnswer(text).status)))
    // A reset may overtake the answer: the client was still sending.
    expect([...statuses].filter((status) => ![0, 400, 408].includes(status))).toEqual([])
    expect(statuses).toContain(408)
  })
  it('over a body is told so, and the others are served', async () => {
    const begun = await connections(50)
    const head =
      'POST /containers/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    const answers = begun.map((socket, at) => {
      socket.write(
        `${head}${at % 2 === 0 ? 'Content-Length: 100' : 'Transfer-Encoding: chunked'}\r\n\r\n`,
      )
      return readAll(socket)
    })
    await pings()
    for (const text of await Promise.all(answers)) {
      expect(parseAnswer(text).status).toBe(408)
      expect(text).toContain('the body took longer than 30 seconds')
    }
    for (const socket of begun) socket.destroy()
  })
})

describe('2,000 connections on which nothing is said', () => {
  it('leave the daemon answering, and nothing when they are gone', async () => {
    const before = await files()
    const resident = await metric(daemon.port, 'process_resident_memory_bytes')
    const idle: Socket[] = []
    // A few at a time: the queue of connections that wait to be accepted is short.
    for (let turn = 0; turn < 20; turn += 1) idle.push(...(await connections(100)))
    // Half of them have asked something and stay.
    const request = 'GET /_ping HTTP/1.1\r\nHost: localhost\r\n\r\n'
    for (const socket of idle.slice(0, 1_000)) socket.write(request)
    await Promise.all(idle.slice(0, 1_000).map((socket) => once(socket, 'data')))
    expect(await files()).toBeGreaterThanOrEqual(before + 1_000)
    await pings()
    for (const socket of idle) socket.destroy()
    await until(async () => (await files()) <= before)
    // Pages that the allocator keeps are not a leak; what 2,000 requests need must not stay for good.
    await until(async () => {
      return (await metric(daemon.port, 'process_resident_memory_bytes')) < resident + 48 * MIB
    })
  })
})
