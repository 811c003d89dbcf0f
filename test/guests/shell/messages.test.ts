import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHost, type Host } from '../../../dist/index.js'
import { DATA_DIRECTORY } from '../../support/bulkhead.ts'

let host: Host
beforeAll(async () => {
  host = await createHost({ dataDir: DATA_DIRECTORY })
})
afterAll(() => host.close())

// One process writes at a time: dash writes a message in parts, and those of two would mix.
const LINES = `
(nothing1)
f() {
  nothing2 | :
  : | nothing3
  (nothing4)
  { nothing5; } | cat
}
f
for i in 1; do : $(nothing6); done | cat
nothing7 &
wait
`

it('an error says the line that it is in, also where a process of its own has it', async () => {
  const dash = await promisify(execFile)('/bin/dash', ['-c', LINES, 'sh'])
  const ours = await host.run({ image: 'base', cmd: ['sh', '-c', LINES] })
  expect(Buffer.from(ours.stderr).toString()).toBe(dash.stderr)
})
