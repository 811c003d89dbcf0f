import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHost, type Host, type LimitsSpec } from '../../dist/index.js'

const PROGRAM = 'guests/build/hostile-processes.wasm'
const NEIGHBOUR = 'guests/build/neighbour.wasm'
const PIDS = 12
/** As many as the host may run at once, but for one: what is left is the neighbour's. */
const SLOTS = PIDS + 1

let directory = ''
let host: Host
let files: Readonly<Record<string, Uint8Array>>

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  files = { '/p': readFileSync(PROGRAM) }
  host = await createHost({ dataDir: directory, slots: SLOTS })
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

const run = (trouble: string, limits: LimitsSpec) =>
  host.run({ module: PROGRAM, files, args: [trouble], limits })
const neighbour = async () => (await host.run({ module: NEIGHBOUR, args: ['word'] })).text()

it('a fork bomb has as many processes as its container may have, and ends with it (H44)', async () => {
  const quiet = await neighbour()
  const full = new AbortController()
  let said = ''
  const bomb = host.run({
    module: PROGRAM,
    files,
    args: ['bomb'],
    limits: { pids: PIDS },
    signal: full.signal,
    stdout: (bytes) => {
      said += Buffer.from(bytes)
      if (said.includes('\n')) full.abort()
    },
  })
  const besides = [await neighbour(), await neighbour()]
  await expect(bomb).rejects.toThrow(/abort/)
  expect(said).toBe('EAGAIN\n')
  expect(besides).toEqual([quiet, quiet])
  // Every slot is free again, or this would be refused.
  const all = await Promise.all(Array.from({ length: SLOTS }, neighbour))
  expect(new Set(all)).toEqual(new Set([quiet]))
})

it('zombies keep their places until they are asked for, and orphans are PID 1’s (H45)', async () => {
  const done = await run('farm', { pids: PIDS, timeoutMs: 60_000 })
  expect([done.reason, done.exitCode]).toEqual(['exit', 0])
  expect(done.text().split('\n')).toEqual([
    'zombies: EAGAIN',
    'asked for: all',
    'a parent: started',
    'it and its orphan: 2',
    "of children that are nobody's: no end",
    '',
  ])
})

/** Units that each of the others may hold when one finds nothing. */
const PORTION = 8_000_000n
/** And that each may owe. */
const DEBT = 100_000n

it.each([
  ['as many as fit, that spin', 'brood'],
  ['one after the other, each with a little work', 'mayflies'],
])('children have the fuel of their container, and none of their own: %s', async (_, trouble) => {
  const fuel = 400_000_000n
  const done = await run(trouble, { pids: PIDS, fuel, timeoutMs: 60_000 })
  expect([done.reason, done.exitCode]).toEqual(['fuel', 137])
  expect(done.usage.fuel).toBeGreaterThan(fuel - BigInt(PIDS) * PORTION)
  expect(done.usage.fuel).toBeLessThan(fuel + BigInt(PIDS) * DEBT)
})
