import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Done } from '../support/docker-command.ts'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'

let session: DockerSession
beforeAll(async () => {
  session = await dockerSession()
  await session.ok('pull', '-q', 'base')
})
afterAll(() => session.stop())

const COUNT = 50

interface Case {
  readonly command: (n: number) => readonly string[]
  readonly expected: (n: number) => Done
}
/** Each prints, fails and reads in its own way. */
const CASES: readonly Case[] = [
  {
    command: (n: number) => ['sh', '-c', `echo out-${n}; echo err-${n} >&2; exit ${n}`],
    expected: (n: number) => ({ code: n, stdout: `out-${n}\n`, stderr: `err-${n}\n` }),
  },
  {
    command: (n: number) => ['sh', '-c', `seq 1 ${n * 100} | grep -c . | cat`],
    expected: (n: number) => ({ code: 0, stdout: `${n * 100}\n`, stderr: '' }),
  },
  {
    command: () => ['cat'],
    expected: (n: number) => ({ code: 0, stdout: `in-${n}`, stderr: '' }),
  },
]

it.each([
  ['sleeps', 'sleep 1000'],
  ['spins', 'while :; do :; done'],
])(
  `${COUNT} docker execs at once are all right while PID 1 %s`,
  async (_, script) => {
    const limits = ['--pids-limit', '400']
    const id = await session.ok('run', '-d', ...limits, 'base', 'sh', '-c', script)
    const numbers = Array.from({ length: COUNT }, (_unused, index) => index + 1)
    const caseOf = (n: number): Case => CASES[n % CASES.length] as Case // a remainder is in it
    const done = await Promise.all(
      numbers.map((n) => session.docker(['exec', '-i', id, ...caseOf(n).command(n)], `in-${n}`)),
    )
    expect(done).toEqual(numbers.map((n) => caseOf(n).expected(n)))
    // Nothing of them is left beside PID 1 and what it runs itself.
    const { stdout } = await session.docker(['top', id])
    expect(stdout.trim().split('\n').length).toBeLessThanOrEqual(3)
    await session.ok('rm', '-f', id)
  },
  120_000,
)
