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

const module = 'guests/build/pipes.wasm'
const BYTES = 2 ** 20
const PIECE = 1_024

/** A chain of processes, whose ends the parent keeps too or does not: what they have used. */
async function chain(stages: number, how: 'lent' | 'kept') {
  const files = { '/p': readFileSync(module) }
  const args = [stages, BYTES, PIECE, how].map(String)
  const done = await host.run({ module, args, files, limits: { timeoutMs: 60_000 } })
  expect([done.exitCode, done.message, Buffer.from(done.stderr).toString()]).toEqual([
    0,
    undefined,
    '',
  ])
  expect(Number(done.text())).toBeGreaterThan(0)
  return done.usage
}

it.each([2, 4])(
  'pipes of a chain of %i need no kernel where a process has an end alone',
  async (stages) => {
    const kept = await chain(stages, 'kept')
    const lent = await chain(stages, 'lent')
    // What the kernel was asked: each byte is written once and read once in each pipe.
    expect(kept.syscalls).toBeGreaterThan(((stages - 1) * BYTES) / PIECE)
    expect(lent.syscalls).toBeLessThan(kept.syscalls / 4)
  },
)
