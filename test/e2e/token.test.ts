import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bulkhead } from '../support/bulkhead.ts'
import { startDaemon, type TestDaemon } from '../support/daemon.ts'
import { dockerCommand } from '../support/docker-command.ts'

const TOKEN = 'zP4secret-0123456789abcdef'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'token-'))
  writeFileSync(join(directory, 'token'), TOKEN, { mode: 0o600 })
})
afterAll(() => rmSync(directory, { recursive: true }))

describe('the docker client, and a daemon with a token', () => {
  let daemon: TestDaemon
  beforeAll(async () => {
    const more = ['--token-file', join(directory, 'token')]
    daemon = await startDaemon(undefined, { listen: 'tcp://0.0.0.0:0', more })
  })
  afterAll(() => daemon.stop())

  const docker = (token: string | undefined, ...args: readonly string[]) => {
    const home = mkdtempSync(join(directory, 'home-'))
    mkdirSync(join(home, '.docker'))
    const HttpHeaders = token === undefined ? {} : { Authorization: `Bearer ${token}` }
    writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify({ HttpHeaders }))
    const address = `tcp://127.0.0.1:${daemon.port}`
    return dockerCommand({ address, directory: home }, args)
  }

  it('works with the token in HttpHeaders, also where the connection is taken over', async () => {
    const done = await docker(TOKEN, 'run', '--rm', 'hello-world')
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('Hello from bulkhead')])
    expect(await docker(TOKEN, 'ps', '-aq')).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })
  it('is told what to do without a token', async () => {
    const { code, stderr } = await docker(undefined, 'ps')
    expect([code, stderr]).toEqual([1, expect.stringContaining('docker takes it from HttpHeaders')])
  })
  it('is told that its token is another', async () => {
    const { code, stderr } = await docker(`${TOKEN}0`, 'run', '--rm', 'hello-world')
    expect(code).toBe(125)
    expect(stderr).toContain('the token of this request is not the token of this daemon')
    expect(stderr).not.toContain(TOKEN)
  })
})

describe('serve', () => {
  it.each(['tcp://0.0.0.0:0', 'tcp://[::]:0', 'tcp://localhost.example:0'])(
    'does not listen at %s without a token',
    async (listen) => {
      const { code, stderr } = await bulkhead([
        'serve',
        '--listen',
        listen,
        '--data-dir',
        directory,
      ])
      expect(code).toBe(125)
      expect(stderr).toMatch(
        /reached from other machines.*--token-file FILE.*or listen on 127\.0\.0\.1/,
      )
    },
  )
  it.skipIf(process.platform === 'win32')('takes no token that everybody can read', async () => {
    const file = join(directory, 'open')
    writeFileSync(file, TOKEN, { mode: 0o644 })
    const { code, stderr } = await bulkhead([
      'serve',
      '--token-file',
      file,
      '--data-dir',
      directory,
    ])
    expect([code, stderr]).toEqual([125, expect.stringContaining('chmod 600 it')])
    expect(stderr).not.toContain(TOKEN)
  })
})
