import { once } from 'node:events'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '../../../../src/contract/errors.ts'
import { type ApiServer, apiServer } from '../../../support/api-server.ts'
import { type ExecEngine, execEngine, type FakeExec } from '../../../support/exec-engine.ts'

let engine: ExecEngine
let api: ApiServer
beforeEach(async () => {
  engine = await execEngine()
  api = await apiServer(engine)
})
afterEach(async () => {
  await api.close()
  await engine.close()
})

const BODY = { Cmd: ['x', 'a'], AttachStdin: true, AttachStdout: true, AttachStderr: true }

async function created(body: object = BODY): Promise<string> {
  const path = `/containers/${engine.container.id}/exec`
  const answer = await api.json('POST', path, body)
  expect(answer.status).toBe(201)
  const { Id } = answer.body as { Id: string }
  expect(Id).toMatch(/^[0-9a-f]{64}$/)
  return Id
}

/** What docker sends, with the body in front of the connection's own bytes. */
function startOf(id: string, body = '{}', headers: readonly string[] = [], version = '/v1.51') {
  const own = headers.some((line) => line.startsWith('Transfer-Encoding'))
    ? headers
    : [...headers, `Content-Length: ${body.length}`]
  const lines = [
    `POST ${version}/exec/${id}/start HTTP/1.1`,
    'Host: localhost',
    'User-Agent: Docker-Client/28.2.2 (linux)',
    'Connection: Upgrade',
    'Upgrade: tcp',
    'Content-Type: application/json',
    ...own,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

const framed = (stream: 1 | 2, text: string): string =>
  `${String.fromCharCode(stream)}\0\0\0\0\0${String.fromCharCode(text.length >> 8, text.length & 255)}${text}`

/** The exec that the cell was last asked for. */
async function asked(): Promise<FakeExec> {
  while (engine.execs.length === 0) await new Promise((resolve) => setImmediate(resolve))
  // The loop above has seen it.
  return engine.execs.at(-1) as FakeExec
}

async function inputOf({ job }: FakeExec): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of job.stdin as AsyncIterable<Uint8Array>) pieces.push(piece)
  return Buffer.concat(pieces).toString('latin1')
}

const say = async (exec: FakeExec, stream: 'stdout' | 'stderr', text: string): Promise<void> =>
  await exec.job[stream](Buffer.from(text))

const HEAD = (type: string): string =>
  `HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.${type}-stream\r\n` +
  'Connection: Upgrade\r\nUpgrade: tcp\r\n' +
  'Api-Version: 1.51\r\nDocker-Experimental: false\r\nOstype: linux\r\n\r\n'

describe('an exec over the API', () => {
  it('is created, started with an upgrade, fed, and read after its end', async () => {
    const id = await created()
    const socket = await api.connect()
    let text = ''
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece
    })
    socket.write(startOf(id))
    const exec = await asked()
    socket.end('some input')
    expect(await inputOf(exec)).toBe('some input')
    await say(exec, 'stdout', 'out')
    await say(exec, 'stderr', 'err')
    const before = await api.json('GET', `/exec/${id}/json`)
    expect(before.body).toMatchObject({ Running: true, ExitCode: null, Pid: 101 })
    exec.end(7)
    await once(socket, 'end')
    // The client asks as soon as it sees the end.
    const { body } = await api.json('GET', `/exec/${id}/json`)
    expect(text).toBe(HEAD('multiplexed') + framed(1, 'out') + framed(2, 'err'))
    expect(body).toEqual({
      ID: id,
      Running: false,
      ExitCode: 7,
      ProcessConfig: { tty: false, entrypoint: 'x', arguments: ['a'], privileged: false },
      OpenStdin: true,
      OpenStderr: true,
      OpenStdout: true,
      CanRemove: false,
      ContainerID: engine.container.id,
      DetachKeys: '',
      Pid: 101,
    })
  })
  it.each([
    ['raw where the body says so', '{"Tty":true}', '/v1.51', 'raw', 'out'],
    ['framed under an old name', '{}', '/v1.41', 'raw', framed(1, 'out')],
  ])('has its output %s', async (_, body, version, type, output) => {
    const id = await created()
    const exchange = api.exchange(startOf(id, body, [], version))
    const exec = await asked()
    await say(exec, 'stdout', 'out')
    exec.end(0)
    expect(await exchange).toBe(HEAD(type) + output)
  })
  it('goes on when its client is gone, its input at its end', async () => {
    const id = await created()
    const socket = await api.connect()
    socket.write(startOf(id))
    const exec = await asked()
    const input = inputOf(exec)
    socket.resetAndDestroy()
    expect(await input).toBe('')
    await say(exec, 'stdout', 'nobody hears')
    exec.end(0)
    await engine.verbs.findExec(id).exec.over.promise
    expect(engine.reports).toEqual([])
  })
  it('without input is not ended by the end of what its client sends', async () => {
    const id = await created({ ...BODY, AttachStdin: false })
    const socket = await api.connect()
    socket.end(startOf(id))
    const exec = await asked()
    expect(exec.job.stdin).toBeUndefined()
    socket.resume()
    exec.end(0)
    await once(socket, 'end')
  })
  it('answers without an upgrade with its output as a body', async () => {
    const id = await created()
    const request = startOf(id)
      .replace(/Upgrade: tcp\r\n/, '')
      .replace('Connection: Upgrade', 'Connection: close')
    const exchange = api.exchange(request)
    const exec = await asked()
    expect(exec.job.stdin).toBeUndefined()
    await say(exec, 'stdout', 'out')
    exec.end(0)
    const text = await exchange
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(text.toLowerCase()).toContain('content-type: application/vnd.docker.raw-stream\r\n')
    expect(text).toContain(framed(1, 'out'))
  })
  it.each([
    ['with an upgrade', true],
    ['without', false],
  ])('that nobody stays with is answered at once, %s', async (_, upgrade) => {
    const id = await created()
    const request = startOf(id, '{"Detach":true}')
    const text = await api.exchange(
      upgrade
        ? request
        : request
            .replace(/Upgrade: tcp\r\n/, '')
            .replace('Connection: Upgrade', 'Connection: close'),
    )
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(text).toMatch(/content-length: 0\r\n/i)
    expect(engine.verbs.findExec(id).exec.state.status).toBe('running')
  })
})

