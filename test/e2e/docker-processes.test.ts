import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'
import { answers } from '../support/session/answers.ts'
import { PROCESSES } from '../support/session/processes.ts'

let session: DockerSession
beforeAll(async () => {
  session = await dockerSession()
  writeFileSync(join(session.directory, 'env'), 'A=1\n# no variable\nB=two words\n')
  await session.ok('pull', '-q', 'base')
})
afterAll(() => session.stop())

/** In order, against one daemon: later rows find what earlier ones left. */
describe('containers of several processes', () => {
  it.each(PROCESSES.map((row) => [row.command, row] as const))('docker %s', async (_, row) => {
    await answers(session, row)
  })
})
