import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHost, type Host } from '../../../dist/index.js'

let directory = ''
let host: Host
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  host = await createHost({ dataDir: directory })
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

const PASSWD = 'root:x:0:0:root:/root:/bin/sh\ncut:short\nother:x:1000:1000::/:/bin/false\n'
const GROUP = 'root:x:0:\npeople:x:7:root,other\n'

/** What a guest without other processes says that it checked, in its order. */
it.each([
  ['stat-modes', ['modes', 'owners', 'numbers', 'rights', 'file systems']],
  ['working-directory', ['chdir and getcwd', 'relative names', 'by descriptor']],
  ['self-signals', ['handlers', 'once', 'masks', 'sigsuspend', 'one at a time', 'sleep']],
  ['descriptors', ['copies', 'pipes', 'a broken pipe', 'new names']],
  ['identity', ['numbers', 'users', 'host', 'limits', 'usage', 'no terminal']],
])('%s holds', async (guest, checked) => {
  const module = `guests/build/${guest}.wasm`
  const files = { '/etc/passwd': PASSWD, '/etc/group': GROUP }
  const done = await host.run({ module, files, hostname: 'box' })
  expect(done.text()).toBe(checked.map((what) => `ok ${what}\n`).join(''))
  expect([done.exitCode, done.message]).toEqual([0, undefined])
})

it.each([
  ['runs in real time', undefined],
  ['can be repeated', { seed: 1, epoch: 0 }],
])(
  'PID 1 of a run that %s is sent SIGALRM in its sleep, and not ended by it',
  async (_, deterministic) => {
    const module = 'guests/build/timers.wasm'
    const done = await host.run({
      module,
      args: ['sleeper'],
      ...(deterministic && { deterministic }),
      limits: { timeoutMs: 30_000 },
    })
    expect([done.text(), done.exitCode]).toEqual(['ok woken\n', 0])
  },
)
