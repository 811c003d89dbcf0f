import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon, type TestDaemon } from '../support/daemon.ts'
import { openSocket } from '../support/web-socket.ts'

let daemon: TestDaemon
beforeAll(async () => {
  daemon = await startDaemon()
  const pulled = await fetch(`http://127.0.0.1:${daemon.port}/images/create?fromImage=base`, {
    method: 'POST',
  })
  expect(await pulled.text()).not.toContain('error')
})
afterAll(() => daemon.stop())

async function created(body: object): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${daemon.port}/containers/create`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ Image: 'base', OpenStdin: true, ...body }),
  })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { Id: string }).Id
}

const start = async (id: string): Promise<void> => {
  const answer = await fetch(`http://127.0.0.1:${daemon.port}/containers/${id}/start`, {
    method: 'POST',
  })
  expect(answer.status).toBe(204)
}

async function exitCode(id: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${daemon.port}/containers/${id}/wait`, {
    method: 'POST',
  })
  return ((await answer.json()) as { StatusCode: number }).StatusCode
}

const url = (id: string): string =>
  `ws://127.0.0.1:${daemon.port}/v1.51/containers/${id}/attach/ws?stream=1&stdin=1&stdout=1&stderr=1`

describe('docker attach over a WebSocket', () => {
  it('talks to a shell, and hears of its end', async () => {
    const id = await created({ Cmd: ['sh'], StdinOnce: true })
    const client = await openSocket(url(id))
    await start(id)
    client.socket.send('echo out; echo err >&2; read -r a; echo "got $a"; exit 7\n')
    await client.heard('err\n')
    client.socket.send('this\n')
    expect(await client.closed).toBe(1000)
    expect(client.text()).toContain('got this\n')
    expect(await exitCode(id)).toBe(7)
  })
  it('ends cat by closing, and carries a megabyte both ways', async () => {
    const id = await created({ Cmd: ['cat'], StdinOnce: true })
    const client = await openSocket(url(id))
    await start(id)
    const piece = 'x'.repeat(65_535)
    for (let at = 0; at < 16; at += 1) client.socket.send(`${piece}\n`)
    client.socket.send('end\n')
    await client.heard('end\n')
    expect(client.text().length).toBe(16 * 65_536 + 'end\n'.length)
    client.socket.close()
    expect(await exitCode(id)).toBe(0)
  })
})
