import { resolve } from 'node:path'
import { afterAll } from 'vitest'
import { createChildCell } from '../../dist/cell/child/child-cell.js'
import { bundled } from '../support/bundled.ts'
import { cellSuite } from './cell-suite.ts'

const faulty = bundled('test/contract/programs/faulty-entry.ts')
afterAll(() => faulty.remove())

cellSuite('child process', ({ faulty: withFaults, ...options }) =>
  createChildCell({
    ...options,
    entry: withFaults ? faulty.file : resolve('dist/thread/worker-entry.js'),
  }),
)
