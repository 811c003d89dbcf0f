import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { bulkhead, DATA_DIRECTORY } from '../support/bulkhead.ts'
import { type Step, typed } from '../support/pty/typed.ts'

beforeAll(async () => void (await bulkhead(['pull', 'base'])))

const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const ENV = { BULKHEAD_DATA_DIR: DATA_DIRECTORY }
const RUN = [process.execPath, '--', cli, 'run', '-it', 'base']

/** `bulkhead run -it base` at a keyboard; all that was waited for must come. */
async function atKeyboard(args: readonly string[], steps: readonly Step[]) {
  const done = await typed([...RUN, ...args], steps, ENV)
  expect(done.missing, done.screen).toBeUndefined()
  return done
}

describe('bulkhead run -it', () => {
  it('is a conversation in which every line ends once', async () => {
    const done = await atKeyboard(
      [],
      [
        { until: '# ' },
        { type: 'echo one; echo "t$((1+1))" >&2\r' },
        { until: '\none\r\nt2\r\n' },
        { until: '# ' },
        { type: 'exit 7\r' },
      ],
    )
    expect(done.status).toBe(7)
  })
  it('has the size of its terminal, and is told of another', async () => {
    await atKeyboard(
      [],
      [
        { until: '# ' },
        { type: "trap 'echo now $(stty size)' WINCH; stty size\r" },
        { until: '\n33 99\r\n' },
        { until: '# ' },
        { size: [41, 120] },
        { until: 'now 41 120' },
        { type: 'exit\r' },
      ],
    )
  })
  it('runs a trap whose signal came while the prompt was being made', async () => {
    await atKeyboard(
      [],
      [
        { until: '# ' },
        { type: "trap 'echo came' USR1; PS1='$(kill -USR1 $$)> '\r" },
        { until: '> ' },
        { until: 'came\r\n' },
        { until: '> ' },
        { type: 'exit\r' },
      ],
    )
  })
  it('passes on what a program writes that makes its own lines', async () => {
    const source = 'stty -opost; printf "a\\nb\\n"; stty opost; echo c'
    const done = await atKeyboard(['sh', '-c', source], [{ until: 'c\r\n' }])
    expect(done.screen).toBe('a\nb\nc\r\n')
  })
  it('gives the terminal back as it was, before it says anything of the run', async () => {
    const run = [...RUN.slice(0, -2), '--usage', '-it', 'base', 'true'].join(' ')
    const rest = 'stty -a | tr " " "\\n" | grep -E "^-?(opost|icanon)$" | sort'
    const done = await typed(['sh', '-c', `${run}; ${rest}`], [{ until: 'icanon\r\n' }], ENV)
    expect(done.screen.replaceAll('\r\n', '|')).toMatch(/^fuel [^\r\n]*\|icanon\|opost\|$/)
  })
})
