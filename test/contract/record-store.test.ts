import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { memoryRecordStore } from '../../src/engine/store/record-store.ts'
import { orUndefined, shapeOf } from '../../src/engine/store/shape-of.ts'
import { openSqliteStore, type RecordKind } from '../../src/engine/store/sqlite-store.ts'
import { recordStoreSuite, type SuiteRecord } from './record-store-suite.ts'

const KIND: RecordKind<SuiteRecord> = {
  name: 'suite',
  shape: shapeOf<SuiteRecord>()({
    id: z.string(),
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    created: z.date(),
    fuel: orUndefined(z.bigint()),
    size: z.number(),
    bytes: z.instanceof(Uint8Array),
    tags: z.array(z.union([z.string(), z.null()])),
  }),
}

recordStoreSuite('in memory', () => ({
  store: memoryRecordStore(),
  close: () => {},
  reopen: undefined,
}))

recordStoreSuite('in SQLite', () => {
  const directory = mkdtempSync(join(tmpdir(), 'records-'))
  const path = join(directory, 'state.db')
  let store = openSqliteStore(path)
  return {
    store: store.of(KIND),
    close: () => {
      store.close()
      rmSync(directory, { recursive: true })
    },
    reopen: () => {
      store.close()
      store = openSqliteStore(path)
      return store.of(KIND)
    },
  }
})
