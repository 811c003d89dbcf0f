import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon, type TestDaemon } from '../support/daemon.ts'
import { dockerCommand } from '../support/docker-command.ts'

let daemon: TestDaemon
let config = ''
beforeAll(async () => {
  config = mkdtempSync(join(tmpdir(), 'docker-'))
  daemon = await startDaemon()
  await docker(['pull', 'hello-world'])
  await docker(['pull', 'python'])
})
afterAll(async () => {
  await daemon.stop()
  rmSync(config, { recursive: true })
})

const docker = (args: readonly string[], stdin?: string | Uint8Array) =>
  dockerCommand({ address: daemon.address, directory: config }, args, stdin)

/** Standard output of a command that must succeed, without its last newline. */
async function ok(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await docker(args)
  expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, ''])
  return stdout.trimEnd()
}

describe('docker run', () => {
  it('prints what the guest prints, and removes it with --rm', async () => {
    expect(await ok('run', '--rm', '--name', 'gone', 'hello-world')).toContain(
      'Hello from bulkhead!',
    )
    expect((await docker(['inspect', 'gone'])).code).toBe(1)
  })
  it.each([
    ['0', "print('out')", 0, 'out\n', ''],
    ['its own code', 'import sys; print("err", file=sys.stderr); sys.exit(7)', 7, '', 'err\n'],
  ])('ends with %s', async (_, source, code, stdout, stderr) => {
    const done = await docker(['run', '--rm', 'python', '-c', source])
    expect(done).toEqual({ code, stdout, stderr })
  })
  it('passes standard input through, byte for byte', async () => {
    const bytes = Uint8Array.from(
      { length: 3_000_000 },
      (_, index) => (index * 7 + (index >> 8)) & 255,
    )
    const cat = 'import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)'
    const { code, stdout } = await docker(['run', '-i', '--rm', 'python', '-c', cat], bytes)
    expect(code).toBe(0)
    expect(Buffer.from(stdout, 'latin1').equals(Buffer.from(bytes))).toBe(true)
  })
  it('gives environment, directory, host name and user', async () => {
    const source = 'import os; print(os.environ["A"], os.environ["HOSTNAME"])'
    expect(
      await ok('run', '--rm', '-e', 'A=b c', '--hostname', 'box', 'python', '-c', source),
    ).toBe('b c box')
  })
  it.each([
    ['no such image', ['run', '--pull=never', 'nothing'], 125, 'No such image: nothing:latest'],
    [
      'no such command',
      ['run', '--rm', '--entrypoint', 'nope', 'python'],
      127,
      'executable file not found',
    ],
    ['no name', ['run', '--rm', '--name', '-', 'python'], 125, 'Invalid container name'],
    ['two wishes', ['run', '--rm', '--restart', 'always', 'python'], 125, 'onflicting options'],
  ])('says what is wrong: %s', async (_, args, code, text) => {
    const done = await docker(args)
    expect([done.code, done.stderr]).toEqual([code, expect.stringContaining(text)])
  })
})

