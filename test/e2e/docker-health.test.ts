import { request } from 'node:http'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'

let session: DockerSession
beforeAll(async () => {
  session = await dockerSession()
  for (const name of ['python', 'hello-world', 'base']) await session.ok('pull', '-q', name)
})
afterAll(async () => await session.stop())

/** It waits for input that nobody sends. */
const WAIT = ['python', '-c', 'input()']
const ok = (...args: readonly string[]) => session.ok(...args)
const healthOf = (name: string) => ok('inspect', '-f', '{{.State.Health.Status}}', name)

/** The next change of a container's health that fits, from the events of all time on. */
async function heard(name: string, status: string): Promise<void> {
  const filters = { container: [name], event: [`health_status: ${status}`] }
  const path = `/events?since=1&filters=${encodeURIComponent(JSON.stringify(filters))}`
  await new Promise<void>((heardIt, reject) => {
    const asking = request({ host: '127.0.0.1', port: session.port, path }, (response) => {
      response.once('data', () => {
        heardIt()
        asking.destroy()
      })
    })
    asking.on('error', reject)
    asking.end()
  })
}

/** Docker's command line knows only lines for a shell. */
const createWith = (name: string, Healthcheck: object): Promise<void> =>
  createOf(name, { Image: 'python', Cmd: WAIT.slice(1), OpenStdin: true, Healthcheck })

async function createOf(name: string, config: object): Promise<void> {
  const body = JSON.stringify(config)
  const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length }
  const where = { host: '127.0.0.1', port: session.port, path: `/containers/create?name=${name}` }
  await new Promise<void>((created, reject) => {
    const asking = request({ ...where, method: 'POST', headers }, (response) => {
      text(response).then((said) => {
        expect([response.statusCode, said]).toEqual([201, expect.anything()])
        created()
      }, reject)
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

const S = 1_000_000_000

describe('docker run with a health check', () => {
  it('runs its line in the shell of its container, else of its image', async () => {
    const shell = ['/bin/sh', '-x', '-c']
    await createOf('shelled', { Image: 'base', Cmd: ['true'], Shell: shell })
    await ok('commit', 'shelled', 'shelled-image')
    const health = ['--health-cmd', 'echo well', '--health-interval', '10ms']
    await ok('run', '-di', '--name', 'lined', ...health, 'shelled-image', 'cat')
    await heard('lined', 'healthy')
    for (const name of ['shelled', 'lined', 'shelled-image']) {
      expect(JSON.parse(await ok('inspect', '-f', '{{json .Config.Shell}}', name))).toEqual(shell)
    }
    const format = '{{(index .State.Health.Log 0).Output}}'
    expect(await ok('inspect', '-f', format, 'lined')).toContain('+ echo well')
    await ok('rm', '-f', 'lined')
  })
  it('is unhealthy where there is no shell, and says why', async () => {
    await ok(
      ...['run', '-di', '--name', 'ill', '--health-cmd', 'true', '--health-interval', '10ms'],
      ...['--health-retries', '2', '--health-timeout', '20s', '--health-start-period', '0s'],
      ...['-v', `${resolve('guests/build')}:/guests`, '--entrypoint', '/guests/streams.wasm'],
      ...['hello-world', 'poll'],
    )
    await heard('ill', 'unhealthy')
    expect(await healthOf('ill')).toBe('unhealthy')
    const format = '{{range .State.Health.Log}}{{.ExitCode}} {{.Output}}\n{{end}}'
    expect((await ok('inspect', '-f', format, 'ill')).split('\n')[0]).toMatch(
      /^-1 .*exec: "\/bin\/sh": stat \/bin\/sh: no such file or directory/,
    )
    expect(await ok('ps', '--filter', 'health=unhealthy', '--format', '{{.Names}}')).toBe('ill')
    expect(await ok('ps', '--filter', 'name=ill', '--format', '{{.Status}}')).toMatch(
      /^Up .* \(unhealthy\)$/,
    )
    const check = '{{json .Config.Healthcheck}}'
    expect(JSON.parse(await ok('inspect', '-f', check, 'ill'))).toEqual({
      Test: ['CMD-SHELL', 'true'],
      Interval: 10_000_000,
      Timeout: 20 * S,
      Retries: 2,
    })
    await ok('rm', '-f', 'ill')
  })
  it('has none where the image’s is turned off', async () => {
    await ok('create', '--name', 'plain', 'python')
    await ok('commit', '--change', 'HEALTHCHECK --interval=50ms CMD true', 'plain', 'checked')
    await ok(
      'run',
      '-d',
      '--name',
      'on',
      '--entrypoint',
      '/bin/python',
      'checked',
      ...WAIT.slice(1),
    )
    expect(await healthOf('on')).toMatch(/^(starting|unhealthy)$/)
    await ok(
      ...['run', '-di', '--no-healthcheck', '--name', 'off', '--entrypoint', '/bin/python'],
      ...['checked', ...WAIT.slice(1)],
    )
    expect(await ok('inspect', '-f', '{{json .State.Health}}', 'off')).toBe('null')
    expect(await ok('ps', '--filter', 'health=none', '--format', '{{.Names}}')).toBe('off')
    await ok('rm', '-f', 'on', 'off', 'plain')
  })
  it('is refused where its times make no sense', async () => {
    const done = await session.docker([
      ...['run', '-di', '--health-cmd', 'true', '--health-interval', '10us', ...WAIT],
    ])
    expect([done.code, done.stderr]).toEqual([
      125,
      expect.stringContaining('Interval in Healthcheck cannot be less than 1ms'),
    ])
  })
})

describe('a container whose check runs', () => {
  const check = (source: string, more: object = {}) => ({
    Test: ['CMD', '/bin/python', '-c', source],
    Interval: S / 100,
    Retries: 1,
    ...more,
  })
  it('becomes healthy, then unhealthy, and healthy again', async () => {
    await createWith('sick', check('import sys; print("probe"); open("/tmp/well").close()'))
    await ok('start', 'sick')
    await heard('sick', 'unhealthy')
    await ok('exec', 'sick', '/bin/python', '-c', 'open("/tmp/well", "w").close()')
    await heard('sick', 'healthy')
    expect(await healthOf('sick')).toBe('healthy')
    expect(await ok('ps', '--filter', 'health=healthy', '--format', '{{.Status}}')).toMatch(
      /^Up .* \(healthy\)$/,
    )
    const last = '{{(index .State.Health.Log 0).Output}}'
    expect(await ok('inspect', '-f', last, 'sick')).toContain('probe')
    await ok('pause', 'sick')
    expect(await healthOf('sick')).toBe('unhealthy')
    await ok('unpause', 'sick')
    await ok('kill', 'sick')
    expect(await healthOf('sick')).toBe('unhealthy')
    await ok('rm', 'sick')
  })
  it('is killed when it takes too long', async () => {
    await createWith('slow', check('while True: pass', { Timeout: S / 10 }))
    await ok('start', 'slow')
    await heard('slow', 'unhealthy')
    const log = '{{with index .State.Health.Log 0}}{{.ExitCode}} {{.Output}}{{end}}'
    expect(await ok('inspect', '-f', log, 'slow')).toBe('-1 Health check exceeded timeout (100ms)')
    await ok('rm', '-f', 'slow')
  })
})
