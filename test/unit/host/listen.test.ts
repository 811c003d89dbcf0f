import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addressOf, isLoopback, listenAt, parseListen, placeOf } from '../../../src/host/listen.ts'

describe('where a daemon listens', () => {
  it.each([
    ['tcp://127.0.0.1:0', true],
    ['tcp://127.8.9.10:2375', true],
    ['tcp://localhost:2375', true],
    ['tcp://[::1]:2375', true],
    ['unix:///run/bulkhead.sock', true],
    ['npipe:////./pipe/bulkhead', true],
    ['tcp://0.0.0.0:2375', false],
    ['tcp://[::]:2375', false],
    ['tcp://127.example.com:2375', false],
    ['tcp://127.1:2375', false],
    ['tcp://localhost.example.com:2375', false],
  ])('%s is on loopback: %j', (text, expected) => {
    expect(isLoopback(parseListen(text))).toBe(expected)
  })
  it.each([
    '',
    '127.0.0.1:2375',
    'tcp://127.0.0.1',
    'tcp://h:65536',
    'unix://',
    'npipe://a',
    'npipe:////./pipe/',
    'npipe:////./pipe/a/b',
    'npipe:////./pipe/a\\b',
    'npipe:////server/pipe/a',
  ])('%j is refused, with what is accepted', (text) => {
    expect(() => parseListen(text)).toThrow(
      /: tcp:\/\/HOST:PORT and (unix:\/\/PATH|npipe:\S+NAME) are accepted$/,
    )
  })
  it('every address that is read is written as it was', () => {
    const port = fc.integer({ min: 0, max: 65_535 })
    const address = fc.oneof(
      fc
        .tuple(fc.constantFrom('127.0.0.1', '[::1]', 'a.example'), port)
        .map(([host, at]) => `tcp://${host}:${at}`),
      fc.stringMatching(/^unix:\/\/[ -~]+$/),
      fc.stringMatching(/^npipe:\/\/\/\/\.\/pipe\/[a-z0-9._-]{1,40}$/),
    )
    fc.assert(fc.property(address, (text) => addressOf(parseListen(text)) === text))
  })
  it.each([
    ['npipe:////./pipe/bulkhead', 'win32', { path: '\\\\.\\pipe\\bulkhead' }],
    ['unix:///run/b.sock', 'linux', { path: '/run/b.sock' }],
    ['unix:///run/b.sock', 'darwin', { path: '/run/b.sock' }],
    ['tcp://[::1]:1', 'win32', { host: '::1', port: 1 }],
  ] as const)('%s is on %s at %j', (text, platform, place) => {
    expect(placeOf(parseListen(text), platform)).toEqual(place)
  })
  it.each([
    ['npipe:////./pipe/b', 'linux', 'on linux: tcp://HOST:PORT and unix://PATH are accepted'],
    ['npipe:////./pipe/b', 'darwin', 'on darwin: tcp://HOST:PORT and unix://PATH are accepted'],
    ['unix:///b', 'win32', 'on win32: tcp://HOST:PORT and npipe:////./pipe/NAME are accepted'],
  ] as const)('%s is refused on %s', (text, platform, words) => {
    expect(() => placeOf(parseListen(text), platform)).toThrow(`cannot listen at ${text} ${words}`)
  })
})

describe.skipIf(process.platform === 'win32')('a unix socket', () => {
  let directory = ''
  const servers: Server[] = []
  const listen = async (path: string): Promise<string> => {
    const server = createServer()
    servers.push(server)
    return await listenAt(server, { kind: 'unix', path })
  }
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'listen-'))
  })
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
    rmSync(directory, { recursive: true })
  })

  it('is for its owner alone', async () => {
    const path = join(directory, 's')
    expect(await listen(path)).toBe(`unix://${path}`)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })
  it('is not taken from a daemon that lives', async () => {
    const path = join(directory, 's')
    await listen(path)
    await expect(listen(path)).rejects.toThrow(`another process listens at unix://${path}`)
  })
  it('does not replace a file', async () => {
    const path = join(directory, 'letter')
    writeFileSync(path, 'dear')
    await expect(listen(path)).rejects.toThrow('a file that is no socket is there')
    expect(readFileSync(path, 'utf8')).toBe('dear')
  })
})
