import { describe, expect, it } from 'vitest'
import type { Cell, CellProcess, ExecProcess, ProcessStats } from '../../src/contract/cell.ts'
import { HOSTILE_CPU, HOSTILE_OUTPUT, type JobSpec, jobOf, never } from '../support/cell-jobs.ts'
import { CATCH_ALL_LOOP } from '../support/wasm-modules.ts'

const [USR1, TERM, CHLD, KILL] = [10, 15, 17, 9]

type Some = CellProcess | ExecProcess
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}
const statsOf = async (one: Some): Promise<Partial<ProcessStats>> => (await one.stats()) ?? {}
const blocked = (one: Some): Promise<void> =>
  until(async () => (await statsOf(one)).state === 'blocked')
const runs = (one: Some): Promise<void> =>
  until(async () => ((await statsOf(one)).safepoints ?? 0) > 2)

/** Where a process is when a signal comes. Each would run for ever. */
const PLACES: readonly (readonly [string, JobSpec, (one: Some) => Promise<void>])[] = [
  ['computes', { module: CATCH_ALL_LOOP }, runs],
  ['waits in a read', { args: ['copy'], stdin: never().input }, blocked],
  ['waits in poll', { args: ['poll'], stdin: never().input }, blocked],
  ['writes to whom it can', { module: HOSTILE_OUTPUT, args: ['flood'] }, runs],
  ['has just been started', { module: HOSTILE_CPU, args: ['spin'] }, async () => {}],
]

/** Signals from outside, of every cell. */
export function signalSuite(name: string, cellOf: () => Cell): void {
  const begin = async (spec: JobSpec): Promise<CellProcess> =>
    cellOf().start(await jobOf(cellOf(), spec))
  async function beside(leader: CellProcess, spec: JobSpec): Promise<ExecProcess> {
    const { guest, module, stdin } = await jobOf(cellOf(), spec)
    const { args, environment, workingDirectory, user } = guest
    const exec = { args, environment, workingDirectory, user, terminal: undefined }
    return leader.exec({ module, exec, stdin, stdout: () => {}, stderr: () => {} })
  }
  async function end(one: Some): Promise<void> {
    one.kill('killed')
    expect(await one.ended).toMatchObject({ reason: 'killed', exitCode: 137 })
  }

  describe.each(PLACES)(`${name}: a signal to a process that %s`, (_, spec, ready) => {
    it('ends it as its default action says, with an init', async () => {
      const one = await begin({ ...spec, guest: { init: true } })
      await ready(one)
      one.signal(CHLD)
      one.signal(TERM)
      one.signal(USR1)
      expect(await one.ended).toMatchObject({ reason: 'signal', exitCode: 128 + TERM })
    })
    it('is ignored by PID 1, unless it is SIGKILL', async () => {
      const one = await begin(spec)
      await ready(one)
      one.signal(TERM)
      one.signal(USR1)
      one.signal(KILL)
      expect(await one.ended).toMatchObject({ reason: 'signal', exitCode: 128 + KILL })
    })
    it('ends one beside PID 1, and nobody else', async () => {
      const leader = await begin({ args: ['copy'], stdin: never().input })
      const one = await beside(leader, spec)
      await ready(one)
      one.signal(CHLD)
      one.signal(TERM)
      expect(await one.ended).toMatchObject({ reason: 'signal', exitCode: 128 + TERM })
      await blocked(leader)
      await end(leader)
    })
  })

  describe(`${name}: a signal`, () => {
    it('to a process that stands still ends it', async () => {
      const one = await begin({ module: CATCH_ALL_LOOP, guest: { init: true } })
      await runs(one)
      await one.pause()
      one.signal(TERM)
      one.unpause()
      expect(await one.ended).toMatchObject({ reason: 'signal', exitCode: 128 + TERM })
    })
    it('to a process that has ended changes nothing, nor does a size', async () => {
      const one = await begin({ args: ['both'] })
      const done = await one.ended
      one.signal(TERM)
      one.resize({ rows: 1, columns: 1 })
      expect(await one.ended).toBe(done)
    })
    it('comes to one that was refused without harm', async () => {
      const leader = await begin({ args: ['both'] })
      await leader.ended
      const one = await beside(leader, { args: ['both'] })
      one.signal(TERM)
      one.resize({ rows: 1, columns: 1 })
      await expect(one.ended).rejects.toMatchObject({ code: 'PROCESS_GONE' })
    })
    it('that is not meant for a process is not its: seats are used again', async () => {
      const first = await begin({ args: ['both'], guest: { init: true } })
      for (let turn = 0; turn < 20; turn += 1) first.signal(CHLD)
      await first.ended
      first.signal(TERM)
      const second = await begin({ args: ['both'], guest: { init: true } })
      expect(await second.ended).toMatchObject({ reason: 'exit', exitCode: 7 })
    })
  })
}
