import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'
import {
  atKeyboard,
  CTRL_A,
  CTRL_C,
  CTRL_D,
  CTRL_E,
  inBase,
  line,
  PROMPT,
  said,
  say,
} from '../support/pty/keyboard.ts'
import type { Step, Typed } from '../support/pty/typed.ts'

let session: DockerSession
beforeAll(async () => {
  session = await dockerSession()
  await session.ok('pull', '-q', 'base')
})
afterAll(() => session.stop())

const shell = (...steps: readonly Step[]): Promise<Typed> => inBase(session, ...steps)

const [UP, LEFT, RIGHT] = ['\x1b[A', '\x1b[D', '\x1b[C']

describe('docker run -it base', () => {
  it('edits lines: backspace, arrows, ^A and ^E, and the history', async () => {
    const done = await shell(
      { type: 'ecxx\x7f\x7fho on' },
      { type: `${LEFT}${LEFT}tw-${RIGHT}${RIGHT}` },
      { type: `e${CTRL_A}X=5; ${CTRL_E} $((X*8))\r` },
      { until: '\ntw-one 40\r\n' },
      PROMPT,
      { type: `${UP}.\r` },
      { until: '\ntw-one 40.\r\n' },
      PROMPT,
      { type: `${UP}${UP}..\r` },
      { until: '\ntw-one 40..\r\n' },
      PROMPT,
      { type: CTRL_D },
    )
    expect(done.status).toBe(0)
  })
  it('has the size of its terminal, and is told of another', async () => {
    await shell(
      line('stty size'),
      { until: '\n33 99\r\n' },
      line("trap 'echo now $(stty size)' WINCH"),
      PROMPT,
      { size: [41, 120] },
      { until: 'now 41 120' },
      line('stty size'),
      { until: '\n41 120\r\n' },
      PROMPT,
      { type: CTRL_D },
    )
  })
  it('is interrupted by ^C, and lives on', async () => {
    const done = await shell(
      { type: `nonsense${CTRL_C}` },
      { until: '^C' },
      PROMPT,
      line('echo up$((1+1)); sleep 100'),
      { until: '\nup2\r\n' },
      { type: CTRL_C },
      PROMPT,
      say('after'),
      said('after', 130),
      line('echo in$((1+1)); while :; do :; done'),
      { until: '\nin2\r\n' },
      { type: CTRL_C },
      PROMPT,
      line('echo nine-$((20+22)); (exit 9)'),
      { until: '\nnine-42\r\n' },
      PROMPT,
      { type: CTRL_D },
    )
    expect(done.status).toBe(9)
  })
  it('interrupts a pipeline as a whole', async () => {
    await shell(
      // What has read a line is in the foreground, and all before it has been started.
      line('sleep 101 | cat | (echo up$((1+1)); read x </dev/tty; echo got-$x; sleep 102)'),
      { until: '\nup2\r\n' },
      line('go'),
      { until: 'got-go\r\n' },
      { type: CTRL_C },
      PROMPT,
      say('after'),
      said('after', 130),
      line('ps -o args | grep -c "[s]leep 10"'),
      { until: '\n0\r\n' },
      PROMPT,
      { type: CTRL_D },
    )
  })
  it('shows top, which draws again until q', async () => {
    await shell(
      line('top -d 0.1'),
      { until: 'COMMAND' },
      { until: 'COMMAND' },
      { until: 'COMMAND' },
      { type: 'q' },
      PROMPT,
      say('after'),
      said('after', 0),
      PROMPT,
      { type: CTRL_D },
    )
  })
})

describe('docker exec -it', () => {
  it('is a shell of its own beside that of docker run', async () => {
    const id = await session.ok('run', '-dit', 'base')
    const done = await atKeyboard(
      session,
      ['exec', '-it', id, 'sh'],
      [
        PROMPT,
        line('echo me$$ of $(ps -o pid | grep -c 1)'),
        { until: '\nme' },
        PROMPT,
        line('echo up$((1+1)); sleep 105'),
        { until: '\nup2\r\n' },
        { type: CTRL_C },
        PROMPT,
        line('exit 6'),
      ],
    )
    expect(done.status).toBe(6)
    expect(await session.ok('inspect', '-f', '{{.State.Status}}', id)).toBe('running')
    await session.ok('rm', '-f', id)
  })
})
