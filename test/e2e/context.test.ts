import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bulkhead } from '../support/bulkhead.ts'
import { startDaemon, type TestDaemon } from '../support/daemon.ts'
import { dockerCommand } from '../support/docker-command.ts'

let directory = ''
let daemon: TestDaemon
beforeAll(async () => {
  daemon = await startDaemon()
})
afterAll(() => daemon.stop())
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'context-'))
  return () => rmSync(directory, { recursive: true })
})

const context = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  bulkhead(['context', ...args], { env: { HOME: directory, DOCKER_CONFIG: '', ...env } })
/** The client finds its contexts below its home; it is told of no daemon. */
const docker = (...args: readonly string[]) => dockerCommand({ address: '', directory }, args)

describe('bulkhead context', () => {
  it('lets the docker client find a daemon by a name', async () => {
    const made = await context(['create', '--host', daemon.address])
    expect([made.code, made.stdout.toString(), made.stderr]).toEqual([0, 'bulkhead\n', ''])
    const { code, stdout } = await docker(
      '--context',
      'bulkhead',
      'info',
      '--format',
      '{{.OSType}}',
    )
    expect([code, stdout]).toEqual([0, 'linux\n'])
    const { stdout: listed } = await docker(
      'context',
      'ls',
      '--format',
      '{{.Name}} {{.DockerEndpoint}}',
    )
    expect(listed.split('\n')).toContain(`bulkhead ${daemon.address}`)
    expect((await context(['rm'])).code).toBe(0)
    expect((await docker('--context', 'bulkhead', 'ps')).code).toBe(1)
    expect(readdirSync(join(directory, '.docker', 'contexts', 'meta'))).toEqual([])
  })
  it('is made where DOCKER_CONFIG says, for where the settings say', async () => {
    const env = { DOCKER_CONFIG: join(directory, 'own'), BULKHEAD_LISTEN: 'unix:///run/b.sock' }
    expect((await context(['create', 'mine'], env)).code).toBe(0)
    expect(existsSync(join(directory, '.docker'))).toBe(false)
    const [id = ''] = readdirSync(join(directory, 'own', 'contexts', 'meta'))
    const meta = readFileSync(join(directory, 'own', 'contexts', 'meta', id, 'meta.json'), 'utf8')
    expect(JSON.parse(meta)).toMatchObject({
      Name: 'mine',
      Endpoints: { docker: { Host: 'unix:///run/b.sock' } },
    })
  })
  it('replaces and removes its own, also after docker has changed it, and no other without --force', async () => {
    await docker('context', 'create', 'theirs', '--docker', 'host=tcp://127.0.0.1:1')
    for (const verb of ['create', 'rm']) {
      const refused = await context([verb, 'theirs'])
      expect([refused.code, refused.stderr]).toEqual([
        125,
        'bulkhead: the docker context "theirs" was not made by bulkhead: --force takes it anyway\n',
      ])
    }
    expect((await context(['create', 'theirs', '--force', '--host', daemon.address])).code).toBe(0)
    await docker('context', 'update', 'theirs', '--description', 'changed')
    expect((await docker('--context', 'theirs', 'ps', '-q')).code).toBe(0)
    expect((await context(['create', 'theirs', '--host', 'tcp://127.0.0.1:2'])).code).toBe(0)
    expect((await context(['rm', 'theirs'])).code).toBe(0)
  })
  it('is not removed while docker uses it', async () => {
    await context(['create'])
    expect((await docker('context', 'use', 'bulkhead')).code).toBe(0)
    const refused = await context(['rm'])
    expect([refused.code, refused.stderr]).toEqual([
      125,
      expect.stringContaining('docker context use default'),
    ])
    expect((await context(['rm', '--force'])).code).toBe(0)
  })
  it.each([
    [['create', 'default'], 'invalid context name "default"'],
    [['create', '../../x'], 'invalid context name "../../x"'],
    [['create', 'x'], 'invalid context name "x"'],
    [['create', '--host', 'http://x'], 'invalid address "http://x"'],
    [['create', '--host', 'tcp://0.0.0.0:2375'], 'give --host'],
    [['rm', 'nobody'], 'there is no docker context "nobody"'],
  ])('%j is refused: %s', async (args, text) => {
    const refused = await context(args)
    expect([refused.code, refused.stderr]).toEqual([125, expect.stringContaining(text)])
    expect(existsSync(join(directory, '.docker'))).toBe(false)
  })
  it('takes a damaged file for not its own', async () => {
    await context(['create'])
    const metas = join(directory, '.docker', 'contexts', 'meta')
    const [id = ''] = readdirSync(metas)
    writeFileSync(join(metas, id, 'meta.json'), '{')
    expect((await context(['create'])).stderr).toContain('was not made by bulkhead')
  })
})
