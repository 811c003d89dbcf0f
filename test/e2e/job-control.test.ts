import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'
import {
  atKeyboard,
  CTRL_C,
  CTRL_D,
  CTRL_Z,
  inBase,
  line,
  PROMPT,
  press,
  said,
  say,
  shows,
} from '../support/pty/keyboard.ts'
import type { Step, Typed } from '../support/pty/typed.ts'

let session: DockerSession
beforeAll(async () => {
  session = await dockerSession()
  await session.ok('pull', '-q', 'base')
})
afterAll(() => session.stop())

const run = (...steps: readonly Step[]): Promise<Typed> => inBase(session, ...steps)

/** The same in a shell beside PID 1. */
async function beside(...steps: readonly Step[]): Promise<Typed> {
  const id = await session.ok('run', '-dit', 'base')
  const done = await atKeyboard(session, ['exec', '-it', id, 'sh'], [PROMPT, ...steps])
  expect(await session.ok('inspect', '-f', '{{.State.Status}}', id)).toBe('running')
  await session.ok('rm', '-f', id)
  return done
}

/** A job that has read a line of the terminal is in the foreground. */
const inForeground: readonly Step[] = [line('go'), { until: 'got-go\r\n' }]
const JOB = "sh -c 'read x; echo got-$x; exec sleep 100'"
/** The shell asks for what has ended while it waits for something else. */
const UNTIL_GONE = 'while kill -0 $! 2>/dev/null; do sleep 0.01; done'
/** It ends when /tmp/go is there. */
const WAITS = 'while [ ! -e /tmp/go ]; do sleep 0.05; done'

describe.each([
  ['docker run -it', run],
  ['docker exec -it', beside],
])('%s: job control', (_, shell) => {
  it('stops the foreground by ^Z, names what stopped, and brings it back', async () => {
    const done = await shell(
      line(JOB),
      ...inForeground,
      press(CTRL_Z),
      shows(`[1]+  Stopped                 ${JOB}\r\n`),
      PROMPT,
      say('stopped'),
      said('stopped', 148),
      PROMPT,
      line('jobs'),
      shows(`[1]+  Stopped                 ${JOB}\r\n`),
      PROMPT,
      line('fg'),
      shows(`${JOB}\r\n`),
      press(CTRL_C),
      PROMPT,
      say('ended'),
      said('ended', 130),
      PROMPT,
      line('jobs; echo none-$?'),
      shows('none-0'),
      PROMPT,
      line('fg'),
      shows('sh: No such job: %+'),
      PROMPT,
      line('exit 3'),
    )
    expect(done.status).toBe(3)
  })
  it('lets what stopped go on in the background', async () => {
    await shell(
      line(`sh -c 'read x; echo got-$x; ${WAITS}; echo end-$((40+2))'`),
      ...inForeground,
      press(CTRL_Z),
      shows('[1]+  Stopped '),
      PROMPT,
      line('touch /tmp/go; bg; wait; jobs; echo over-$((40+2))'),
      shows('[1] sh -c '),
      { until: 'end-42\r\nover-42' },
      PROMPT,
      press(CTRL_D),
    )
  })
  it('stops and continues a pipeline as a whole', async () => {
    await shell(
      line(
        `sh -c 'read x </dev/tty; echo got-$x >/dev/tty; ${WAITS}; echo one' | cat | sh -c 'while read y; do echo y-$y; done; exit 5'`,
      ),
      ...inForeground,
      press(CTRL_Z),
      shows('[1]+  Stopped '),
      PROMPT,
      // The shells, cat, and a sleep if one ran at that moment.
      line("ps -o stat,args | grep -c '^T.* \\(sh -c\\|cat\\)'"),
      shows('3\r\n'),
      PROMPT,
      line('touch /tmp/go; fg'),
      shows('y-one\r\n'),
      PROMPT,
      say('status'),
      said('status', 5),
      PROMPT,
      press(CTRL_D),
    )
  })
})

