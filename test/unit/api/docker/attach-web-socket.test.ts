import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MOST_MESSAGE_BYTES } from '../../../../src/api/docker/web-socket.ts'
import { type ApiServer, apiServer } from '../../../support/api-server.ts'
import { type ExecEngine, execEngine } from '../../../support/exec-engine.ts'
import { openSocket, refusedSocket } from '../../../support/web-socket.ts'

let engine: ExecEngine
let api: ApiServer
const open = async (spec: NonNullable<Parameters<typeof execEngine>[0]>['spec'] = {}) => {
  engine = await execEngine({ spec })
  api = await apiServer(engine)
}
beforeEach(() => open({ spec: { openStdin: true, stdinOnce: true } }))
const close = async (): Promise<void> => {
  await api.close()
  await engine.close()
}
afterEach(close)

const ALL = 'stream=1&stdin=1&stdout=1&stderr=1'
const url = (query = ALL, version = '/v1.51', id: string = engine.container.id): string =>
  `ws://127.0.0.1:${api.port}${version}/containers/${id}/attach/ws?${query}`

const says = (stream: 'stdout' | 'stderr', text: string): Promise<void> =>
  engine.container.attachments.write(stream, Buffer.from(text))

/** What the process reads, to the end of its input. */
async function wholeInput(): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of engine.container.stdin ?? []) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

const attached = (): number => engine.container.attachments.size

/** Until nobody is attached: the connection's end is told by the server's own side of it. */
async function nobodyAttached(): Promise<void> {
  while (attached() > 0) await new Promise((resolve) => setImmediate(resolve))
}

describe('GET attach/ws', () => {
  it('sends stdout and stderr mixed, in binary messages without frames of Docker', async () => {
    const client = await openSocket(url())
    await says('stdout', 'out ')
    await says('stderr', 'err')
    await client.heard('out err')
    expect(client.text()).toBe('out err')
    expect(client.kinds()).toEqual([true, true])
    client.socket.terminate()
  })
  it('closes with 1000 when the container ends, after all of its output', async () => {
    const client = await openSocket(url())
    await says('stdout', 'last')
    await engine.end(0)
    expect(await client.closed).toBe(1000)
    expect(client.text()).toBe('last')
    expect(attached()).toBe(0)
  })
  it('hands on messages in their order, text and binary, and the close as the end of input', async () => {
    const client = await openSocket(url())
    const whole = wholeInput()
    const texts = Array.from({ length: 300 }, (_, at) => `${at} `)
    for (const [at, text] of texts.entries()) client.socket.send(text, { binary: at % 2 === 0 })
    client.socket.close()
    expect(await whole).toBe(texts.join(''))
    expect(await client.closed).toBe(1005)
    await nobodyAttached()
  })
  it('takes a vanished client for the end of its input, and forgets it', async () => {
    const client = await openSocket(url())
    const whole = wholeInput()
    client.socket.send('some')
    client.socket.once('pong', () => client.socket.terminate())
    client.socket.ping()
    expect(await whole).toBe('some')
    await nobodyAttached()
  })
  it('leaves an input open that is not read once', async () => {
    await close()
    await open({ spec: { openStdin: true } })
    const client = await openSocket(url())
    const input = engine.container.stdin?.[Symbol.asyncIterator]()
    client.socket.send('one')
    expect((await input?.next())?.value).toEqual(Buffer.from('one'))
    client.socket.close()
    await client.closed
    await nobodyAttached()
    const second = await openSocket(url())
    second.socket.send('two')
    expect((await input?.next())?.value).toEqual(Buffer.from('two'))
    second.socket.terminate()
  })
  it('ends a terminal that types the detach keys with 1000', async () => {
    await close()
    await open({ spec: { openStdin: true, tty: true } })
    const client = await openSocket(url(`${ALL}&detachKeys=a,b`))
    client.socket.send('a')
    client.socket.send('b')
    expect(await client.closed).toBe(1000)
    expect(engine.events()).toContain('detach')
    expect(engine.container.record.state.status).toBe('running')
  })
  it('sends what was written before with logs, and ends there without stream', async () => {
    await engine.container.log.append('stdout', Buffer.from('before\n'))
    const client = await openSocket(url('logs=1&stdout=1'))
    expect(await client.closed).toBe(1000)
    expect(client.text()).toBe('before\n')
  })
  it('holds the container back for who reads nothing', async () => {
    const client = await openSocket(url())
    client.socket.pause()
    const piece = 'x'.repeat(2 ** 20)
    let sent = 0
    const flood = (async () => {
      for (; sent < 64; sent += 1) await says('stdout', piece)
    })()
    // The other side of the connection has taken all it can when two looks see the same.
    for (let seen = -1; seen !== sent; ) {
      seen = sent
      for (let turn = 0; turn < 500; turn += 1) await new Promise((done) => setImmediate(done))
    }
    expect(sent).toBeLessThan(64)
    client.socket.resume()
    await flood
    client.socket.terminate()
  })
})