describe('what is wrong with an exec', () => {
  it.each([
    ['no command', { Cmd: [] }, 400, 'No exec command specified'],
    ['a word for a number', { Cmd: ['x'], Tty: 'yes' }, 400, 'invalid JSON: Tty'],
  ])('is told when it is created: %s', async (_, body, status, message) => {
    const answer = await api.json('POST', '/containers/some_name/exec', body)
    expect(answer.status).toBe(status)
    expect((answer.body as { message: string }).message).toContain(message)
  })
  it('is told by status before the 101, and in the stream after it', async () => {
    const gone = 'f'.repeat(64)
    expect(await api.exchange(startOf(gone))).toMatch(
      new RegExp(`^HTTP/1\\.1 404 [^]*{"message":"No such exec instance: ${gone}"}\n$`),
    )
    const id = await created({ ...BODY, Cmd: ['nope'] })
    const text =
      'OCI runtime exec failed: exec failed: unable to start container process: ' +
      'exec: "nope": executable file not found in $PATH: unknown\r\n'
    expect(await api.exchange(startOf(id))).toBe(HEAD('multiplexed') + framed(1, text))
    const { body } = await api.json('GET', `/exec/${id}/json`)
    expect(body).toMatchObject({ Running: false, ExitCode: 127, Pid: 0 })
    const again = `exec command ${id} has already run\r\n`
    expect(await api.exchange(startOf(id))).toBe(HEAD('multiplexed') + framed(1, again))
    expect(await api.json('POST', `/exec/${id}/start`, { Detach: true })).toEqual({
      status: 409,
      body: { message: `exec command ${id} has already run` },
    })
  })
  it('is told in the stream when the cell says so late', async () => {
    const id = await created()
    const exchange = api.exchange(startOf(id))
    const exec = await asked()
    exec.refuse(new EngineError('INVALID_ARGUMENT', 'no such user'))
    expect(await exchange).toBe(HEAD('multiplexed') + framed(1, 'no such user\r\n'))
    const { body } = await api.json('GET', `/exec/${id}/json`)
    expect(body).toMatchObject({ ExitCode: 126 })
  })
  it('is a container that is paused, or has ended', async () => {
    const id = await created()
    await engine.verbs.pause(engine.container)
    const { id: container } = engine.container
    const message = `Container ${container} is paused, unpause the container before exec`
    expect(await api.json('POST', '/containers/some_name/exec', BODY)).toEqual({
      status: 409,
      body: { message: 'Container some_name is paused, unpause the container before exec' },
    })
    expect(await api.json('POST', `/exec/${id}/start`, {})).toEqual({
      status: 409,
      body: { message },
    })
    expect(await api.exchange(startOf(id))).toMatch(/^HTTP\/1\.1 409 /)
    await engine.verbs.unpause(engine.container)
    await engine.end(0)
    expect(await api.json('POST', `/exec/${id}/start`, {})).toMatchObject({ status: 404 })
    expect(await api.json('POST', '/containers/some_name/exec', BODY)).toEqual({
      status: 409,
      body: { message: `container ${engine.container.id} is not running` },
    })
  })
  it.each([
    ['h=x&w=1', 'invalid resize height "x": invalid syntax'],
    ['h=1', 'invalid resize width "": invalid syntax'],
    ['h=1&w=2', 'exec process is not started'],
  ])('is a size for it: %s', async (query, message) => {
    const id = await created()
    expect(await api.json('POST', `/exec/${id}/resize?${query}`)).toEqual({
      status: 400,
      body: { message },
    })
  })
  it.each([
    ['a page in a browser', ['Origin: http://evil.example'], '{}', 403, 'Origin'],
    ['no JSON', [], '{"Tty"', 400, 'invalid JSON'],
    ['another type', [], '[]', 400, 'invalid JSON'],
    ['too long a body', ['Content-Length: 9999999'], '', 413, 'exceeds 1048576 bytes'],
    ['bad chunks', ['Transfer-Encoding: chunked'], 'zz\r\n', 400, 'invalid chunked body'],
    ['too long chunks', ['Transfer-Encoding: chunked'], 'ffffff\r\n', 413, 'exceeds 1048576 bytes'],
  ])('is what an upgrade brings: %s', async (_, headers, body, status, message) => {
    const id = await created()
    const bare = startOf(id, body, headers)
    const request = headers.some((line) => line.startsWith('Content-Length'))
      ? bare.replace(/Content-Length: 0\r\n/, '')
      : bare
    const text = await api.exchange(request)
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(text).toContain(message)
    expect(engine.verbs.findExec(id).exec.state.status).toBe('created')
  })
  it('is a body that ends too early', async () => {
    const id = await created()
    const socket = await api.connect()
    socket.end(startOf(id, '{}').slice(0, -1))
    const [answer] = (await once(socket.setEncoding('latin1'), 'data')) as [string]
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*the request ended before its body did/s)
    socket.destroy()
  })
})

