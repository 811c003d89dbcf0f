import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'

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

/** How a case ends, where that is not 0. */
const EXIT_CODE = new Map([['proc_exit-code-is-a-byte', 300 & 0xff]])

it.each([
  ['preview1-file', 13],
  ['preview1-path', 8],
  ['preview1-time', 8],
  ['snapshot0-layouts', 3],
  ['wasmedge-sockets', 3],
])('every case of %s holds', async (guest, count) => {
  const module = `guests/build/${guest}.wasm`
  const list = (await host.run({ module, args: ['--list'] })).text().trim().split('\n')
  expect(list).toHaveLength(count)
  for (const name of list) {
    const done = await host.run({ module, args: [name, 'ü1'] })
    expect([done.text(), done.message]).toEqual([`ok ${name}\n`, undefined])
    expect(done.exitCode).toBe(EXIT_CODE.get(name) ?? 0)
  }
})
