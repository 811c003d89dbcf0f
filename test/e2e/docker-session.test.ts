import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownImages } from '../support/daemon.ts'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'
import { answers } from '../support/session/answers.ts'
import { LIVING, RUNNING } from '../support/session/containers.ts'
import { FILES, OBJECTS, PROGRAMS } from '../support/session/objects.ts'
import type { Row } from '../support/session/row.ts'

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

describe.each(Object.entries(SESSION))('%s', (_, rows) => {
  it.each(rows.map((row) => [row.command, row] as const))('docker %s', async (_command, row) => {
    await answers(session, row)
  })
})

it('has at least 150 commands, no two the same', () => {
  const commands = new Set(Object.values(SESSION).flatMap((rows) => rows.map((one) => one.command)))
  expect(commands.size).toBeGreaterThanOrEqual(150)
})
