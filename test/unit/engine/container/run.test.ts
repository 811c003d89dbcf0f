import { expect, it } from 'vitest'
import type { PreparedModule } from '../../../../src/contract/cell.ts'
import { BARE_CONFIG } from '../../../../src/engine/container/root-source.ts'
import { run } from '../../../../src/engine/container/run.ts'
import { deferred } from '../../../../src/std/deferred.ts'
import { QUIET_CELL } from '../../../support/engine-parts.ts'

it('an abort ends a run whose module is still being prepared, and nothing is started', async () => {
  const asked = deferred<void>()
  const prepared = deferred<PreparedModule>()
  let started = 0
  const parts = {
    cell: {
      ...QUIET_CELL,
      prepareModule: () => {
        asked.resolve()
        return prepared.promise
      },
      start: () => {
        started += 1
        throw new Error('nothing is to be started')
      },
    },
    imageRoot: () => Promise.reject(new Error('no image is asked for')),
    directoryRoot: async () => ({ key: 'bare', config: BARE_CONFIG, files: async () => [] }),
    newId: () => 'f'.repeat(64),
  }
  const controller = new AbortController()
  const reason = new Error('enough')
  const running = run(parts, { module: new Uint8Array(), signal: controller.signal })
  await asked.promise
  controller.abort(reason)
  await expect(running).rejects.toBe(reason)
  prepared.resolve({ digest: 'late' })
  await prepared.promise
  expect(started).toBe(0)
})
