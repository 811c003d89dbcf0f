import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'

let session: DockerSession
beforeAll(async () => {
  session = await dockerSession()
  await session.docker(['pull', 'python'])
})
afterAll(async () => {
  await session.stop()
})
const ok = (...args: readonly string[]): Promise<string> => session.ok(...args)

describe("a container's files", () => {
  it('outlive its run: a second start finds what the first wrote, and misses what it removed', async () => {
    const source = [
      'import os',
      'print(sorted(os.listdir("/kept")) if os.path.isdir("/kept") else "first")',
      'os.makedirs("/kept", exist_ok=True)',
      'open(f"/kept/{len(os.listdir(\'/kept\'))}", "w").write("x")',
      'print(os.path.exists("/etc/group"))',
      'os.path.exists("/etc/group") and os.remove("/etc/group")',
    ].join('\n')
    await ok('create', '--name', 'kept', 'python', '-c', source)
    expect(await ok('start', '-a', 'kept')).toBe('first\nTrue')
    expect(await ok('start', '-a', 'kept')).toBe("['0']\nFalse")
    expect(await ok('restart', 'kept')).toBe('kept')
    await ok('wait', 'kept')
    expect((await ok('logs', 'kept')).split('\n').slice(-2)).toEqual(["['0', '1']", 'False'])
    await ok('rm', 'kept')
  })
  it('outlive a kill', async () => {
    const source =
      'import os\nprint(os.path.exists("/mark"), flush=True)\nopen("/mark", "w").close()\nprint("ready", flush=True)\nwhile True: pass'
    await ok('run', '-d', '--name', 'killed', 'python', '-c', source)
    const logs = session.docker(['logs', '-f', 'killed'])
    await untilLogged('killed', 'ready')
    await ok('kill', 'killed')
    expect((await logs).stdout).toBe('False\nready\n')
    await ok('start', 'killed')
    await untilLogged('killed', 'True')
    await ok('rm', '-f', 'killed')
  })
})

/** Follows a container's log until a line is `text`. */
async function untilLogged(name: string, text: string): Promise<void> {
  const response = await fetch(
    `http://127.0.0.1:${session.port}/containers/${name}/logs?follow=1&stdout=1`,
  )
  let seen = ''
  for await (const piece of response.body ?? []) {
    seen += Buffer.from(piece as Uint8Array).toString('latin1')
    if (seen.includes(`${text}\n`)) return
  }
  throw new Error(`the container ended without ${text}: ${seen}`)
}
