import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon, type TestDaemon } from '../support/daemon.ts'
import { Screen } from '../support/screen.ts'

let daemon: TestDaemon
beforeAll(async () => {
  daemon = await startDaemon()
  const docker = clientOf()
  for (const image of ['hello-world', 'python']) {
    const stream = await docker.pull(image)
    await new Promise((resolve) => docker.modem.followProgress(stream, resolve))
  }
})
afterAll(async () => await daemon.stop())

const clientOf = (version?: string): Docker =>
  new Docker({ host: '127.0.0.1', port: daemon.port, ...(version && { version }) })

describe.each(['v1.24', 'v1.43', 'v1.51'])('dockerode with API %s', (version) => {
  it('runs a container, its output apart by stream', async () => {
    const docker = clientOf(version)
    const source = 'import sys; print("out"); print("err", file=sys.stderr); sys.exit(4)'
    const container = await docker.createContainer({ Image: 'python', Cmd: ['-c', source] })
    const stream = await container.attach({ stream: true, stdout: true, stderr: true })
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    docker.modem.demuxStream(stream, stdout, stderr)
    stream.on('end', () => {
      stdout.end()
      stderr.end()
    })
    await container.start()
    expect(await container.wait()).toMatchObject({ StatusCode: 4 })
    expect(String(await buffer(stdout))).toBe('out\n')
    expect(String(await buffer(stderr))).toBe('err\n')
    await container.remove()
    await expect(container.inspect()).rejects.toMatchObject({ statusCode: 404 })
  })
  it('sends input, and ends it', async () => {
    const docker = clientOf(version)
    const container = await docker.createContainer({
      Image: 'python',
      Cmd: ['-c', 'import sys; print(sys.stdin.read().upper())'],
      OpenStdin: true,
      StdinOnce: true,
    })
    const options = { stream: true, stdin: true, stdout: true, hijack: true } as const
    const stream = await container.attach(options)
    const stdout = new PassThrough()
    docker.modem.demuxStream(stream, stdout, stdout)
    stream.on('end', () => stdout.end())
    await container.start()
    stream.end('some text')
    expect(String(await buffer(stdout))).toBe('SOME TEXT\n')
    await container.remove({ force: true })
  })
  it('talks to a terminal, gives it a size, leaves it and comes back', async () => {
    const docker = clientOf(version)
    const shell = { Entrypoint: ['/bin/sh'], Tty: true, OpenStdin: true }
    const container = await docker.createContainer({ Image: 'python', ...shell })
    const attached = async () => {
      const both = { stream: true, stdin: true, stdout: true, stderr: true } as const
      const options = { ...both, hijack: true, detachKeys: 'ctrl-a,x' }
      return new Screen(await container.attach(options))
    }
    const first = await attached()
    await container.start()
    await first.shows('# ')
    await container.resize({ h: 41, w: 120 })
    first.stream.write('stty size\r')
    await first.shows('\n41 120\r\n')
    first.stream.write('\x01x')
    await first.ended
    expect((await container.inspect()).State.Status).toBe('running')
    const second = await attached()
    second.stream.write('echo a$((1+1)); exit 6\r')
    await second.ended
    expect(second.text).toContain('\na2\r\n')
    expect(await container.wait()).toMatchObject({ StatusCode: 6 })
    await container.remove()
  })
  it('sees whether a container is well', async () => {
    const docker = clientOf(version)
    const container = await docker.createContainer({
      Image: 'python',
      Entrypoint: ['/bin/sleep', '600'],
      Healthcheck: { Test: ['CMD-SHELL', 'echo well | tr w W'], Interval: 1e7, Retries: 1 },
    })
    const filters = { container: [container.id], event: ['health_status: healthy'] }
    const events = await docker.getEvents({ filters })
    const told = new Promise((resolve) => events.once('data', resolve))
    await container.start()
    await told
    const probe: unknown = expect.objectContaining({ ExitCode: 0, Output: 'Well\n' })
    const log: unknown = expect.arrayContaining([probe])
    expect((await container.inspect()).State.Health).toMatchObject({
      Status: 'healthy',
      FailingStreak: 0,
      Log: log,
    })
    const found = await docker.listContainers({ filters: { health: ['healthy'] } })
    expect(found.map(({ Id }) => Id)).toEqual([container.id])
    await container.remove({ force: true })
  })
  it('sees what a spinning guest uses, and no more of it once it has ended', async () => {
    const docker = clientOf(version)
    const container = await docker.createContainer({
      Image: 'python',
      Cmd: ['-c', 'while True: pass'],
      HostConfig: { Memory: 64 * 2 ** 20 },
    })
    await container.start()
    const used = await container.stats({ stream: false })
    expect(used.memory_stats.limit).toBe(64 * 2 ** 20)
    expect(used.memory_stats.usage).toBeGreaterThan(2 ** 20)
    const spent = ({ cpu_stats, precpu_stats }: typeof used): number =>
      cpu_stats.cpu_usage.total_usage - precpu_stats.cpu_usage.total_usage
    const passed = used.cpu_stats.system_cpu_usage - used.precpu_stats.system_cpu_usage
    expect(spent(used)).toBeGreaterThan(0)
    // One thread cannot use more than one CPU; counters are told of at safepoints.
    expect(spent(used)).toBeLessThan((1.5 * passed) / used.cpu_stats.online_cpus)
    expect(used.pids_stats?.current).toBe(1)
    await container.kill()
    await container.wait()
    const idle = await container.stats({ stream: false })
    expect(idle.memory_stats).toEqual({})
    expect(idle.cpu_stats.cpu_usage.total_usage).toBe(0)
    await container.remove()
  })
  it('removes all that rest and fit', async () => {
    const docker = clientOf(version)
    const [old, kept] = await Promise.all([
      docker.createContainer({ Image: 'hello-world', Labels: { old: 'yes' } }),
      docker.createContainer({ Image: 'hello-world' }),
    ])
    const { ContainersDeleted } = await docker.pruneContainers({ filters: { label: ['old=yes'] } })
    expect(ContainersDeleted).toEqual([old.id])
    await expect(docker.pruneContainers({ filters: { until: ['soon'] } })).rejects.toMatchObject({
      statusCode: 400,
      json: { message: 'invalid value for until: "soon"' },
    })
    await docker.pruneContainers({ filters: { until: ['24h'] } })
    expect((await kept.inspect()).State.Status).toBe('created')
    await kept.remove()
  })
  it('hears of what happens', async () => {
    const docker = clientOf(version)
    const events = await docker.getEvents({ filters: { type: ['container'] } })
    const seen: string[] = []
    const over = new Promise<void>((resolve) => {
      events.on('data', (bytes: Buffer) => {
        for (const line of String(bytes).trim().split('\n')) {
          const { Action, status } = JSON.parse(line) as { Action: string; status: string }
          expect(status).toBe(Action)
          seen.push(Action)
          if (Action === 'destroy') resolve()
        }
      })
    })
    const container = await docker.createContainer({ Image: 'hello-world' })
    await container.start()
    await container.wait()
    await container.remove()
    await over
    expect(seen).toEqual(['create', 'start', 'die', 'destroy'])
  })
})
