import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon, type TestDaemon } from '../../support/daemon.ts'
import { raw } from '../../support/raw-http.ts'
import { pathWith, ROUTES } from '../../support/routes.ts'

const TOKEN = 'zP4secret-0123456789abcdef'
const authorization = { Authorization: `Bearer ${TOKEN}` }
const UPGRADE = { Connection: 'Upgrade', Upgrade: 'tcp' }
/** Docker-shaped, and of no use to whoever guesses. */
const BODY = /^\{"message":"this daemon asks for a token: [^\n]*"\}\n$/

let daemon: TestDaemon
let directory = ''
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'token-'))
  const file = join(directory, 'token')
  writeFileSync(file, `${TOKEN}\n`, { mode: 0o600 })
  const more = ['--token-file', file]
  daemon = await startDaemon(undefined, { listen: 'tcp://0.0.0.0:0', more })
})
afterAll(async () => {
  await daemon.stop()
  rmSync(directory, { recursive: true })
})

const closed = ROUTES.filter(({ path }) => path !== '/_ping')

describe('a daemon with a token', () => {
  it.each(closed)('asks for it at $method $path, under every version', async ({ method, path }) => {
    for (const prefix of ['', '/v1.24', '/v1.51']) {
      const answer = await raw(daemon.port, { method, target: `${prefix}${pathWith(path, 'x')}` })
      expect(answer.status).toBe(401)
      expect(answer.body).toMatch(BODY)
      expect(answer.head).toMatch(/^www-authenticate: Bearer$/im)
    }
  })
  it.each([
    ['HEAD', '/info'],
    ['GET', '/metrics'],
    ['GET', '/nowhere'],
    ['OPTIONS', '/info'],
    ['PATCH', '/containers/create'],
  ])('asks for it at %s %s', async (method, target) => {
    expect((await raw(daemon.port, { method, target })).status).toBe(401)
  })
  it.each([
    ['POST', '/containers/x/attach', 'tcp'],
    ['POST', '/v1.51/exec/x/start', 'tcp'],
    ['POST', '/grpc', 'h2c'],
    ['POST', '/session', 'h2c'],
    ['GET', '/containers/x/attach/ws', 'websocket'],
    ['GET', '/metrics', 'tcp'],
  ])('asks for it before a connection is taken over: %s %s %s', async (method, target, Upgrade) => {
    const headers = { ...UPGRADE, Upgrade }
    const answer = await raw(daemon.port, { method, target, headers })
    expect(answer.status).toBe(401)
    expect(answer.body).toMatch(BODY)
    expect(answer.head).toMatch(/^www-authenticate: Bearer$/im)
    const known = { ...headers, ...authorization }
    expect((await raw(daemon.port, { method, target, headers: known })).status).toBe(404)
  })
  it('answers whoever has it, under any name', async () => {
    const headers = { ...authorization, Host: 'containers.example' }
    const answer = await raw(daemon.port, { method: 'GET', target: '/info', headers })
    expect(answer.status).toBe(200)
  })
  it.each(['/_ping', '/v1.51/_ping', '/livez', '/readyz'])(
    'answers %s to everybody',
    async (target) => {
      expect((await raw(daemon.port, { method: 'GET', target })).status).toBe(200)
    },
  )
  it('has written the token nowhere', async () => {
    const headers = { Authorization: 'Bearer a-guess-of-somebody' }
    await raw(daemon.port, { method: 'GET', target: '/info', headers })
    await daemon.kill()
    expect(daemon.output()).toContain('# This daemon asks for its token')
    expect(daemon.output()).not.toMatch(/zP4secret|a-guess/)
    daemon = await startDaemon()
  })
})
