import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'

let session: DockerSession
beforeAll(async () => {
  session = await dockerSession()
  await session.ok('pull', '-q', 'base')
})
afterAll(() => session.stop())

const ok = (...args: readonly string[]) => session.ok(...args)

/** Waits for a line of its output. */
const heard = (id: string, text: string) => session.docker(['logs', '-f', id], '', RegExp(text))
/** A shell as PID 1, once it has said that it is ready. */
async function begin(script: string, ...options: readonly string[]): Promise<string> {
  const id = await ok('run', '-d', ...options, 'base', 'sh', '-c', script)
  await heard(id, 'ready\n')
  return id
}
const logsOf = (id: string) => ok('logs', id)
const exitOf = async (id: string) => Number(await ok('wait', id))
const isRunning = async (id: string) =>
  (await ok('inspect', '-f', '{{.State.Running}}', id)) === 'true'
async function shell(script: string, ...options: readonly string[]) {
  return session.docker(['run', '--rm', ...options, 'base', 'sh', '-c', script])
}

const LOOP = 'echo ready; while :; do sleep 1; done'
const TRAP = `trap "echo got; exit 3" TERM; ${LOOP}`

describe('docker kill and stop, and a shell that', () => {
  it('has a trap: it runs, and its exit code is the container’s', async () => {
    const id = await begin(TRAP)
    await ok('kill', '-s', 'TERM', id)
    expect([await exitOf(id), await logsOf(id)]).toEqual([3, 'ready\ngot'])
    await ok('rm', id)
  })
  it('has a trap, and makes no call: it runs all the same', async () => {
    const id = await begin('trap "echo got; exit 3" TERM; echo ready; while :; do :; done')
    await ok('stop', '-t', '50', id)
    expect([await exitOf(id), await logsOf(id)]).toEqual([3, 'ready\ngot'])
    await ok('rm', id)
  })
  it('has a trap: stop needs no SIGKILL', async () => {
    const id = await begin(TRAP)
    await ok('stop', '-t', '50', id)
    const state = await ok('inspect', '-f', '{{.State.ExitCode}} {{.State.OOMKilled}}', id)
    expect([state, await logsOf(id)]).toEqual(['3 false', 'ready\ngot'])
    await ok('rm', id)
  })
  it('has traps for others: each comes, and it lives on', async () => {
    const traps = 'for s in HUP USR1 USR2 INT WINCH; do trap "echo got-$s" $s; done'
    const id = await begin(`${traps}; ${LOOP}`)
    for (const signal of ['HUP', 'USR1', 'SIGUSR2', '2', 'WINCH']) {
      await ok('kill', '-s', signal, id)
      const name = signal === '2' ? 'INT' : signal.replace('SIG', '')
      await heard(id, `got-${name}\n`)
    }
    expect(await isRunning(id)).toBe(true)
    await ok('rm', '-f', id)
  })
  it('has none, as PID 1: only SIGKILL ends it', async () => {
    const id = await begin(`trap 'echo mark' USR1; ${LOOP}`)
    for (const signal of ['TERM', 'INT', 'HUP', 'USR2']) await ok('kill', '-s', signal, id)
    // What came before it has been looked at.
    await ok('kill', '-s', 'USR1', id)
    await heard(id, 'mark\n')
    expect(await isRunning(id)).toBe(true)
    await ok('stop', '-t', '1', id)
    expect(await exitOf(id)).toBe(137)
    await ok('rm', id)
  })
  it.each([
    ['TERM', 143],
    ['HUP', 129],
    ['USR1', 138],
  ])('has none, behind an init: %s ends it, with %i', async (signal, code) => {
    const id = await begin(LOOP, '--init')
    await ok('kill', '-s', signal, id)
    expect(await exitOf(id)).toBe(code)
    await ok('rm', id)
  })
  it('ignores a signal, behind an init: it lives on', async () => {
    const id = await begin(`trap '' TERM; trap 'echo mark' USR1; ${LOOP}`, '--init')
    await ok('kill', '-s', 'TERM', id)
    await ok('kill', '-s', 'USR1', id)
    await heard(id, 'mark\n')
    await ok('kill', id)
    expect(await exitOf(id)).toBe(137)
    await ok('rm', id)
  })
  it('waits in a builtin: the trap runs at once', async () => {
    const id = await begin("trap 'echo got; exit 4' TERM; sleep 1000 & echo ready; wait")
    await ok('stop', '-t', '50', id)
    expect([await exitOf(id), await logsOf(id)]).toEqual([4, 'ready\ngot'])
    await ok('rm', id)
  })
  it('has a trap on its end: it runs last', async () => {
    const id = await begin(`trap 'echo over' EXIT; trap 'exit 6' TERM; ${LOOP}`)
    await ok('stop', '-t', '50', id)
    expect([await exitOf(id), await logsOf(id)]).toEqual([6, 'ready\nover'])
    await ok('rm', id)
  })
})

describe('the exit code of docker run', () => {
  it.each([
    ['false | true', 0],
    ['set -o pipefail; false | true', 1],
    ['set -o pipefail; (exit 7) | (exit 5) | true', 5],
    ['set -o pipefail; true | true', 0],
    ['set -eo pipefail; (exit 7) | true; exit 0', 7],
    ['! false', 0],
    ['exit 300', 44],
    // A last command takes the place of the shell, which is PID 1, and PID 1 ignores it.
    ['sh -c "kill -TERM \\$\\$; exit 8"', 8],
    ['sh -c "kill -TERM \\$\\$"; exit $?', 143],
    ['sh -c "kill -KILL \\$\\$"; exit $?', 137],
    ['nothing-of-that-name', 127],
    ['/etc', 126],
    ['trap "exit 9" EXIT; exit 3', 9],
    ['set -u; echo $never', 2],
    ['if', 2],
  ])('of %j is %i', async (script, code) => {
    expect((await shell(script)).code).toBe(code)
  })
})

describe('the end of PID 1', () => {
  it('ends what it had started: nothing is written any more', async () => {
    await ok('volume', 'create', 'kept')
    const writes = '(i=0; while :; do i=$((i+1)); echo $i >>/data/count; done) &'
    const script = `${writes} while [ ! -s /data/count ]; do :; done; exit 5`
    expect((await shell(script, '-v', 'kept:/data')).code).toBe(5)
    const read = async () => (await shell('cat /data/count', '-v', 'kept:/data')).stdout
    const [first, second] = [await read(), await read()]
    expect(Number(first)).toBeGreaterThan(0)
    expect(second).toBe(first)
    await ok('volume', 'rm', 'kept')
  })
  it('does not wait for jobs in the background', async () => {
    const done = await shell('sleep 1000 & cat /dev/zero >/dev/null & echo out; exit 4')
    expect([done.code, done.stdout]).toEqual([4, 'out\n'])
  })
  it('leaves no process to be counted: a child that ends is given back', async () => {
    const look = 'read n </sys/fs/cgroup/pids.current; echo $n'
    const script = `sleep 1000 & a=$!; sleep 1001 & ${look}; kill $a $!; wait; ${look}`
    const { stdout } = await shell(script)
    expect(stdout).toBe('3\n1\n')
  })
})
