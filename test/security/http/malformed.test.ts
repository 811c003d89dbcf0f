import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allFine, faultOf } from '../../support/answers.ts'
import { bulkhead } from '../../support/bulkhead.ts'
import { startDaemon, type TestDaemon } from '../../support/daemon.ts'
import { ask, connect, parseAnswer, type RawRequest, raw, readAll } from '../../support/raw-http.ts'
import { pathWith, ROUTES } from '../../support/routes.ts'

let daemon: TestDaemon
beforeAll(async () => {
  await bulkhead(['pull', 'hello-world'])
  daemon = await startDaemon()
})
afterAll(async () => {
  await daemon.stop()
  // Nothing was a bug of ours: those are logged as errors.
  expect(daemon.output()).not.toMatch(/"level":50|Warning/)
})

const answered = async (request: RawRequest): Promise<string | undefined> =>
  faultOf(await ask(daemon.port, request), request.method)

/** Asked in the middle of everything: the loop turns. */
async function pings(): Promise<void> {
  expect((await raw(daemon.port, { method: 'GET', target: '/_ping' })).status).toBe(200)
}

async function container(): Promise<string> {
  const headers = { 'Content-Type': 'application/json' }
  const body = JSON.stringify({ Image: 'hello-world', OpenStdin: true })
  const target = '/containers/create'
  const made = await raw(daemon.port, { method: 'POST', target, headers, body })
  return /"Id":"([0-9a-f]{64})"/.exec(made.body)?.[1] ?? ''
}

const NAMES = [
  ...[
    'x',
    '0',
    '-',
    '.',
    '..',
    '...',
    '%2e%2e',
    '%2e%2e%2f%2e%2e%2fetc',
    '%2f',
    '%5c..',
    '%00',
    'a%00b',
  ],
  ...[
    '%zz',
    '%',
    '%ff%fe',
    '%E2%80%AE',
    '__proto__',
    'constructor',
    'toString',
    'a%0d%0ab',
    'a%20b',
  ],
  ...['a'.repeat(300), 'f'.repeat(64), '%F0%9F%90%B3', "'%22%3E", 'a:b@sha256:c', '*', '(a+)+$'],
]
const TEXTS = [
  ...['', '0', '1', '-1', '-0', '1e999', '0x10', 'NaN', 'Infinity', '99999999999999999999', '1.5'],
  ...[
    'null',
    'true',
    '[]',
    '{}',
    '%7B',
    '%5B%5B',
    '%7B%22a%22%3A',
    '%00',
    '%ff',
    '%zz',
    '%',
    '__proto__',
  ],
  ...['%7B%22label%22%3A%7B%22a%22%3A1%7D%7D', '%7B%22__proto__%22%3A%5B%22x%22%5D%7D'],
  ...['%7B%22until%22%3A%5B%221%22%2C%222%22%5D%7D', '%7B%22status%22%3A%5B%22x%22%5D%7D'],
  ...['%7B%22before%22%3A%5B%22nobody%22%5D%7D', '%7B%22until%22%3A%5B%22-1h%22%5D%7D'],
  ...['..%2f..%2fetc%2fpasswd', '%2fetc%2f..%2f..', 'SIGNOPE', 'KILL%00', 'a'.repeat(20_000)],
]
/** Those that each parameter is given alone. */
const WORST = ['', '-1', '99999999999999999999', '%7B%22a%22%3A', '..%2f..%2f%00']
const PARAMETERS = [
  ...['all', 'limit', 'size', 'filters', 'name', 'platform', 't', 'signal', 'condition', 'since'],
  ...['until', 'tail', 'stdout', 'follow', 'timestamps', 'logs', 'stream', 'stdin', 'one-shot'],
  ...['ps_args', 'path', 'noOverwriteDirNonDir', 'copyUIDGID', 'force', 'v', 'link', 'fromImage'],
  ...['tag', 'repo', 'container', 'author', 'comment', 'changes', 'pause', 'detachKeys', 'h', 'w'],
]
const JSON_BODIES = [
  ...[
    '',
    ' ',
    'null',
    'true',
    '7',
    '"x"',
    '[]',
    '{',
    '{"a":',
    '[[[',
    '{}}',
    '{} {}',
    '\u0000',
    '{"a":1,}',
  ],
  ...[
    '['.repeat(1_000),
    `"${'\\"'.repeat(400_000)}`,
    '{"__proto__":{"polluted":1}}',
    'NaN',
    '1e999',
  ],
  ...[
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"HostConfig":7}',
    '{"HostConfig":{"Binds":{}}}',
  ],
  ...['{"Image":{}}', '{"Image":"../../x"}', '{"Image":"hello-world","Cmd":7}', '{"Container":[]}'],
  ...[
    '{"Image":"hello-world","Labels":{"a":1}}',
    '{"Memory":"much"}',
    '{"Memory":1e300}',
    '{"Name":7}',
  ],
  ...[
    '{"IPAM":{"Config":[{"Subnet":"x"}]}}',
    '{"Name":"n","IPAM":{"Config":[{"Subnet":"999.0.0.0/8"}]}}',
  ],
  ...[
    '{"Name":"../x"}',
    '{"Name":"a\\u0000b"}',
    '{"RestartPolicy":{"Name":"x"}}',
    '{"NanoCpus":-1}',
  ],
]
const TYPES = [
  'application/json',
  'text/plain',
  'application/json; charset=utf-8',
  'application/x-tar',
  '',
]