describe('versions of attach/ws', () => {
  it.each([
    ['/v1.51', 'stdout=1', 'o', true],
    ['/v1.42', 'stderr=1', 'e', true],
    ['/v1.41', 'stdout=1', 'oe', true],
    ['/v1.27', 'stdout=1', 'oe', false],
  ])('%s with %s hears %s', async (version, query, text, binary) => {
    const client = await openSocket(url(`stream=1&${query}`, version))
    await says('stdout', 'o')
    await says('stderr', 'e')
    await engine.end(0)
    await client.closed
    expect(client.text()).toBe(text)
    expect(new Set(client.kinds())).toEqual(new Set([binary]))
  })
})

describe('attach/ws refuses before the 101', () => {
  it('a container that is not there with 404', async () => {
    const { status, body } = await refusedSocket(url(ALL, '', 'none'))
    expect([status, body]).toEqual([404, '{"message":"No such container: none"}\n'])
  })
  it('a paused container with 409', async () => {
    await engine.verbs.pause(engine.container)
    const { status, body } = await refusedSocket(url(ALL, ''))
    expect(status).toBe(409)
    expect(body).toContain('is paused, unpause the container before attach')
    await engine.verbs.unpause(engine.container)
  })
  it('detach keys that are none with 400', async () => {
    const { status, body } = await refusedSocket(url(`${ALL}&detachKeys=ctrl-%20`))
    expect([status, body]).toEqual([400, '{"message":"Invalid detach keys (ctrl- ) provided"}\n'])
  })
  it('a page of a browser with 403', async () => {
    const { status } = await refusedSocket(url(), { origin: 'http://evil.example' })
    expect(status).toBe(403)
    expect(attached()).toBe(0)
  })
  it.each([
    ['no key', 'Upgrade: websocket\r\nConnection: Upgrade\r\n'],
    [
      'no version',
      'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n',
    ],
    ['another protocol', 'Upgrade: tcp\r\nConnection: Upgrade\r\n'],
    ['no upgrade', 'Connection: close\r\n'],
  ])('a request with %s with 400, and attaches nobody', async (_, headers) => {
    const path = `/containers/${engine.container.id}/attach/ws?${ALL}`
    const text = await api.exchange(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(text).toContain('"message":"Bad request: ')
    expect(attached()).toBe(0)
    expect(engine.reports).toEqual([])
  })
})

describe('hostile clients of attach/ws', () => {
  it('are closed with 1009 for a message that is too long', async () => {
    const client = await openSocket(url())
    client.socket.send(Buffer.alloc(MOST_MESSAGE_BYTES + 1))
    expect(await client.closed).toBe(1009)
    await nobodyAttached()
  })
  it('are closed with 1008 for a message of too many frames', async () => {
    const client = await openSocket(url())
    for (let at = 0; at < 1_100; at += 1) client.socket.send('', { fin: false })
    expect(await client.closed).toBe(1008)
    await nobodyAttached()
  })
  it.each([
    ['a frame without a mask', [0x81, 0x01, 0x61], 1002],
    ['reserved bits', [0xf1, 0x80, 0, 0, 0, 0], 1002],
    ['an opcode that is none', [0x83, 0x80, 0, 0, 0, 0], 1002],
    ['a text that is not UTF-8', [0x81, 0x81, 0, 0, 0, 0, 0xff], 1007],
  ])('are closed for %s', async (_, bytes, code) => {
    const socket = await api.connect()
    socket.write(
      `GET ${new URL(url()).pathname}?${ALL} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n` +
        'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    const [head] = (await once(socket, 'data')) as [Buffer]
    expect(head.toString()).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
    socket.write(Uint8Array.from(bytes))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect([answer[0], answer.readUInt16BE(2)]).toEqual([0x88, code])
    socket.destroy()
    await nobodyAttached()
  })
  it('who ping and do not read pile up no answers', async () => {
    const client = await openSocket(url())
    client.socket.pause()
    const ping = Buffer.alloc(125)
    const PINGS = 200_000
    let pongs = 0
    client.socket.on('pong', () => {
      pongs += 1
    })
    for (let at = 1; at < PINGS; at += 1) client.socket.ping(ping)
    await new Promise<void>((sent) => client.socket.ping(ping, true, () => sent()))
    client.socket.resume()
    client.socket.close()
    await client.closed
    expect(pongs).toBeGreaterThan(0)
    expect(pongs).toBeLessThan(PINGS)
  })
  it('may offer compression, and get none', async () => {
    const client = await openSocket(url(), { perMessageDeflate: true })
    expect(client.socket.extensions).toBe('')
    client.socket.terminate()
  })
})