describe('a container', () => {
  it('is created, started, waited for, read, renamed and removed', async () => {
    const id = await ok('create', '--name', 'one', '--label', 'a=b', 'python', '-c', 'print(6*7)')
    expect(id).toMatch(/^[0-9a-f]{64}$/)
    expect(
      await ok('ps', '-a', '--filter', 'label=a=b', '--format', '{{.Names}} {{.Status}}'),
    ).toBe('one Created')
    expect(await ok('start', 'one')).toBe('one')
    expect(await ok('wait', 'one')).toBe('0')
    expect(await ok('logs', id.slice(0, 8))).toBe('42')
    expect(
      await ok('inspect', '--format', '{{.State.Status}} {{.State.ExitCode}} {{.Name}}', 'one'),
    ).toBe('exited 0 /one')
    expect(await ok('start', '-a', 'one')).toBe('42')
    expect(await ok('logs', '--tail', '1', 'one')).toBe('42')
    await ok('rename', 'one', 'two')
    expect(await ok('ps', '-aq', '--no-trunc', '--filter', 'name=two')).toBe(id)
    expect(await ok('rm', 'two')).toBe('two')
    const again = await docker(['rm', 'two'])
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining('No such container: two'),
    ])
  })
  it('that spins is stopped after its grace, with 137', async () => {
    await ok('run', '-d', '--name', 'spin', 'python', '-c', 'while True: pass')
    const refused = await docker(['rm', 'spin'])
    expect(refused.stderr).toContain(
      'container is running: stop the container before removing or force remove',
    )
    expect(await ok('stop', '-t', '0', 'spin')).toBe('spin')
    expect(await ok('inspect', '--format', '{{.State.Status}} {{.State.ExitCode}}', 'spin')).toBe(
      'exited 137',
    )
    await ok('rm', 'spin')
  })
  it('with an init ends on SIGTERM, with 143', async () => {
    await ok('run', '-d', '--init', '--name', 'init', 'python', '-c', 'while True: pass')
    await ok('stop', 'init')
    expect(await ok('inspect', '--format', '{{.State.ExitCode}}', 'init')).toBe('143')
    await ok('rm', 'init')
  })
  it('is started again by its policy until it is stopped', async () => {
    await ok('run', '-d', '--name', 'again', '--restart', 'on-failure:2', 'python', '-c', 'exit(3)')
    const events = [
      'events',
      '--since',
      '0',
      '--filter',
      'container=again',
      '--filter',
      'event=die',
    ]
    let restarts = '0'
    while (restarts !== '2')
      restarts = await ok('inspect', '--format', '{{.RestartCount}}', 'again')
    expect(await ok('wait', 'again')).toBe('3')
    const until = String(Math.ceil(Date.now() / 1000) + 1)
    const dies = await ok(
      ...events,
      '--until',
      until,
      '--format',
      '{{.Action}} {{.Actor.Attributes.exitCode}}',
    )
    expect(dies).toBe('die 3\ndie 3\ndie 3')
    await ok('rm', '-f', 'again')
  })
})

describe('docker stats and docker container prune', () => {
  it('show a guest that spins, and its limit', async () => {
    const run = ['run', '-d', '--name', 'busy', '--memory', '64m']
    await ok(...run, 'python', '-c', 'while True: pass')
    const format = '{{.Name}} {{.PIDs}} {{.MemUsage}} {{.CPUPerc}}'
    const [name, pids, , , limit, cpu] = (
      await ok('stats', '--no-stream', '--format', format, 'busy')
    ).split(' ')
    expect([name, pids, limit]).toEqual(['busy', '1', '64MiB'])
    expect(Number.parseFloat(cpu ?? '')).toBeGreaterThan(0)
    expect(Number.parseFloat(cpu ?? '')).toBeLessThan(150)
    await ok('rm', '-f', 'busy')
  })
  it('remove what rests, and say what they removed', async () => {
    const id = await ok('create', '--label', 'for=prune', 'hello-world')
    const pruned = await ok('container', 'prune', '--force', '--filter', 'label=for=prune')
    expect(pruned).toContain(id)
    expect(await ok('ps', '--all', '--quiet', '--filter', 'label=for=prune')).toBe('')
  })
  it('are told apart from what there is not yet', async () => {
    const answer = await fetch(`http://127.0.0.1:${daemon.port}/build`, { method: 'POST' })
    expect(answer.status).toBe(501)
    expect(await answer.text()).toContain('build is not implemented in this version of bulkhead')
  })
})

describe('the daemon', () => {
  it('tells its version and what it holds', async () => {
    expect(
      await ok('version', '--format', '{{.Server.APIVersion}} {{.Server.MinAPIVersion}}'),
    ).toBe('1.51 1.24')
    expect(await ok('info', '--format', '{{.OSType}} {{.Driver}} {{.Swarm.LocalNodeState}}')).toBe(
      'linux overlay inactive',
    )
    expect(await ok('images', '--format', '{{.Repository}}:{{.Tag}}', 'python')).toBe(
      'python:latest',
    )
    expect(await ok('system', 'df', '--format', '{{.Type}}')).toBe(
      'Images\nContainers\nLocal Volumes\nBuild Cache',
    )
  })
  it('is no swarm', async () => {
    expect((await docker(['node', 'ls'])).stderr).toContain('This node is not a swarm manager')
  })
})
