import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bulkhead } from '../../support/bulkhead.ts'
import { startDaemon, type TestDaemon } from '../../support/daemon.ts'
import { raw as ask, type RawAnswer } from '../../support/raw-http.ts'

const headers = { 'Content-Type': 'application/json' }

let daemon: TestDaemon
const post = (target: string, body?: object) =>
  ask(daemon.port, { method: 'POST', target, ...(body && { headers, body: JSON.stringify(body) }) })
const get = (target: string) => ask(daemon.port, { method: 'GET', target })
const listOf = (path: string, filters: object): Promise<RawAnswer> => {
  const sign = path.includes('?') ? '&' : '?'
  return get(`${path}${sign}filters=${encodeURIComponent(JSON.stringify(filters))}`)
}
const messageOf = ({ body }: RawAnswer): string =>
  (JSON.parse(body) as { readonly message: string }).message

beforeAll(async () => {
  await bulkhead(['pull', 'hello-world'])
  daemon = await startDaemon()
  const made = await post('/containers/create?name=one', { Image: 'hello-world', Hostname: 'a_b' })
  expect(made.status).toBe(201)
})
afterAll(async () => {
  await ask(daemon.port, { method: 'DELETE', target: '/containers/one?force=1' })
  await daemon.stop()
  expect(daemon.output()).not.toMatch(/"level":50|Warning/)
})

describe('filters of a list', () => {
  it.each([
    ['/containers/json', { exited: ['abc'] }, "invalid filter 'exited=abc'"],
    ['/containers/json', { 'is-task': ['maybe'] }, "invalid filter 'is-task=maybe'"],
    ['/containers/json', { publish: ['abc'] }, "invalid filter 'publish=abc'"],
    ['/containers/json', { expose: ['80:80'] }, "invalid filter 'expose=80:80'"],
    ['/containers/json', { status: ['odd'] }, "invalid filter 'status=odd'"],
    ['/containers/json', { 'label!': ['a'] }, "invalid filter 'label!'"],
    ['/networks', { dangling: ['maybe'] }, "invalid filter 'dangling=maybe'"],
    ['/networks', { type: ['odd'] }, "invalid filter: 'type'='odd'"],
    ['/volumes', { dangling: ['maybe'] }, "invalid filter 'dangling=maybe'"],
    ['/images/json', { dangling: ['maybe'] }, "invalid filter 'dangling=maybe'"],
    ['/events?until=1', { odd: ['1'] }, "invalid filter 'odd'"],
  ])('%s refuses %j', async (path, filters, message) => {
    const answer = await listOf(path, filters)
    expect([answer.status, messageOf(answer)]).toEqual([400, message])
  })
  it.each([
    [{ name: ['one'] }, 1],
    [{ name: ['^/?(one|two)$'] }, 1],
    [{ name: ['^/o[a-n]e'] }, 1],
    [{ name: ['^o$'] }, 0],
    [{ name: ['('] }, 0],
    [{ id: ['^[0-9a-f]+$'] }, 1],
    [{ 'is-task': ['false'] }, 1],
    [{ 'is-task': ['t'] }, 0],
    [{ publish: ['8080'] }, 0],
    [{ publish: ['8000-9000/tcp'] }, 0],
    [{ expose: ['80/udp'] }, 0],
  ])('containers: %j lets %i pass', async (filters, count) => {
    const { body } = await listOf('/containers/json?all=1', filters)
    expect(JSON.parse(body)).toHaveLength(count)
  })
})

describe('events that were', () => {
  const actions = async (filters: object): Promise<readonly string[]> => {
    const past = await listOf(`/events?since=1&until=${(Date.now() + 100) / 1_000}`, filters)
    return past.body.split('\n').flatMap((line) => /"Action":"(\w+)"/.exec(line)?.slice(1) ?? [])
  }
  it.each(['daemon', 'plugin', 'service', 'node', 'secret', 'config'])(
    'are none where a %s is asked for',
    async (type) => {
      expect(await actions({ [type]: ['x'] })).toEqual([])
    },
  )
  it('are those of an image by the name that it was given, with a registry and its port', async () => {
    const repo = 'localhost:5000/team/one'
    const tagged = await post(`/images/hello-world/tag?repo=${encodeURIComponent(repo)}&tag=v1`)
    expect(tagged.status).toBe(201)
    for (const image of [repo, `${repo}:v1`]) {
      expect(await actions({ image: [image] })).toEqual(['tag'])
    }
    expect(await actions({ image: ['localhost'] })).toEqual([])
    const inspected = await get(`/images/${repo}:v1/json`)
    expect(inspected.body).toContain(`"${repo}:v1"`)
    const removed = await ask(daemon.port, { method: 'DELETE', target: `/images/${repo}:v1` })
    expect(JSON.parse(removed.body)).toEqual([{ Untagged: `${repo}:v1` }])
  })
  it('are refused where the end is before the beginning', async () => {
    const answer = await get('/events?since=10&until=5')
    expect([answer.status, messageOf(answer)]).toEqual([
      400,
      '`since` time (10) cannot be after `until` time (5)',
    ])
  })
})

