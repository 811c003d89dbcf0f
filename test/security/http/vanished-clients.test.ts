import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bulkhead } from '../../support/bulkhead.ts'
import { startDaemon, type TestDaemon } from '../../support/daemon.ts'
import { metric, until } from '../../support/metrics.ts'
import { connect, type RawRequest, raw, send } from '../../support/raw-http.ts'

/** Clients of each kind, a few at a time. */
const CLIENTS = 60
const LANES = 6

let daemon: TestDaemon
let running = ''
let created = ''
const json = { 'Content-Type': 'application/json' }

async function post(target: string, body?: object): Promise<string> {
  const sent = body === undefined ? {} : { headers: json, body: JSON.stringify(body) }
  const answer = await raw(daemon.port, { method: 'POST', target, ...sent })
  expect([target, answer.status, answer.body]).toEqual([
    target,
    expect.toBeOneOf([201, 204]),
    answer.body,
  ])
  return /"Id":"([0-9a-f]{64})"/.exec(answer.body)?.[1] ?? ''
}

beforeAll(async () => {
  for (const image of ['hello-world', 'python']) await bulkhead(['pull', image])
  daemon = await startDaemon()
  const Cmd = ['-c', 'while True: print(input())']
  running = await post('/containers/create', { Image: 'python', Cmd, OpenStdin: true })
  await post(`/containers/${running}/start`)
  created = await post('/containers/create', { Image: 'python' })
})
afterAll(async () => {
  await raw(daemon.port, { method: 'DELETE', target: `/containers/${running}?force=1` })
  await daemon.stop()
  // Neither a bug of ours nor a listener too many.
  expect(daemon.output()).not.toMatch(/"level":50|Warning/)
})

const UPGRADE = { Connection: 'Upgrade', Upgrade: 'tcp' }
const all = 'stream=1&stdin=1&stdout=1&stderr=1'
const ways: readonly (readonly [string, () => RawRequest])[] = [
  [
    'in an attach',
    () => ({ method: 'POST', target: `/containers/${running}/attach?${all}`, headers: UPGRADE }),
  ],
  [
    'in an attach to what does not run',
    () => ({ method: 'POST', target: `/containers/${created}/attach?${all}`, headers: UPGRADE }),
  ],
  [
    'in an attach without an upgrade',
    () => ({ method: 'POST', target: `/containers/${running}/attach?${all}` }),
  ],
  ['in logs', () => ({ method: 'GET', target: `/containers/${running}/logs?stdout=1&follow=1` })],
  ['in stats', () => ({ method: 'GET', target: `/containers/${running}/stats` })],
  ['in a wait', () => ({ method: 'POST', target: `/containers/${running}/wait` })],
  ['in events', () => ({ method: 'GET', target: '/events' })],
  ['in a pull', () => ({ method: 'POST', target: '/images/create?fromImage=hello-world' })],
  [
    'while files are got',
    () => ({ method: 'GET', target: `/containers/${created}/archive?path=/` }),
  ],
  [
    'while files of what runs are got',
    () => ({ method: 'GET', target: `/containers/${running}/archive?path=/` }),
  ],
  ['in an export', () => ({ method: 'GET', target: `/containers/${created}/export` })],
]
/** Those whose body never ends, although its length was told. */
const bodies: readonly (readonly [string, () => RawRequest])[] = [
  [
    'while files are put',
    () => ({
      method: 'PUT',
      target: `/containers/${created}/archive?path=/`,
      headers: { 'Content-Length': '99999' },
      body: 'x'.repeat(512),
    }),
  ],
  [
    'while files are put into what runs',
    () => ({
      method: 'PUT',
      target: `/containers/${running}/archive?path=/`,
      headers: { 'Content-Length': '99999' },
      body: 'x'.repeat(512),
    }),
  ],
  [
    'in the body of a create',
    () => ({
      method: 'POST',
      target: '/containers/create',
      headers: { ...json, 'Content-Length': '999' },
      body: '{',
    }),
  ],
]

/** Sends a request and goes: by a reset or an end, at once or when something was heard. */
async function vanish(request: RawRequest, hears: boolean, turn: number): Promise<void> {
  const socket = await connect(daemon.port)
  socket.on('error', () => {})
  send(socket, { ...request, headers: { Connection: 'keep-alive', ...request.headers } })
  const heard = new Promise((resolve) => {
    socket.once('data', resolve)
    socket.once('close', resolve)
  })
  if (hears && turn % 3 !== 0) await heard
  else await new Promise((resolve) => socket.write('', resolve))
  if (turn % 2 === 0) socket.resetAndDestroy()
  else socket.destroy()
}

const counts = async () => ({
  files: await metric(daemon.port, 'process_open_fds'),
  handles: await metric(daemon.port, 'nodejs_active_handles_total'),
})

describe('a client that vanishes', () => {
  it.each([
    ...ways.map((row) => [...row, true] as const),
    ...bodies.map((row) => [...row, false] as const),
  ])('%s leaves nothing behind', async (_, requestOf, hears) => {
    // Threads and caches that a first one needs may stay.
    await vanish(requestOf(), hears, 1)
    await raw(daemon.port, { method: 'GET', target: '/_ping' })
    const before = await counts()
    const lane = async (first: number): Promise<void> => {
      for (let turn = first; turn < CLIENTS; turn += LANES) await vanish(requestOf(), hears, turn)
    }
    await Promise.all(Array.from({ length: LANES }, (_, first) => lane(first)))
    await until(async () => {
      const { files, handles } = await counts()
      return files <= before.files + 2 && handles <= before.handles + 2
    })
    // Whoever comes next is served, by the container too.
    const list = await raw(daemon.port, { method: 'GET', target: '/containers/json' })
    expect([list.status, list.body.includes(running)]).toEqual([200, true])
    const stat = `/containers/${created}/archive?path=/`
    expect((await raw(daemon.port, { method: 'HEAD', target: stat })).status).toBe(200)
  })
})
