import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LogLine, startDaemon, type TestDaemon } from '../support/daemon.ts'

let daemon: TestDaemon
let docker: Docker
let cell = 0
const up = (line: LogLine): boolean => line['msg'] === 'cell up'
const down = (line: LogLine): boolean => line['msg'] === 'cell down'

beforeAll(async () => {
  daemon = await startDaemon()
  docker = new Docker({ host: '127.0.0.1', port: daemon.port })
  cell = Number((await daemon.logged(up))['pid'])
  const stream = await docker.pull('python')
  await new Promise((resolve) => docker.modem.followProgress(stream, resolve))
})
afterAll(async () => {
  for (const { Id } of await docker.listContainers({ all: true })) {
    await docker.getContainer(Id).remove({ force: true })
  }
  await daemon.stop()
})

const SPIN = ['-c', 'while True: pass']
const create = async (name: string, cmd: readonly string[], restart = 'no') =>
  await docker.createContainer({
    name,
    Image: 'python',
    Cmd: [...cmd],
    HostConfig: { RestartPolicy: { Name: restart } },
  })

interface Event {
  readonly Action: string
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> }
}

/** Container events, from now on. */
async function events() {
  const stream = await docker.getEvents({ filters: { type: ['container'] } })
  const seen: string[] = []
  let change = (): void => {}
  stream.on('data', (line: Buffer) => {
    for (const one of String(line).trim().split('\n')) {
      const { Action, Actor } = JSON.parse(one) as Event
      const { name, exitCode } = Actor.Attributes
      seen.push([name, Action, exitCode].filter((word) => word !== undefined).join(' '))
    }
    change()
  })
  return {
    seen,
    until: async (event: string): Promise<void> => {
      while (!seen.includes(event)) {
        await new Promise<void>((resolve) => {
          change = resolve
        })
      }
    },
    close: () => (stream as unknown as { destroy(): void }).destroy(),
  }
}

describe('kill -9 of the cell', () => {
  it('ends its containers as lost and nothing else, and policies apply', async () => {
    const rests = await create('rests', ['-c', 'raise SystemExit(3)'])
    await rests.start()
    await rests.wait()
    await create('waits', SPIN)
    const [once, always] = [await create('once', SPIN), await create('always', SPIN, 'always')]
    await Promise.all([once.start(), always.start()])
    const before = await always.inspect()
    const heard = await events()

    process.kill(cell, 'SIGKILL')
    expect(await once.wait()).toMatchObject({ StatusCode: 137 })
    await heard.until('always start')
    heard.close()

    expect(await daemon.logged(down)).toMatchObject({ pid: cell, signal: 'SIGKILL' })
    const next = Number((await daemon.logged(up))['pid'])
    expect(next).not.toBe(cell)
    cell = next
    const { State: lost } = await once.inspect()
    expect(lost).toMatchObject({ Status: 'exited', ExitCode: 137, OOMKilled: false })
    expect(lost.Error).toContain('its cell died')
    const after = await always.inspect()
    expect(after).toMatchObject({ RestartCount: 1, State: { Status: 'running' } })
    expect(after.State.Pid).not.toBe(before.State.Pid)
    // In Docker's order; which of the two containers comes first is open.
    expect(heard.seen.filter((event) => event.startsWith('once'))).toEqual(['once die 137'])
    expect(heard.seen.filter((event) => event.startsWith('always'))).toEqual([
      'always die 137',
      'always start',
    ])
    expect((await rests.inspect()).State).toMatchObject({ Status: 'exited', ExitCode: 3 })
    expect((await docker.getContainer('waits').inspect()).State.Status).toBe('created')
  })
  it('is counted, and what comes next runs', async () => {
    const metrics = await fetch(`http://127.0.0.1:${daemon.port}/metrics`)
    expect(await metrics.text()).toContain('bulkhead_cell_ends_total{cause="itself"} 1')
    const container = await create('next', ['-c', 'print(6 * 7)'])
    await container.start()
    await container.wait()
    const log = await container.logs({ stdout: true, follow: true })
    expect(await text(log as unknown as NodeJS.ReadableStream)).toContain('42\n')
  })
})

describe('a module that is refused only when it is started', () => {
  it('ends its container with 126 and its reason, and the daemon goes on', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'no-start-'))
    writeFileSync(join(directory, 'empty'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
    const container = await docker.createContainer({
      Image: 'python',
      Entrypoint: ['/m/empty'],
      HostConfig: { Binds: [`${directory}:/m`] },
    })
    await container.start()
    expect(await container.wait()).toMatchObject({ StatusCode: 126 })
    expect((await container.inspect()).State.Error).not.toBe('')
    rmSync(directory, { recursive: true })
  })
})

describe('kill -9 of the daemon', () => {
  it('ends its cell, whatever runs there', async () => {
    const doomed = await startDaemon()
    const pid = Number((await doomed.logged(up))['pid'])
    const client = new Docker({ host: '127.0.0.1', port: doomed.port })
    const container = await client.createContainer({ Image: 'python', Cmd: SPIN })
    await container.start()
    process.kill(doomed.pid, 'SIGKILL')
    const isThere = (): boolean => {
      try {
        return process.kill(pid, 0)
      } catch {
        return false
      }
    }
    while (isThere()) await new Promise((resolve) => setImmediate(resolve))
  })
})