it('the daemon tells where it keeps everything, and how it can keep output', async () => {
  const { body } = await get('/info')
  const { Mountpoint } = JSON.parse((await post('/volumes/create', { Name: 'told' })).body) as {
    Mountpoint: string
  }
  const told = JSON.parse(body) as { DockerRootDir: string; Plugins: { Log: unknown } }
  expect(Mountpoint).toBe(`${told.DockerRootDir}/volumes/told/_data`)
  expect(told.Plugins.Log).toEqual(['json-file', 'local'])
  await ask(daemon.port, { method: 'DELETE', target: '/volumes/told' })
})

it('the removal of a link is refused, and the container of that name stays', async () => {
  const answer = await ask(daemon.port, { method: 'DELETE', target: '/containers/one?link=1' })
  expect([answer.status, messageOf(answer)]).toEqual([
    409,
    'Conflict, cannot remove the default link name of the container',
  ])
  expect((await get('/containers/one/json')).status).toBe(200)
})

it('a host name is looked at before there is a container; an underscore may be in it', async () => {
  const { body } = await get('/containers/one/json')
  expect(JSON.parse(body)).toMatchObject({ Config: { Hostname: 'a_b' } })
  const answer = await post('/containers/create', { Image: 'hello-world', Hostname: 'a b' })
  expect([answer.status, messageOf(answer)]).toEqual([
    400,
    expect.stringContaining('invalid host name "a b"'),
  ])
})

describe('the use of disks', () => {
  it.each([
    ['', ['BuildCache', 'Containers', 'Images', 'LayersSize', 'Volumes']],
    ['?type=volume', ['Volumes']],
    ['?type=image&type=container', ['Containers', 'Images', 'LayersSize']],
  ])('is told of what is asked for: %j', async (query, keys) => {
    const { body } = await get(`/v1.51/system/df${query}`)
    expect(Object.keys(JSON.parse(body) as object).sort()).toEqual(keys)
  })
  it('is told whole before types were known, and of no unknown one after', async () => {
    expect((await get('/v1.41/system/df?type=odd')).status).toBe(200)
    const answer = await get('/v1.42/system/df?type=odd')
    expect([answer.status, messageOf(answer)]).toEqual([400, 'unknown object type: odd'])
  })
})

it.each([
  ['GET', '/plugins/a/b:c/json', 404, 'plugin "a/b:c" not found'],
  ['POST', '/plugins/x/enable', 404, 'plugin "x" not found'],
  ['DELETE', '/plugins/x', 404, 'plugin "x" not found'],
  ['GET', '/services/x', 503, 'This node is not a swarm manager'],
  ['POST', '/services/create', 503, 'This node is not a swarm manager'],
  ['POST', '/services/x/update', 503, 'This node is not a swarm manager'],
  ['DELETE', '/secrets/x', 503, 'This node is not a swarm manager'],
  ['GET', '/swarm/unlockkey', 503, 'This node is not a swarm manager'],
])('%s %s is answered as by a daemon without it: %i', async (method, target, status, message) => {
  const answer = await ask(daemon.port, { method, target })
  expect([answer.status, messageOf(answer)]).toEqual([status, expect.stringContaining(message)])
})

describe('what a container prints', () => {
  const run = async (LogConfig: object, more: object = {}): Promise<string> => {
    const made = await post('/containers/create', {
      Image: 'hello-world',
      HostConfig: { LogConfig },
      ...more,
    })
    expect([made.status, made.body]).toEqual([201, expect.stringContaining('"Warnings":[]')])
    const id = /"Id":"([0-9a-f]{64})"/.exec(made.body)?.[1] ?? ''
    const waiting = post(`/containers/${id}/wait?condition=next-exit`)
    expect((await post(`/containers/${id}/start`)).status).toBe(204)
    expect((await waiting).body).toContain('"StatusCode":0')
    return id
  }
  const remove = (id: string) => ask(daemon.port, { method: 'DELETE', target: `/containers/${id}` })

  it('is cut by the sizes that were asked for, and inspect repeats them', async () => {
    const LogConfig = { Type: 'json-file', Config: { 'max-size': '100', 'max-file': '1' } }
    const whole = await run({ Type: '', Config: {} })
    const cut = await run(LogConfig)
    const { body } = await get(`/containers/${cut}/json`)
    expect(JSON.parse(body)).toMatchObject({ HostConfig: { LogConfig } })
    const logs = await get(`/containers/${cut}/logs?stdout=1`)
    expect(logs.status).toBe(200)
    const all = await get(`/containers/${whole}/logs?stdout=1`)
    expect(all.body).toContain('Hello from bulkhead!')
    expect(logs.body.length).toBeLessThan(all.body.length)
    for (const id of [whole, cut]) await remove(id)
  })
  it('is not kept by the driver none, and asking for it is a 501', async () => {
    const id = await run({ Type: 'none', Config: {} })
    for (const answer of [
      await get(`/containers/${id}/logs?stdout=1`),
      await post(`/containers/${id}/attach?logs=1&stdout=1`),
    ]) {
      expect([answer.status, messageOf(answer)]).toEqual([
        501,
        'configured logging driver does not support reading',
      ])
    }
    await remove(id)
  })
  it('is told with the labels and variables that its log was asked to keep', async () => {
    const Config = { labels: 'app,none', env: 'A' }
    const more = { Labels: { app: 'w b' }, Env: ['A=1,2'] }
    const id = await run({ Type: 'json-file', Config }, more)
    const { body } = await get(`/containers/${id}/logs?stdout=1&details=1`)
    expect(body).toContain('A=1%2C2,app=w+b Hello from bulkhead!')
    await remove(id)
  })
})
