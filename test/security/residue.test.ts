import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'

const MODULE = 'guests/build/residue.wasm'

let directory = ''
let host: Host
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  // One slot: every run has the thread, the rings and the control block of the one before.
  host = await createHost({ dataDir: directory, slots: 1 })
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

const backwards = (text: string) => [...text].reverse().join('')
const pattern = () => randomBytes(8).toString('hex')
const plant = (text: string) =>
  host.run({
    module: MODULE,
    args: ['plant', text],
    env: { CANARY: text },
    stdin: text.repeat(2_000),
    files: { [`/tmp/in-${text}`]: text },
  })

it('a guest finds nothing of the guests before it in memory, files, descriptors or environment', async () => {
  for (let round = 0; round < 5; round += 1) {
    const text = pattern()
    expect((await plant(text)).text()).toBe(`${text}\n`)
    const done = await host.run({ module: MODULE, args: ['search', backwards(text)] })
    expect([done.text(), done.exitCode]).toEqual(['found 0\n', 0])
  }
  expect(host.inUse().threads).toBeLessThanOrEqual(3)
})
it('what is there is found: in its own memory, files and environment', async () => {
  const text = pattern()
  const done = await host.run({ module: MODULE, args: ['search', backwards(text), text] })
  expect(done.text()).toMatch(/memory\nfound \d{6,}\n$/)
  const other = pattern()
  const search = { module: MODULE, args: ['search', backwards(other)] }
  const file = await host.run({ ...search, files: { '/var/x': other } })
  expect(file.text()).toBe('a file\nfound 1\n')
  const stdin = await host.run({ ...search, stdin: other })
  expect(stdin.text()).toBe('a file\nfound 1\n')
  const env = await host.run({ ...search, env: { X: other } })
  // Once in the memory of the guest itself, where its C library keeps the environment.
  expect(env.text()).toMatch(/found [1-9]/)
})
