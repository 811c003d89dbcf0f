import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'
import { type Step, typed } from '../support/pty/typed.ts'

let session: DockerSession
let directory = ''
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'terminal-'))
  // Over TCP the client does not see that its own detach keys were typed, and waits for the container.
  session = await dockerSession(undefined, `unix://${join(directory, 'docker.sock')}`)
  await session.ok('pull', '-q', 'python')
})
afterAll(async () => {
  await session.stop()
  rmSync(directory, { recursive: true })
})

const DOCKER = process.env['BULKHEAD_DOCKER'] ?? 'docker'
/** The docker client at a keyboard. */
const atKeyboard = (args: readonly string[], steps: readonly Step[]) =>
  typed([DOCKER, ...args], steps, {
    HOME: session.directory,
    DOCKER_HOST: session.address,
  })

const PROMPT: Step = { until: '>>> ' }
const FACTS = 'import sys, os; print(sys.stdin.isatty(), sys.stderr.isatty(), os.environ["TERM"])\r'
const LEAVE = '\x10\x11'

describe('docker run -it', () => {
  it('is a conversation: prompts, lines that are edited, the end of the input', async () => {
    const done = await atKeyboard(
      ['run', '--rm', '-it', 'python', '-q'],
      [
        PROMPT,
        { type: FACTS },
        { until: 'True True xterm' },
        { type: 'input("name? ")\r' },
        { until: '\nname? ' },
        { type: 'bx\x7fob\r' },
        { until: "'bob'" },
        PROMPT,
        { type: '\x04' },
      ],
    )
    expect(done).toMatchObject({ status: 0 })
    expect(done.screen).toContain('bx\b \bob\r\n')
  })
  it('is left by the detach keys, and taken up again', async () => {
    const left = await atKeyboard(
      ['run', '--name', 'kept', '-it', 'python', '-q'],
      [PROMPT, { type: 'word = 40 + 2\r' }, PROMPT, { type: LEAVE }],
    )
    expect(left.missing).toBeUndefined()
    expect(await session.ok('inspect', '-f', '{{.State.Status}}', 'kept')).toBe('running')
    const again = await atKeyboard(
      ['attach', 'kept'],
      [{ type: 'print("word", word)\r' }, { until: '\nword 42\r\n' }, { type: 'exit(5)\r' }],
    )
    expect(again).toMatchObject({ status: 5 })
    // Its log is what was to be seen, without frames.
    expect(await session.ok('logs', 'kept')).toContain('>>> word = 40 + 2')
    await session.ok('rm', 'kept')
  })
  it('with an init is interrupted by ^C', async () => {
    const done = await atKeyboard(
      ['run', '--rm', '--init', '-it', 'python', '-c', 'print("up"); input()'],
      [{ until: 'up\r\n' }, { type: '\x03' }],
    )
    expect(done).toMatchObject({ status: 130 })
    expect(done.screen).toContain('^C')
  })
})

describe('docker exec -it', () => {
  it('has a terminal of its own beside a PID 1 that has none, and its exit code', async () => {
    await session.ok('run', '-d', '--name', 'box', '-i', 'python', '-c', 'input()')
    const done = await atKeyboard(
      ['exec', '-it', 'box', '/bin/python', '-q'],
      [PROMPT, { type: FACTS }, { until: 'True True xterm' }, { type: 'exit(7)\r' }],
    )
    expect(done).toMatchObject({ status: 7 })
  })
  it('ends by ^C, also while it computes', async () => {
    const done = await atKeyboard(
      ['exec', '-it', 'box', '/bin/python', '-c', 'print("up")\nwhile True: pass'],
      [{ until: 'up\r\n' }, { type: '\x03' }],
    )
    expect(done).toMatchObject({ status: 130 })
  })
  it('is left by the detach keys, and goes on', async () => {
    const left = await atKeyboard(
      ['exec', '-it', '--detach-keys', 'ctrl-a,x', 'box', '/bin/python', '-q'],
      [PROMPT, { type: '\x01x' }],
    )
    expect(left.missing).toBeUndefined()
    expect((await session.ok('top', 'box')).split('\n').length).toBe(3)
  })
})
