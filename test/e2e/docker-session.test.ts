import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownImages } from '../support/daemon.ts'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'
import { LIVING, RUNNING } from '../support/session/containers.ts'
import { FILES, OBJECTS, PROGRAMS } from '../support/session/objects.ts'
import { type Expected, type Row, wordsOf } from '../support/session/row.ts'

/** In order, against one daemon: later rows find what earlier ones left. */
const SESSION = {
  'docker run': RUNNING,
  "a container's life": LIVING,
  'files and images': FILES,
  'the program of a container': PROGRAMS,
  'networks, volumes and the daemon': OBJECTS,
} as const satisfies Readonly<Record<string, readonly Row[]>>

const GREETER = fileURLToPath(new URL('../../guests/build/hello-world.wasm', import.meta.url))

let session: DockerSession
let directory = ''
beforeAll(async () => {
  directory = await ownImages(['hello-world', 'python'])
  session = await dockerSession(directory)
  writeFileSync(join(session.directory, 'in'), 'from the host')
  copyFileSync(GREETER, join(session.directory, 'tool.wasm'))
  mkdirSync(join(session.directory, 'bin'))
  symlinkSync('/real', join(session.directory, 'bin', 'tool'))
})
afterAll(async () => {
  await session.stop()
  rmSync(directory, { recursive: true })
})

const like = (expected: Expected): unknown =>
  typeof expected === 'string' ? expected : expect.stringMatching(expected)

async function answers({ command, stdin, until, code, stdout, stderr }: Row): Promise<void> {
  const args = wordsOf(command).map((word) => word.replace('$HOST', session.directory))
  const done = await session.docker(args, stdin, until)
  const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString()
  const said = { code: done.code, stdout: utf8(done.stdout), stderr: utf8(done.stderr) }
  expect(said).toEqual({ code, stdout: like(stdout), stderr: like(stderr) })
}

describe.each(Object.entries(SESSION))('%s', (_, rows) => {
  it.each(rows.map((row) => [row.command, row] as const))('docker %s', async (_command, row) => {
    await answers(row)
  })
})

it('has at least 150 commands, no two the same', () => {
  const commands = new Set(Object.values(SESSION).flatMap((rows) => rows.map((one) => one.command)))
  expect(commands.size).toBeGreaterThanOrEqual(150)
})
