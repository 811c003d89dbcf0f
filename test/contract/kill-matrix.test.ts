import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createInProcessCell } from '../../dist/cell/in-process-cell.js'
import { type RunParts, run } from '../../dist/engine/container/run.js'
import type { Cell, CellExit, CellProcess } from '../../src/contract/cell.ts'
import { bundled } from '../support/bundled.ts'
import { FILES, jobOf, never, STREAMS } from '../support/cell-jobs.ts'
import type { Moment } from './programs/moments-entry.ts'

const entry = bundled('test/contract/programs/moments-entry.ts')
let dataDirectory = ''
let cell: Cell
const open = (killGraceMs?: number): Cell =>
  createInProcessCell({
    dataDirectory,
    slots: 2,
    entry: entry.file,
    ...(killGraceMs !== undefined && { killGraceMs }),
  })
beforeAll(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'kill-matrix-'))
  cell = open()
})
afterAll(async () => {
  await cell[Symbol.asyncDispose]()
  rmSync(dataDirectory, { recursive: true })
  entry.remove()
})

/** What leads a guest to each moment. */
const GUEST_OF: Readonly<Record<Moment, readonly string[]>> = {
  starting: ['both'],
  'guest code': ['spin'],
  'park in read': ['copy'],
  'park in poll': ['poll'],
  'park on a full ring': ['pattern', '10000000'],
  'host call': ['both'],
  'hand-back': ['keep', '/kept', 'x'],
}
const MOMENTS = Object.keys(GUEST_OF) as Moment[] // the keys of the table above

/** A process that has come to `moment`, and the consumer that lets its output go. */
async function at(own: Cell, moment: Moment, deaf: boolean) {
  let reach = (): void => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  let release = (): void => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const job = await jobOf(own, {
    args: GUEST_OF[moment],
    stdin: never().input,
    stdout: () => released,
    stderr: (bytes) => {
      if (Buffer.from(bytes).toString().includes('here')) reach()
    },
    guest: { environment: [`MOMENT=${moment}`, `DEAF=${Number(deaf)}`], collect: ['/kept'] },
  })
  return { job, reached, release }
}

async function started(own: Cell, moment: Moment, deaf = false) {
  const { job, reached, release } = await at(own, moment, deaf)
  const process = own.start(job)
  await reached
  return { process, release }
}

/** The seat serves the next process, which finds nothing of the last. */
async function servesTheNext(own: Cell): Promise<void> {
  let text = ''
  const job = await jobOf(own, {
    args: ['both'],
    stdout: (bytes) => {
      text += Buffer.from(bytes).toString()
    },
  })
  for (const process of [own.start(job), own.start(job)]) {
    expect(await process.ended).toMatchObject({ exitCode: 7, reason: 'exit' })
  }
  expect(text).toBe('out\nout\n')
  expect(own.inUse().slots).toBe(0)
}

/** A guest that had already ended keeps its own end; a kill only came too late. */
const endAt = (moment: Moment, reason: 'killed' | 'timeout'): Partial<CellExit> =>
  moment === 'hand-back' ? { exitCode: 0, reason: 'exit' } : { exitCode: 137, reason }

describe.each(MOMENTS)('a process killed at the moment “%s”', (moment) => {
  it.each(['killed', 'timeout'] as const)('by its flag ends as %s', async (reason) => {
    const { process, release } = await started(cell, moment)
    process.kill(reason)
    release()
    expect(await process.ended).toMatchObject(endAt(moment, reason))
    await servesTheNext(cell)
  })
  it('by an abort ends, and the reason of the abort is thrown', async () => {
    const { job, reached, release } = await at(cell, moment, false)
    const controller = new AbortController()
    const parts: RunParts = {
      cell,
      imageRoot: () => Promise.reject(new Error('no images here')),
      directoryRoot: async () => ({
        key: 'suite',
        config: { Entrypoint: [], Cmd: [], Env: [], WorkingDir: '/', User: '' },
        files: async () => FILES,
      }),
      newId: () => '0'.repeat(64),
    }
    const done = run(parts, {
      module: STREAMS,
      args: GUEST_OF[moment],
      env: { MOMENT: moment, DEAF: '0' },
      signal: controller.signal,
      stdin: never().input,
      stdout: job.stdout,
      stderr: job.stderr,
    })
    const thrown = expect(done).rejects.toThrow('planted abort')
    await reached
    controller.abort(new Error('planted abort'))
    release()
    await thrown
    await servesTheNext(cell)
  })
  it('that does not hear of it loses its thread, and nobody else does', async () => {
    const own = open(1)
    const { process, release } = await started(own, moment, true)
    process.kill('timeout')
    release()
    expect(await process.ended).toMatchObject({ exitCode: 137, reason: 'timeout' })
    await servesTheNext(own)
    await own[Symbol.asyncDispose]()
  })
  it.each([
    ['that hears', false],
    ['that is deaf', true],
  ])('%s ends with its cell', async (_, deaf) => {
    const own = open()
    const { process, release } = await started(own, moment, deaf)
    release()
    await own[Symbol.asyncDispose]()
    const { reason } = await process.ended
    expect(moment === 'hand-back' && !deaf ? ['exit', 'killed'] : ['killed']).toContain(reason)
    expect(own.inUse()).toMatchObject({ slots: 0, threads: 0 })
  })
})

describe('a process killed before it has a thread', () => {
  const two = async (own: Cell): Promise<CellProcess> => own.start(await jobOf(own, {}))
  it('ends at once, and its thread serves the next', async () => {
    const own = open()
    const process = await two(own)
    expect(await process.stats()).toBeUndefined()
    process.kill('timeout')
    expect(await process.ended).toMatchObject({ exitCode: 137, reason: 'timeout' })
    await servesTheNext(own)
    await own[Symbol.asyncDispose]()
  })
  it('ends with its cell', async () => {
    const own = open()
    const process = await two(own)
    await own[Symbol.asyncDispose]()
    expect(await process.ended).toMatchObject({ exitCode: 137, reason: 'killed' })
    expect(own.inUse()).toMatchObject({ slots: 0, threads: 0 })
  })
})
