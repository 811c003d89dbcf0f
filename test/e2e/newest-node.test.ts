import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataDirectory, startDaemon, type TestDaemon } from '../support/daemon.ts'
import { type DockerClient, dockerClient } from '../support/docker-client.ts'
import { newestNode } from '../support/newest-node.ts'

const CLIENT = fileURLToPath(new URL('../support/own-web-socket.mjs', import.meta.url))

let newest = ''
let directory = ''
let daemon: TestDaemon
let docker: DockerClient
const begin = async (): Promise<void> => {
  daemon = await startDaemon(directory, { node: newest })
  docker = dockerClient(daemon.address)
}
beforeAll(async () => {
  newest = newestNode()
  directory = dataDirectory()
  await begin()
  await docker.ok('pull', '-q', 'base')
})
afterAll(async () => {
  docker.close()
  await daemon.stop()
  expect(daemon.output()).not.toMatch(/"level":50|Warning/)
  rmSync(directory, { recursive: true })
})

const clientOf = (): Docker => new Docker({ host: '127.0.0.1', port: daemon.port })

/** What comes back, apart from its frames, when `words` were sent. */
async function answerOf(client: Docker, stream: NodeJS.ReadWriteStream): Promise<string> {
  const stdout = new PassThrough()
  client.modem.demuxStream(stream, stdout, stdout)
  stream.once('end', () => stdout.end())
  stream.end('words')
  return await text(stdout)
}

describe('a daemon on the newest Node', () => {
  it('runs containers, further processes and checks, and stops them', async () => {
    const pipeline = 'seq 1 1000 | grep 7 | sort -rn | head -1'
    expect(await docker.ok('run', '--rm', 'base', 'sh', '-c', pipeline)).toBe('997')
    const check = ['--health-cmd', 'test -e /tmp/f', '--health-interval', '20ms']
    await docker.ok('run', '-d', '--name', 'box', '--init', ...check, 'base', 'sleep', '600')
    await docker.ok('exec', 'box', 'sh', '-c', 'echo text >/tmp/f')
    let health = ''
    while (health !== 'healthy') {
      health = await docker.ok('inspect', '-f', '{{.State.Health.Status}}', 'box')
    }
    expect(await docker.ok('diff', 'box')).toContain('A /tmp/f')
    await docker.ok('stop', 'box')
    expect(await docker.ok('start', 'box')).toBe('box')
    expect(await docker.ok('exec', 'box', 'cat', '/tmp/f')).toBe('text')
  })
  it('takes over connections, with a body in front of what follows and without', async () => {
    const client = clientOf()
    const cmd = ['sh', '-c', 'tr a-z A-Z; exit 3']
    const attached = { AttachStdin: true, AttachStdout: true } as const
    const exec = await client.getContainer('box').exec({ ...attached, Cmd: cmd })
    expect(await answerOf(client, await exec.start({ hijack: true, stdin: true }))).toBe('WORDS')
    expect((await exec.inspect()).ExitCode).toBe(3)
    const open = { OpenStdin: true, StdinOnce: true } as const
    const container = await client.createContainer({ Image: 'base', Cmd: cmd, ...open })
    const all = { stream: true, stdin: true, stdout: true, hijack: true } as const
    const stream = await container.attach(all)
    await container.start()
    expect(await answerOf(client, stream)).toBe('WORDS')
    await container.remove({ force: true })
    const missing = client.getExec('f'.repeat(64)).start({ hijack: true, stdin: true })
    await expect(missing).rejects.toMatchObject({ statusCode: 404 })
  })
  it('has what it kept after a kill -9', async () => {
    const before = await docker.ok('inspect', '-f', '{{.Id}} {{.State.Health.Status}}', 'box')
    await daemon.kill()
    docker.close()
    await begin()
    const format = '{{.Id}} {{.State.Health.Status}} {{.State.Status}} {{.State.ExitCode}}'
    expect(await docker.ok('inspect', '-f', format, 'box')).toBe(`${before} exited 137`)
    await docker.ok('rm', 'box')
  })
})

describe('the WebSocket of the newest Node', () => {
  const attached = (id: string, ...messages: readonly string[]) => {
    const query = 'stream=1&stdin=1&stdout=1&stderr=1'
    const url = `ws://127.0.0.1:${daemon.port}/v1.51/containers/${id}/attach/ws?${query}`
    const child = spawn(newest, [CLIENT, url, ...messages], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      said += piece
    })
    return { opened: once(child.stdout, 'data'), closed: once(child, 'close').then(() => said) }
  }
  it.each([
    [
      'is closed when a shell ends',
      ['sh'],
      ['read -r a; echo "got $a" | tr a-z A-Z; exit 7\n', 'it\n'],
      'open\nGOT IT\nclosed 1000\n',
      7,
    ],
    [
      'ends the input of cat by closing',
      ['cat'],
      ['hello\n', 'bye\n'],
      'open\nhello\nbye\nclosed 1005\n',
      0,
    ],
  ] as const)('%s', async (_, cmd, messages, said, code) => {
    const container = await clientOf().createContainer({
      Image: 'base',
      Cmd: [...cmd],
      OpenStdin: true,
      StdinOnce: true,
    })
    const socket = attached(container.id, ...messages)
    await socket.opened
    await container.start()
    expect(await socket.closed).toBe(said)
    expect(await container.wait()).toMatchObject({ StatusCode: code })
    await container.remove()
  })
})
