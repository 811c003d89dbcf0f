import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

/** Guests whose children run the same program, which stands at /bin/self. */
it.each([
  ['spawn-tree', ['endings', 'four generations', 'failures', 'searched', 'many at once']],
  ['child-pipes', ['a pipeline', 'a reader that is gone']],
  ['child-signals', ['endings', 'waits', 'SIGCHLD']],
  ['wait-forms', ['nobody', 'by group', 'stops', 'usage']],
  [
    'exec-program',
    [
      'before exec',
      'after exec',
      'a child that is another program',
      'a signal for a handler that is gone',
      'before exec',
      'after exec',
    ],
  ],
  ['timers', ['once', 'again and again', 'failures', 'waits', 'children and exec']],
  ['inheritance', ['an action that fails', 'masks', 'what waits', 'all of it']],
])('%s holds', async (guest, checked) => {
  const module = `guests/build/${guest}.wasm`
  const files = { '/bin/self': readFileSync(module) }
  const done = await host.run({ module, files, limits: { timeoutMs: 40_000 } })
  expect(done.text()).toBe(checked.map((what) => `ok ${what}\n`).join(''))
  expect([done.exitCode, done.message]).toEqual([0, undefined])
})
