import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import Docker from 'dockerode'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bulkhead } from '../support/bulkhead.ts'
import { dataDirectory, startDaemon, type TestDaemon } from '../support/daemon.ts'

let directory = ''
let daemon: TestDaemon
let docker: Docker

const client = () => new Docker({ host: '127.0.0.1', port: daemon.port })

async function begin(): Promise<void> {
  daemon = await startDaemon(directory)
  docker = client()
}
/** Ends the daemon in a way, and starts another one on the same data directory. */
async function again(how: 'stop' | 'kill'): Promise<void> {
  await daemon[how]()
  await begin()
}

beforeAll(async () => {
  for (const image of ['hello-world', 'python']) await bulkhead(['pull', image])
})
beforeEach(async () => {
  directory = dataDirectory()
  await begin()
})
afterEach(async () => {
  // Nothing that still runs is given time to end.
  await daemon.kill()
  rmSync(directory, { recursive: true })
})

const FOR_EVER = ['-c', 'print("up", flush=True)\nwhile True: pass']

const create = (name: string, restart = 'no', options: object = {}) =>
  docker.createContainer({
    name,
    Image: 'python',
    Cmd: FOR_EVER,
    HostConfig: { RestartPolicy: { Name: restart } },
    ...options,
  })

async function running(name: string, restart: string, options: object = {}) {
  const container = await create(name, restart, options)
  await container.start()
  return container
}

/** The next event of a container that fits, from all the daemon has to tell on. */
async function heard(event: string, container: string): Promise<void> {
  const stream = await docker.getEvents({
    since: 1,
    filters: { event: [event], container: [container] },
  })
  await new Promise((resolve) => stream.once('data', resolve))
  // The client has no other way to leave a stream.
  ;(stream as Readable).destroy()
}

/** Status and exit code by name, of all there are. */
async function states(): Promise<Readonly<Record<string, string>>> {
  const all = await docker.listContainers({ all: true })
  const words = all.map(async ({ Id, Names }) => {
    const { State } = await docker.getContainer(Id).inspect()
    const code = State.Running ? '' : ` ${State.ExitCode}`
    return [Names.join().replace('/', ''), `${State.Status}${code}`] as const
  })
  return Object.fromEntries(await Promise.all(words))
}

describe('after a kill -9 of the daemon', () => {
  it('containers have kept everything they were', async () => {
    const made = await create('first', 'no', {
      Labels: { a: 'b', $date: 'no tag' },
      Env: ['X=ü'],
      StopTimeout: 3,
      HostConfig: { Memory: 64 * 2 ** 20, NanoCpus: 5e8, Tmpfs: { '/t': 'size=1m' } },
    })
    await made.rename({ name: 'renamed' })
    const before = await made.inspect()
    await again('kill')
    expect(await docker.getContainer('renamed').inspect()).toEqual(before)
    await expect(docker.getContainer('first').inspect()).rejects.toMatchObject({ statusCode: 404 })
    // The old name is free, the new one is not.
    await (await create('first')).remove()
    await expect(create('renamed')).rejects.toMatchObject({ statusCode: 409 })
  })
  it('their logs can be read, and go on', async () => {
    const hello = await docker.createContainer({ name: 'hello', Image: 'hello-world' })
    await hello.start()
    await hello.wait()
    const log = { stdout: true, stderr: true, timestamps: true } as const
    const before = await hello.logs(log)
    expect(String(before)).toContain('Hello from bulkhead!')
    await again('kill')
    const same = docker.getContainer(hello.id)
    expect(await same.logs(log)).toEqual(before)
    await same.start()
    await same.wait()
    const after = await same.logs(log)
    expect(after.length).toBe(2 * before.length)
    expect(after.subarray(0, before.length)).toEqual(before)
  })
  it('what ran comes back by its policy, or has exited with 137 and says why', async () => {
    for (const restart of ['no', 'always', 'unless-stopped', 'on-failure']) {
      await running(restart, restart)
    }
    await create('created', 'always')
    await running('gone', 'no', { HostConfig: { AutoRemove: true } })
    await again('kill')
    expect(await states()).toEqual({
      no: 'exited 137',
      always: 'running',
      'unless-stopped': 'running',
      'on-failure': 'running',
      created: 'created 0',
    })
    const { State } = await docker.getContainer('no').inspect()
    expect(State.Error).toBe(
      'the daemon died while it ran: what it had written since its start is lost',
    )
  })
  it('what was stopped by hand comes back with `always` alone', async () => {
    for (const restart of ['always', 'unless-stopped']) {
      await (await running(restart, restart, { StopTimeout: 0 })).stop()
    }
    const stopped = { always: 'exited 137', 'unless-stopped': 'exited 137' }
    expect(await states()).toEqual(stopped)
    await again('kill')
    expect(await states()).toEqual({ ...stopped, always: 'running' })
  })
  it('what was known of its health is shown, and begins anew with what comes back', async () => {
    const Healthcheck = { Test: ['CMD-SHELL', 'echo well | tr w W'], Interval: 1e7 }
    const checked = { Healthcheck, StopTimeout: 0 }
    const rests = await running('rests', 'no', checked)
    // Nobody looks at it again before it is asked for.
    const slow = { ...checked, Healthcheck: { ...Healthcheck, Interval: 3.6e12 } }
    const returns = await running('returns', 'always', slow)
    await heard(`health_status: healthy`, rests.id)
    await again('kill')
    const healthOf = async (id: string) => (await docker.getContainer(id).inspect()).State.Health
    const probe: unknown = expect.objectContaining({ ExitCode: 0, Output: 'Well\n' })
    const log: unknown = expect.arrayContaining([probe])
    expect(await healthOf(rests.id)).toMatchObject({
      Status: 'healthy',
      FailingStreak: 0,
      Log: log,
    })
    expect(await healthOf(returns.id)).toEqual({ Status: 'starting', FailingStreak: 0, Log: [] })
    const listed = await docker.listContainers({ filters: { health: ['starting'] } })
    expect(listed.map(({ Status }) => Status)).toEqual([
      expect.stringMatching(/^Up .* \(health: starting\)$/),
    ])
    // Whoever begins again keeps what was found before, and is told of when it is well.
    await docker.getContainer(rests.id).start()
    await heard(`health_status: healthy`, rests.id)
    await again('stop')
    expect(await healthOf(rests.id)).toMatchObject({ Status: 'unhealthy', Log: log })
  })
  it('execs are forgotten', async () => {
    const container = await running('has', 'always')
    const exec = await container.exec({ Cmd: ['true'], AttachStdout: true })
    const stream = await exec.start({})
    await new Promise((ended) => stream.resume().once('end', ended))
    expect((await exec.inspect()).ExitCode).toBe(0)
    await again('kill')
    await expect(docker.getExec(exec.id).inspect()).rejects.toMatchObject({ statusCode: 404 })
  })
  it('what belongs to no container is swept, and nothing else', async () => {
    const { id } = await create('kept')
    const containers = join(directory, 'containers')
    const orphan = join(containers, 'f'.repeat(64))
    for (const path of [orphan, join(containers, 'mine'), join(containers, id)]) mkdirSync(path)
    await again('kill')
    const there = (path: string) => statSync(path, { throwIfNoEntry: false }) !== undefined
    expect([there(orphan), there(join(containers, 'mine')), there(join(containers, id))]).toEqual([
      false,
      true,
      true,
    ])
  })
})

