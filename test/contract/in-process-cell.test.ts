import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll } from 'vitest'
import { createInProcessCell } from '../../dist/cell/in-process-cell.js'
import { cellSuite } from './cell-suite.ts'

let directory = ''
const faultyEntry = () => join(directory, 'faulty-entry.mjs')
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'faulty-'))
  buildSync({
    entryPoints: ['test/contract/programs/faulty-entry.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    outfile: faultyEntry(),
  })
})
afterAll(() => rmSync(directory, { recursive: true }))

cellSuite('in-process', ({ dataDirectory, slots, faulty }) =>
  createInProcessCell({
    dataDirectory,
    slots,
    entry: faulty ? faultyEntry() : resolve('dist/thread/worker-entry.js'),
  }),
)
