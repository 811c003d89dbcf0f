import { afterEach, expect, it } from 'vitest'
import { runExec } from '../../../../src/host/containers/exec.ts'
import { deferred } from '../../../../src/std/deferred.ts'
import { type ExecEngine, execEngine } from '../../../support/exec-engine.ts'

let engine: ExecEngine
afterEach(async () => await engine.close())

it('an abort ends an exec whose module is still being prepared, and nothing is started', async () => {
  engine = await execEngine()
  const prepared = deferred<void>()
  engine.hold = prepared.promise
  const controller = new AbortController()
  const reason = new Error('enough')
  const { signal } = controller
  const running = runExec(engine.verbs, engine.container, ['x'], { signal, stdin: 'input' })
  controller.abort(reason)
  await expect(running).rejects.toBe(reason)
  prepared.resolve()
  await prepared.promise
  expect(engine.execs).toEqual([])
  expect(engine.container.execs.live()).toEqual([])
  // It is no fault of ours.
  expect(engine.reports).toEqual([])
})
