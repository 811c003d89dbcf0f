import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createInProcessCell } from '../../dist/cell/in-process-cell.js'
import type { Cell, CellProcess } from '../../src/contract/cell.ts'
import { bundled } from '../support/bundled.ts'
import { jobOf, never } from '../support/cell-jobs.ts'
import type { ExecMoment } from './programs/exec-moments-entry.ts'

const entry = bundled('test/contract/programs/exec-moments-entry.ts')
let dataDirectory = ''
beforeAll(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'exec-kill-matrix-'))
})
afterAll(() => {
  rmSync(dataDirectory, { recursive: true })
  entry.remove()
})
/** A short grace for those who never hear. */
const open = (deaf: boolean): Cell =>
  createInProcessCell({
    dataDirectory,
    slots: 3,
    entry: entry.file,
    ...(deaf && { killGraceMs: 1 }),
  })

/** What leads a guest to each moment. */
const GUEST_OF: Readonly<Record<ExecMoment, readonly string[]>> = {
  starting: ['copy'],
  'guest code': ['spin'],
  'a call on its way': ['copy'],
  // Many: one that is there at once is not waited for.
  'an answer there': ['pattern', '10000000'],
}
const MOMENTS = Object.keys(GUEST_OF) as ExecMoment[] // the keys of the table above
const WAYS = MOMENTS.flatMap((moment) => [
  { moment, deaf: false, hears: 'hears' },
  { moment, deaf: true, hears: 'does not hear' },
])

async function execJob(cell: Cell, args: readonly string[], environment: readonly string[] = []) {
  let reach = (): void => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const { module, guest } = await jobOf(cell, { args })
  const { workingDirectory, user } = guest
  const job = {
    module,
    exec: { args: guest.args, environment, workingDirectory, user, terminal: undefined },
    stdin: never().input,
    stdout: () => {},
    stderr: (bytes: Uint8Array) => {
      if (Buffer.from(bytes).toString().includes('here')) reach()
    },
  }
  return { job, reached }
}

/** A container, and a process beside its PID 1 that has come to `moment`. */
async function at(cell: Cell, moment: ExecMoment, deaf: boolean) {
  const leader = cell.start(await jobOf(cell, { args: ['copy'], stdin: never().input }))
  const environment = [`MOMENT=${moment}`, `DEAF=${Number(deaf)}`]
  const { job, reached } = await execJob(cell, GUEST_OF[moment], environment)
  const exec = leader.exec(job)
  await reached
  return { leader, exec }
}

async function servesTheNext(cell: Cell, leader: CellProcess): Promise<void> {
  const { job } = await execJob(cell, ['both'])
  for (const exec of [leader.exec(job), leader.exec(job)]) {
    expect(await exec.ended).toMatchObject({ exitCode: 7, reason: 'exit' })
  }
  expect(cell.inUse().slots).toBe(1)
}

describe.each(WAYS)('a process beside PID 1 at the moment “$moment” that $hears', (way) => {
  const { moment, deaf } = way
  it.each(['killed', 'timeout'] as const)('ends by a kill, alone: %s', async (reason) => {
    const cell = open(deaf)
    const { leader, exec } = await at(cell, moment, deaf)
    exec.kill(reason)
    expect(await exec.ended).toMatchObject({ exitCode: 137, reason })
    await servesTheNext(cell, leader)
    await cell[Symbol.asyncDispose]()
  })
  it('ends with its container, whose end waits for it no longer than a kill takes', async () => {
    const cell = open(deaf)
    const { leader, exec } = await at(cell, moment, deaf)
    leader.kill('timeout')
    expect(await exec.ended).toMatchObject({ exitCode: 137, reason: 'killed' })
    expect(await leader.ended).toMatchObject({ exitCode: 137, reason: 'timeout' })
    expect(cell.inUse().slots).toBe(0)
    await cell[Symbol.asyncDispose]()
  })
  it('ends with its cell', async () => {
    const cell = open(deaf)
    const { leader, exec } = await at(cell, moment, deaf)
    await cell[Symbol.asyncDispose]()
    expect(await exec.ended).toMatchObject({ exitCode: 137, reason: 'killed' })
    expect(await leader.ended).toMatchObject({ exitCode: 137, reason: 'killed' })
    expect(cell.inUse()).toMatchObject({ slots: 0, threads: 0 })
  })
})