describe('a daemon that is stopped', () => {
  it('stops containers with their own signal and time, and the next one brings them back', async () => {
    const quick = { StopTimeout: 0 }
    await running('no', 'no', quick)
    await running('always', 'always', quick)
    await running('unless-stopped', 'unless-stopped', quick)
    await running('init', 'no', { HostConfig: { Init: true } })
    await running('gone', 'no', { ...quick, HostConfig: { AutoRemove: true } })
    await again('stop')
    expect(await states()).toEqual({
      no: 'exited 137',
      always: 'running',
      'unless-stopped': 'running',
      init: 'exited 143',
    })
    expect((await docker.getContainer('no').inspect()).State.Error).toBe('')
  })
  it('leaves a waiting client its answer', async () => {
    const { id } = await running('waited', 'no', { StopTimeout: 0 })
    const url = `http://127.0.0.1:${daemon.port}/containers/${id}/wait`
    // Its head comes when the daemon has begun to wait.
    const response = await fetch(url, { method: 'POST' })
    await again('stop')
    expect(await response.json()).toMatchObject({ StatusCode: 137 })
  })
})

describe('bulkhead serve', () => {
  const serve = () => bulkhead(['serve', '--listen', 'tcp://127.0.0.1:0', '--data-dir', directory])

  it('refuses a second daemon on one data directory, and the first one serves on', async () => {
    const { code, stdout, stderr } = await serve()
    expect([code, String(stdout)]).toEqual([125, ''])
    expect(stderr).toMatch(
      /^bulkhead: another bulkhead daemon \(process \d+\) uses the data directory \S+\n$/,
    )
    expect(stderr).toContain(directory)
    await create('still')
    expect(await states()).toEqual({ still: 'created 0' })
  })
  it('says which file is damaged, and leaves it alone', async () => {
    await daemon.stop()
    const path = join(directory, 'state.db')
    const text = 'no database, '.repeat(1_000)
    writeFileSync(path, text)
    const { code, stderr } = await serve()
    expect([code, stderr]).toEqual([
      125,
      `bulkhead: cannot use the database ${path}: file is not a database\n`,
    ])
    expect(statSync(path).size).toBe(text.length)
    rmSync(path)
    await begin()
  })
  it('keeps its data for its owner', () => {
    const mode = (name: string): number => statSync(join(directory, name)).mode & 0o777
    expect([mode('.'), mode('containers')]).toEqual([0o700, 0o700])
    expect(['state.db', 'state.db-wal', 'daemon.lock', 'daemon.pid'].map(mode)).toEqual(
      Array.from({ length: 4 }, () => 0o600),
    )
  })
})