describe('a job in the background', () => {
  it('is stopped when it reads the terminal, and reads it in the foreground', async () => {
    await run(
      line('cat & wait $!; echo status-$?'),
      // 128 + SIGTTIN.
      { until: 'status-149\r\n' },
      { until: '[1]+  Stopped                 cat\r\n' },
      PROMPT,
      line('bg; wait %1; echo again-$?'),
      { until: 'again-149\r\n' },
      PROMPT,
      line('fg'),
      shows('cat\r\n'),
      line('words'),
      shows('words\r\n'),
      press(CTRL_D),
      PROMPT,
      say('read'),
      said('read', 0),
      PROMPT,
      press(CTRL_D),
    )
  })
  it('that was stopped in a read of the terminal does not read on behind', async () => {
    await run(
      line('cat'),
      line('words'),
      shows('words\r\n'),
      press(CTRL_Z),
      shows('[1]+  Stopped                 cat\r\n'),
      PROMPT,
      line('bg; wait %1; echo status-$?'),
      { until: 'status-149\r\n' },
      PROMPT,
      line('kill %1; wait %1; echo status-$?'),
      { until: 'status-143\r\n' },
      PROMPT,
      press(CTRL_D),
    )
  })
  it('writes to the terminal, unless the terminal is set to stop it', async () => {
    await run(
      line('(echo from-$((40+2))) & wait $!'),
      { until: 'from-42\r\n' },
      PROMPT,
      line('stty tostop; (echo late-$((40+2))) & wait $!; echo status-$?'),
      // 128 + SIGTTOU.
      { until: 'status-150\r\n' },
      PROMPT,
      line('fg'),
      shows('late-42\r\n'),
      PROMPT,
      line('stty -tostop; (echo free-$((40+2))) & wait $!'),
      { until: 'free-42\r\n' },
      PROMPT,
      press(CTRL_D),
    )
  })
  it('is sent signals and waited for by its name', async () => {
    await run(
      line('sleep 100 & sleep 101 & sleep 102 &'),
      PROMPT,
      line('kill %1; wait %1; echo first-$?'),
      { until: 'first-143\r\n' },
      PROMPT,
      line('kill -s INT %?101; wait %2; echo second-$?'),
      { until: 'second-130\r\n' },
      PROMPT,
      line('kill -STOP %sleep; wait %3; echo third-$?'),
      { until: 'third-147\r\n' },
      { until: '[3]+  Stopped                 sleep 102\r\n' },
      PROMPT,
      line('kill %3; wait %3; echo fourth-$?'),
      { until: 'fourth-143\r\n' },
      PROMPT,
      line('kill %9; echo none-$?'),
      { until: 'No such job: %9\r\nnone-1\r\n' },
      PROMPT,
      press(CTRL_D),
    )
  })
})

describe('a shell with job control', () => {
  it.each([
    ['exit', line('exit')],
    ['^D', press(CTRL_D)],
  ])('says once on %s that there are stopped jobs', async (_, end) => {
    const done = await run(
      line('sleep 100 & kill -STOP $!; wait $!; echo status-$?'),
      { until: 'status-147\r\n' },
      PROMPT,
      end,
      { until: 'You have stopped jobs.\r\n' },
      PROMPT,
      line('echo one-$((40+2))'),
      { until: 'one-42\r\n' },
      PROMPT,
      line('echo two-$((40+2))'),
      { until: 'two-42\r\n' },
      PROMPT,
      end,
      { until: 'You have stopped jobs.\r\n' },
      PROMPT,
      end,
    )
    expect(done.status).toBe(0)
  })
  it('has none after set +m, and has it again after set -m', async () => {
    await run(
      line('set +m; bg; echo status-$?'),
      { until: 'status-2\r\n' },
      PROMPT,
      line('fg; echo status-$?'),
      { until: 'no job control\r\nstatus-2\r\n' },
      PROMPT,
      line(JOB),
      ...inForeground,
      // Its group is the shell's, which nobody could wake.
      press(CTRL_Z),
      press(CTRL_C),
      PROMPT,
      say('after'),
      said('after', 130),
      PROMPT,
      line('set -m'),
      PROMPT,
      line(JOB),
      ...inForeground,
      press(CTRL_Z),
      shows('[1]+  Stopped '),
      PROMPT,
      line('kill %%; wait; echo over-$((40+2))'),
      { until: 'over-42\r\n' },
      PROMPT,
      press(CTRL_D),
    )
  })
  it('does not let ^Z stop what it itself waits for', async () => {
    const reads = 'read y </dev/tty; echo got-$y >/dev/tty; read z </dev/tty; echo $z'
    await run(
      line('sh'),
      PROMPT,
      line(`x=$(sh -c '${reads}'); echo "value-$x"`),
      ...inForeground,
      press(CTRL_Z),
      line('more'),
      shows('value-more\r\n'),
      PROMPT,
      line('echo out-$((40+2)); exit'),
      shows('out-42\r\n'),
      PROMPT,
      press(CTRL_D),
    )
  })
  it('tells of what has ended before it asks again', async () => {
    await run(
      line(`sh -c 'exit 3' & ${UNTIL_GONE}`),
      { until: "[1]+  Done(3)                 sh -c 'exit 3'\r\n" },
      PROMPT,
      line(`sh -c 'kill -TERM $$' & ${UNTIL_GONE}`),
      { until: '[1]+  Terminated              sh -c ' },
      PROMPT,
      line('jobs; echo none-$?'),
      shows('none-0'),
      PROMPT,
      press(CTRL_D),
    )
  })
})