describe('the body of an upgrade', () => {
  const chunks = (body: string): string => {
    const half = Math.floor(body.length / 2)
    const [first, second] = [body.slice(0, half), body.slice(half)]
    return `${half.toString(16)};x=y\r\n${first}\r\n${second.length.toString(16)}\r\n${second}\r\n0\r\nA: b\r\n\r\n`
  }
  it('is never taken for input, and no input for body, however the bytes come', async () => {
    const body = '{"Detach":false}'
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.uint8Array({ maxLength: 40 }),
        fc.array(fc.nat({ max: 400 }), { maxLength: 4 }),
        async (isChunked, input, cuts) => {
          const id = await created()
          engine.execs.length = 0
          const head = isChunked
            ? startOf(id, '', ['Transfer-Encoding: chunked']) + chunks(body)
            : startOf(id, body)
          const bytes = Buffer.concat([Buffer.from(head, 'latin1'), input])
          const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b)]
          const socket = await api.connect()
          for (const [index, place] of places.entries()) {
            const piece = bytes.subarray(place, places[index + 1])
            await new Promise((sent) => socket.write(piece, sent))
          }
          socket.end()
          const exec = await asked()
          expect(Buffer.from(await inputOf(exec), 'latin1')).toEqual(Buffer.from(input))
          socket.resume()
          exec.end(0)
          await once(socket, 'end')
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('the bodies of an exec', () => {
  const maybe = <T>(type: fc.Arbitrary<T>) =>
    fc.option(fc.oneof(type, fc.constantFrom(null, 0, {}, [])), { nil: undefined })
  const text = fc.string({ unit: 'binary', maxLength: 12 })
  it('make an exec of what they say or a 400, and never anything else', async () => {
    const path = '/containers/some_name/exec'
    const body = fc.record({
      Cmd: maybe(fc.array(text, { maxLength: 4 })),
      Env: maybe(fc.array(text, { maxLength: 4 })),
      User: maybe(text),
      WorkingDir: maybe(text.map((path) => `/${path}`)),
      DetachKeys: maybe(text),
      AttachStdin: maybe(fc.boolean()),
      Tty: maybe(fc.boolean()),
      Privileged: maybe(fc.boolean()),
    })
    await fc.assert(
      fc.asyncProperty(body, async (wanted) => {
        const answer = await api.json('POST', path, wanted)
        expect([201, 400]).toContain(answer.status)
        if (answer.status === 400) return
        const { exec } = engine.verbs.findExec((answer.body as { Id: string }).Id)
        expect(exec.spec.args).toEqual(wanted.Cmd)
        expect(exec.spec.args.length).toBeGreaterThan(0)
        for (const one of [...exec.spec.args, ...exec.spec.environment, exec.spec.user]) {
          expect(one).not.toContain('\0')
        }
        const names = exec.spec.environment.map((entry) => entry.split('=', 1)[0])
        expect(new Set(names).size).toBe(names.length)
        expect(names).not.toContain('')
      }),
      { numRuns: 200 },
    )
    expect(engine.reports).toEqual([])
  })
})

describe('an inspect of a container', () => {
  it('lists its execs until they have ended', async () => {
    const path = '/containers/some_name/json'
    expect((await api.json('GET', path)).body).toMatchObject({ ExecIDs: null })
    const id = await created()
    expect((await api.json('GET', path)).body).toMatchObject({ ExecIDs: [id] })
    await api.json('POST', `/exec/${id}/start`, { Detach: true })
    expect((await api.json('GET', path)).body).toMatchObject({ ExecIDs: [id] })
    engine.execs[0]?.end(0)
    await engine.verbs.findExec(id).exec.over.promise
    expect((await api.json('GET', path)).body).toMatchObject({ ExecIDs: null })
  })
})
