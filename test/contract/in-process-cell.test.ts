import { resolve } from 'node:path'
import { afterAll } from 'vitest'
import { createInProcessCell } from '../../dist/cell/in-process-cell.js'
import { bundled } from '../support/bundled.ts'
import { cellSuite } from './cell-suite.ts'

const faulty = bundled('test/contract/programs/faulty-entry.ts')
afterAll(() => faulty.remove())

cellSuite('in-process', ({ faulty: withFaults, ...options }) =>
  createInProcessCell({
    ...options,
    entry: withFaults ? faulty.file : resolve('dist/thread/worker-entry.js'),
  }),
)