const bodied = ROUTES.filter(({ method }) => method === 'POST' || method === 'PUT')

describe('what is malformed gets an error in Docker’s shape', () => {
  it.each(ROUTES)('names and ids: $method $path', async ({ method, path }) => {
    if (!path.includes(':')) return await pings()
    await allFine(NAMES, (name) => answered({ method, target: pathWith(path, name) }))
    await pings()
  })
  it.each(ROUTES)('parameters: $method $path', async ({ method, path }) => {
    const base = pathWith(path, await container())
    const rows = [
      ...PARAMETERS.flatMap((name) => WORST.map((text) => `${base}?${name}=${text}`)),
      ...TEXTS.map((text) => `${base}?${PARAMETERS.map((name) => `${name}=${text}`).join('&')}`),
      ...TEXTS.map((text) => `${base}?filters=${text}`),
    ]
    await allFine(
      [...rows, `${base}?&&==&%`, `${base}?a=1&a=2&stdout=1&path=/&stdout=0`],
      (target) => answered({ method, target }),
    )
    await pings()
  })
  it.each(bodied)('bodies: $method $path', async ({ method, path }) => {
    const target = pathWith(path, await container())
    const rows = JSON_BODIES.flatMap((body) => TYPES.map((type) => [body, type] as const))
    await allFine(rows, ([body, type]) => {
      const headers: Record<string, string> = type === '' ? {} : { 'Content-Type': type }
      return answered({ method, target, headers, body })
    })
    await pings()
  })
  it.each(bodied)('bodies without measure: $method $path', async ({ method, path }) => {
    const target = pathWith(path, await container())
    const json = { 'Content-Type': 'application/json' }
    const large = `"${'a'.repeat(2 ** 21)}"`
    const chunked = { ...json, 'Transfer-Encoding': 'chunked' }
    const chunks = `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`
    expect(await answered({ method, target, headers: json, body: large })).toBeUndefined()
    expect(await answered({ method, target, headers: chunked, body: chunks })).toBeUndefined()
    expect(await answered({ method, target, headers: chunked, body: 'zz\r\n' })).toBeUndefined()
    const lies = { ...json, 'Content-Length': '99999999999' }
    expect(await answered({ method, target, headers: lies, body: '{' })).toBeUndefined()
    await pings()
  })
  it.each(['PATCH', 'OPTIONS', 'TRACE', 'PURGE', 'HEAD', 'DELETE'])('method %s', async (method) => {
    await allFine(ROUTES, async ({ path }) =>
      path.startsWith('/containers') && method === 'DELETE'
        ? undefined
        : await answered({ method, target: pathWith(path, 'x') }),
    )
    await pings()
  })
  it('requests to take a connection over', async () => {
    const headers = { Connection: 'Upgrade', Upgrade: 'tcp' }
    const id = await container()
    const targets = [
      ...NAMES.map((name) => `/containers/${name}/attach`),
      ...TEXTS.map((text) => `/containers/${id}/attach?stream=${text}&stdin=${text}&logs=${text}`),
      ...['//', '///', '/%', '//[', '/\\', '/v9.99/containers/x/attach', '/v1.1/info', '/grpc'],
    ]
    await allFine(targets, (target) => answered({ method: 'POST', target, headers }))
    await allFine(['GET', 'PUT', 'OPTIONS'], (method) =>
      answered({ method, target: `/containers/${id}/attach`, headers }),
    )
    await pings()
  })
  it('targets and hosts that are no address', async () => {
    const targets = [
      '*',
      '//',
      '//x',
      '/\\',
      '/%',
      '/[',
      'http://evil/_ping',
      'http://[',
      '/?%',
      '/#',
      '/v1.51',
    ]
    await allFine(targets, (target) => answered({ method: 'GET', target }))
    const hosts = [
      '',
      ' ',
      '[',
      '[::1',
      'a b',
      'localhost:99999',
      'localhost:x',
      'évil',
      '%00',
      'a'.repeat(70_000),
    ]
    await allFine(hosts, (Host) => answered({ method: 'GET', target: '/info', headers: { Host } }))
    await pings()
  })
  it('bytes that are no HTTP', async () => {
    const requests = [
      'GET / HTTP/1.1\r\n\r\n',
      'GET /info HTTP/9.9\r\nHost: localhost\r\n\r\n',
      'POST /containers/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      'POST /containers/create HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n',
      'POST /containers/create HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x\r\n\r\n',
      'GET /info HTTP/1.1\nHost: localhost\n\n',
      'GET /info HTTP/1.1\r\nHost: localhost\r\n folded: yes\r\n\r\n',
      'GET /info HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      `GET /info HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(2 ** 20 + 1)}\r\n\r\n`,
      '\0'.repeat(1_000),
    ]
    for (const request of requests) {
      const socket = await connect(daemon.port)
      socket.write(request, 'latin1')
      socket.end()
      const { status, body } = parseAnswer(await readAll(socket))
      socket.destroy()
      expect([request.slice(0, 100), [400, 403, 431, 505].includes(status), body]).toEqual([
        request.slice(0, 100),
        true,
        expect.not.stringContaining('node:'),
      ])
    }
    await pings()
  })
})
