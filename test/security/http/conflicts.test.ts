import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bulkhead } from '../../support/bulkhead.ts'
import { startDaemon, type TestDaemon } from '../../support/daemon.ts'
import { ask } from '../../support/raw-http.ts'

const headers = { 'Content-Type': 'application/json' }

let daemon: TestDaemon
let running = ''
const post = (target: string, body?: object) =>
  ask(daemon.port, { method: 'POST', target, ...(body && { headers, body: JSON.stringify(body) }) })
const get = (target: string) => ask(daemon.port, { method: 'GET', target })
const create = (body: object) => post('/containers/create', { Image: 'hello-world', ...body })

beforeAll(async () => {
  for (const image of ['hello-world', 'python']) await bulkhead(['pull', image])
  daemon = await startDaemon()
  const made = await post('/containers/create', {
    Image: 'python',
    Cmd: ['-c', 'while True: pass'],
  })
  running = /"Id":"([0-9a-f]{64})"/.exec(made.body)?.[1] ?? ''
  expect((await post(`/containers/${running}/start`)).status).toBe(204)
})
afterAll(async () => {
  await ask(daemon.port, { method: 'DELETE', target: `/containers/${running}?force=1` })
  await daemon.stop()
  expect(daemon.output()).not.toMatch(/"level":50|Warning/)
})

/** The message of an error in Docker's shape, which must have the status. */
function messageOf({ status, body }: { status: number; body: string }, wanted: number): string {
  expect([status, body]).toEqual([wanted, body])
  return (JSON.parse(body) as { message: string }).message
}

describe('a container that runs', () => {
  const signals = [
    'NOPE',
    '0',
    '-9',
    '65',
    '99999999999',
    'SIG',
    'KILL%00',
    '9.5',
    '%',
    'SIGRTMAX%2B9',
  ]
  it.each(signals)('goes on after the signal %s', async (signal) => {
    for (const verb of ['kill', 'stop', 'restart']) {
      const answer = await post(`/containers/${running}/${verb}?signal=${signal}&t=0`)
      expect([verb, messageOf(answer, 400)]).toEqual([
        verb,
        expect.stringMatching(/^invalid signal: /),
      ])
    }
    expect((await get(`/containers/${running}/json`)).body).toContain('"Status":"running"')
  })
  it.each(['now', '1.5', '99999999999999999999', '0x1', '1e3', ' '])(
    'goes on after a stop that is to wait %j seconds',
    async (t) => {
      const answer = await post(`/containers/${running}/stop?t=${encodeURIComponent(t)}`)
      expect(messageOf(answer, 400)).toContain('invalid t ')
      expect((await get(`/containers/${running}/json`)).body).toContain('"Status":"running"')
    },
  )
  it.each([
    ['start', 304],
    ['unpause', 500],
    [`rename?name=${'%20'}`, 400],
    ['rename?name=', 400],
    ['rename?name=../x', 400],
  ] as const)('is not hurt by %s: %i', async (verb, status) => {
    const answer = await post(`/containers/${running}/${verb}`)
    expect([verb, answer.status, answer.body]).toEqual([verb, status, answer.body])
    expect((await get(`/containers/${running}/json`)).body).toContain('"Status":"running"')
  })
})

describe('options that cannot both be', () => {
  const always = { Name: 'always' }
  it.each([
    [
      { AutoRemove: true, RestartPolicy: always },
      "can't create 'AutoRemove' container with restart policy",
    ],
    [{ NanoCpus: 1e9, CpuQuota: 50_000 }, 'not both'],
    [{ Binds: ['/tmp:/a', '/var:/a'] }, 'Duplicate mount point: /a'],
    [{ Binds: ['/tmp:/a'], Tmpfs: { '/a': '' } }, 'Duplicate mount point: /a'],
    [
      { Binds: ['vol:/a'], Mounts: [{ Type: 'tmpfs', Target: '/a/' }] },
      'Duplicate mount point: /a',
    ],
    [{ RestartPolicy: { ...always, MaximumRetryCount: 3 } }, "can only be used with 'on-failure'"],
    [{ Tmpfs: { '/': '' } }, 'invalid mount target /'],
    [{ Tmpfs: { a: '' } }, 'mount path must be absolute'],
  ])('%j', async (HostConfig, text) => {
    expect(messageOf(await create({ HostConfig }), 400)).toContain(text)
  })
  it('leave no container behind', async () => {
    const { body } = await get('/containers/json?all=1')
    expect(body.split('"Id":')).toHaveLength(2)
  })
})
