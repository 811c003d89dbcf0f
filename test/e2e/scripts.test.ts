import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost } from '../../dist/index.js'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'

/** Prints its arguments, and stands for a shell. */
const ARGUMENTS = 'guests/build/arguments.wasm'
const STREAMS = 'guests/build/streams.wasm'

let session: DockerSession
let tools = ''
beforeAll(async () => {
  session = await dockerSession()
  tools = join(session.directory, 'tools')
  mkdirSync(tools)
  copyFileSync(ARGUMENTS, join(tools, 'arguments'))
  copyFileSync(STREAMS, join(tools, 'streams'))
  const scripts = {
    hello: '#!/tools/arguments -e -u\necho hello\n',
    outer: '#!/tools/hello\n',
    lost: '#!/bin/nothing\n',
    text: 'echo hello\n',
  }
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(tools, name), text, { mode: 0o755 })
  }
  await session.docker(['pull', '-q', 'base'])
  const spin = ['-v', `${tools}:/tools`, '--entrypoint', '/tools/streams', 'base', 'spin']
  await session.ok('run', '-d', '--name', 'box', ...spin)
})
afterAll(async () => await session.stop())

const REFUSED = [
  ['without its interpreter', '/tools/lost', 127, 'interpreter /bin/nothing: no such file'],
  ['that is none', '/tools/text', 126, 'exec format error'],
] as const

describe('a script', () => {
  const run = (...command: readonly string[]) => [
    'run',
    '--rm',
    '-v',
    `${tools}:/tools`,
    ...command,
  ]
  it('is what a container runs', async () => {
    expect(await session.ok(...run('base', '/tools/hello', 'a b'))).toBe(
      '/tools/arguments\n-e -u\n/tools/hello\na b',
    )
    expect(await session.ok(...run('-w', '/tools', '--entrypoint', './outer', 'base', 'x'))).toBe(
      '/tools/arguments\n-e -u\n/tools/hello\n./outer\nx',
    )
  })
  it('is what an exec runs, found by PATH', async () => {
    expect(await session.ok('exec', '-e', 'PATH=/bin:/tools', 'box', 'hello', 'x')).toBe(
      '/tools/arguments\n-e -u\n/tools/hello\nx',
    )
  })
  it.each(REFUSED)('%s is refused, by start and by exec', async (what, script, code, message) => {
    const name = what.replaceAll(' ', '-')
    await session.ok('create', '--name', name, '-v', `${tools}:/tools`, 'base', script)
    expect((await session.docker(['start', '-a', name])).stderr).toContain(message)
    expect(await session.ok('inspect', '-f', '{{.State.ExitCode}}', name)).toBe(`${code}`)
    const done = await session.docker(['exec', 'box', script])
    expect([done.code, done.stdout + done.stderr]).toEqual([code, expect.stringContaining(message)])
  })
  it('that was put into a container, like its interpreter, is found there', async () => {
    await session.ok('create', '--name', 'kept', 'base', '/srv/hello', 'x')
    writeFileSync(join(tools, 'own'), '#!/srv/arguments\n', { mode: 0o755 })
    const first = await session.docker(['start', '-a', 'kept'])
    expect(first.stderr).toContain('no such file')
    await session.docker(['cp', '-q', join(tools, 'own'), 'kept:/srv/hello'])
    await session.docker(['cp', '-q', join(tools, 'arguments'), 'kept:/srv/arguments'])
    expect(await session.ok('start', '-a', 'kept')).toBe('/srv/arguments\n/srv/hello\nx')
    // What was asked for stays what it was.
    expect(await session.ok('inspect', '-f', '{{.Path}} {{json .Args}}', 'kept')).toBe(
      '/srv/hello ["x"]',
    )
    chmodSync(join(tools, 'own'), 0o644)
    await session.docker(['cp', '-q', join(tools, 'own'), 'kept:/srv/hello'])
    expect((await session.docker(['start', '-a', 'kept'])).stderr).toContain('permission denied')
  })
  it('is run by the library too', async () => {
    const host = await createHost({ dataDir: join(session.directory, 'data') })
    const mounts = [{ type: 'bind', source: tools, target: '/tools' }] as const
    const done = await host.run({ image: 'base', cmd: ['/tools/outer', 'x'], mounts })
    await host.close()
    expect(done.text()).toBe('/tools/arguments\n-e -u\n/tools/hello\n/tools/outer\nx\n')
  })
})
