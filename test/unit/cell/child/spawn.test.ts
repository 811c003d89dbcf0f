import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { spawnCell } from '../../../../src/cell/child/spawn.ts'

const directory = mkdtempSync(join(tmpdir(), 'spawn-'))
afterAll(() => rmSync(directory, { recursive: true }))

it('starts a cell whose threads can collect their garbage, and share few arenas', async () => {
  const entry = join(directory, 'entry.mjs')
  writeFileSync(
    entry,
    `import { Worker } from 'node:worker_threads'
const worker = new Worker('require("node:worker_threads").parentPort.postMessage(typeof gc)', { eval: true })
worker.once('message', (gc) => console.error(gc, process.env.MALLOC_ARENA_MAX))
`,
  )
  const said = await new Promise<string>((resolve) => void spawnCell(entry, resolve))
  expect(said).toBe(`function ${2 * availableParallelism()}`)
})
