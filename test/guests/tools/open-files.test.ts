import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../../dist/index.js'
import { bulkhead, DATA_DIRECTORY } from '../../support/bulkhead.ts'

let host: Host
beforeAll(async () => {
  await bulkhead(['pull', 'base'])
  host = await createHost({ dataDir: DATA_DIRECTORY })
})
afterAll(() => host.close())

const script = async (text: string, more: object = {}) => {
  const done = await host.run({ image: 'base', cmd: ['sh', '-c', text], ...more })
  return [done.exitCode, done.text(), Buffer.from(done.stderr).toString()]
}

/** What Linux prints for the same script, but for the numbers of pipes. */
describe('/proc/self/fd', () => {
  it.each([
    ['readlink /proc/self/fd/3 3</etc/passwd', '/etc/passwd\n'],
    ['ls -l /proc/self/fd | grep -c "^l"', '4\n'],
    ['ls /proc/self/fd | tr "\\n" " "', '0 1 2 3 '],
    ['ls -l /proc/self/fd | sed -n "s/.* 3 -> //p" | sed "s/[0-9][0-9]*/N/"', '/proc/N/fd\n'],
    ['ls -l /proc/self/fd | sed -n "s/^\\(.*\\) 1 root.* 1 -> pipe:.*/\\1/p"', 'l-wx------\n'],
    ['echo x | readlink /proc/self/fd/0 | sed "s/[0-9][0-9]*/N/"', 'pipe:[N]\n'],
    [
      'readlink /proc/self/fd/4 4>&1 >/tmp/a | readlink /proc/self/fd/0 >/tmp/b; cmp /tmp/a /tmp/b && echo one',
      'one\n',
    ],
    ['echo through | cat /dev/stdin', 'through\n'],
    ['echo through | cat /dev/fd/0', 'through\n'],
    ['echo through | cat </proc/self/fd/0', 'through\n'],
    ['echo out >/dev/stdout; echo more >/dev/fd/1', 'out\nmore\n'],
    ['echo x >/tmp/f; exec 3</tmp/f; rm /tmp/f; readlink /proc/$$/fd/3', '/tmp/f (deleted)\n'],
    ['test -p /dev/stdin && echo pipe', 'pipe\n'],
    ['ls -l /proc/self/fd >/dev/null; echo $?', '0\n'],
  ])('%s', async (text, wanted) => {
    expect(await script(text, { stdin: 'in' })).toEqual([0, wanted, ''])
  })
  it('opens a pipe of its own for a user that is not root', async () => {
    const done = await script('echo through | cat /dev/stdin >/dev/stdout', { user: '7:9' })
    expect(done).toEqual([0, 'through\n', ''])
  })
  it('calls a terminal by a name that is there', async () => {
    const terminal = { rows: 24, columns: 80 }
    const [, text] = await script('readlink /proc/self/fd/0; ls /dev/pts; echo typed >/dev/pts/0', {
      terminal,
    })
    expect(text).toBe('/dev/pts/0\r\n0\r\ntyped\r\n')
  })
})
