import { resolve } from 'node:path'
import { afterAll } from 'vitest'
import { createInProcessCell } from '../../dist/cell/in-process-cell.js'
import { bundled } from '../support/bundled.ts'
import { cellSuite, type OpenCell } from './cell-suite.ts'
import { execSuite } from './exec-suite.ts'
import { keptLayerSuite } from './kept-layer-suite.ts'
import { processSuite } from './process-suite.ts'
import { treeSuite } from './tree-suite.ts'

const faulty = bundled('test/contract/programs/faulty-entry.ts')
afterAll(() => faulty.remove())

const open: OpenCell = ({ faulty: withFaults, ...options }) =>
  createInProcessCell({
    ...options,
    entry: withFaults ? faulty.file : resolve('dist/thread/worker-entry.cjs'),
  })

cellSuite('in-process', open)
keptLayerSuite('in-process', open)
treeSuite('in-process', open)
execSuite('in-process', open)
processSuite('in-process', open)
