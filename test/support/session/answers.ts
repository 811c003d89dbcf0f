import { expect } from 'vitest'
import type { DockerSession } from '../docker-session.ts'
import { type Expected, type Row, wordsOf } from './row.ts'

const like = (expected: Expected): unknown =>
  typeof expected === 'string' ? expected : expect.stringMatching(expected)

/** Expects that a command says what its row says; `$HOST` in it is the session's directory. */
export async function answers(
  session: DockerSession,
  { command, stdin, until, code, stdout, stderr }: Row,
): Promise<void> {
  const args = wordsOf(command).map((word) => word.replace('$HOST', session.directory))
  const done = await session.docker(args, stdin, until)
  const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString()
  const said = { code: done.code, stdout: utf8(done.stdout), stderr: utf8(done.stderr) }
  expect(said).toEqual({ code, stdout: like(stdout), stderr: like(stderr) })
}
