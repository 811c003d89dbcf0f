import { PassThrough, type Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon, type TestDaemon } from '../support/daemon.ts'
import { Screen } from '../support/screen.ts'

let daemon: TestDaemon
let name = ''
beforeAll(async () => {
  daemon = await startDaemon()
  const docker = clientOf()
  const pulled = await docker.pull('python')
  await new Promise((resolve) => docker.modem.followProgress(pulled, resolve))
  const container = await docker.createContainer({
    Image: 'python',
    Cmd: ['-c', 'input()'],
    // It waits for input that nobody sends.
    OpenStdin: true,
  })
  await container.start()
  name = container.id
})
afterAll(async () => await daemon.stop())

const clientOf = (version?: string): Docker =>
  new Docker({ host: '127.0.0.1', port: daemon.port, ...(version && { version }) })

async function outputOf(docker: Docker, stream: Readable): Promise<readonly [string, string]> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  docker.modem.demuxStream(stream, stdout, stderr)
  stream.on('end', () => {
    stdout.end()
    stderr.end()
  })
  return [String(await buffer(stdout)), String(await buffer(stderr))]
}

const SOURCE = 'import sys; print("out"); print("err", file=sys.stderr); sys.exit(4)'
const OUTPUT = { AttachStdout: true, AttachStderr: true } as const

describe.each(['v1.24', 'v1.43', 'v1.51'])('dockerode with API %s', (version) => {
  it.each([
    ['without an upgrade', {}],
    ['with an upgrade', { hijack: true }],
  ])('runs an exec %s', async (_, options) => {
    const docker = clientOf(version)
    const exec = await docker
      .getContainer(name)
      .exec({ ...OUTPUT, Cmd: ['/bin/python', '-c', SOURCE], User: '1000' })
    const stream = await exec.start(options)
    expect(await outputOf(docker, stream)).toEqual(['out\n', 'err\n'])
    expect(await exec.inspect()).toMatchObject({
      Running: false,
      ExitCode: 4,
      ContainerID: name,
      ProcessConfig: { entrypoint: '/bin/python', arguments: ['-c', SOURCE], user: '1000' },
    })
  })
  it('gives raw bytes to who starts it as testcontainers does', async () => {
    const docker = clientOf(version)
    const cmd = ['/bin/python', '-c', SOURCE]
    const exec = await docker.getContainer(name).exec({ ...OUTPUT, Cmd: cmd })
    const stream = await exec.start({ stdin: true, Detach: false, Tty: true })
    // Its stream tells of its end, and of nothing after it.
    const heard = await new Promise<string>((resolve) => {
      let text = ''
      stream.on('data', (piece: Buffer) => {
        text += String(piece)
      })
      stream.on('end', () => resolve(text))
    })
    expect(heard.split('\n').sort()).toEqual(['', 'err', 'out'])
    expect((await exec.inspect()).ExitCode).toBe(4)
  })
  it('sends input, and ends it', async () => {
    const docker = clientOf(version)
    const source = 'import sys; print(sys.stdin.read().upper())'
    const exec = await docker
      .getContainer(name)
      .exec({ ...OUTPUT, AttachStdin: true, Cmd: ['/bin/python', '-c', source] })
    const stream = await exec.start({ hijack: true, stdin: true })
    stream.end('some text')
    expect(await outputOf(docker, stream)).toEqual(['SOME TEXT\n', ''])
  })
  it('has a terminal, and gives it another size', async () => {
    const exec = await clientOf(version)
      .getContainer(name)
      .exec({ ...OUTPUT, AttachStdin: true, Tty: true, Cmd: ['/bin/sh'] })
    const screen = new Screen(await exec.start({ hijack: true, stdin: true, Tty: true }))
    await screen.shows('# ')
    await exec.resize({ h: 41, w: 120 })
    screen.stream.write('stty size; exit 5\r')
    await screen.ended
    expect(screen.text).toMatch(/\n41 120\r\n/)
    expect((await exec.inspect()).ExitCode).toBe(5)
  })
  it('is left by its detach keys, and goes on', async () => {
    const exec = await clientOf(version)
      .getContainer(name)
      .exec({ ...OUTPUT, AttachStdin: true, Tty: true, DetachKeys: 'ctrl-a,x', Cmd: ['/bin/sh'] })
    const screen = new Screen(await exec.start({ hijack: true, stdin: true, Tty: true }))
    await screen.shows('# ')
    screen.stream.write('\x01x')
    await screen.ended
    expect((await exec.inspect()).Running).toBe(true)
  })
  it('does not stay with one that it lets go', async () => {
    const docker = clientOf(version)
    const exec = await docker.getContainer(name).exec({ Cmd: ['/bin/python', '-c', 'input()'] })
    await exec.start({ Detach: true })
    let facts = await exec.inspect()
    while (facts.Running) facts = await exec.inspect()
    // It had no input.
    expect(facts.ExitCode).toBe(1)
  })
})
