import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon, type TestDaemon } from '../support/daemon.ts'

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
