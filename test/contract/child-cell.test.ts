import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChildCell } from '../../dist/cell/child/child-cell.js'
import type { CellReport } from '../../src/cell/child/supervisor.ts'
import type { Cell } from '../../src/contract/cell.ts'
import { bundled } from '../support/bundled.ts'
import { FILES, GUEST, HOSTILE_OUTPUT, jobOf, never, STREAMS } from '../support/cell-jobs.ts'
import { cellSuite, type OpenCell } from './cell-suite.ts'
import { execSuite } from './exec-suite.ts'
import { keptLayerSuite } from './kept-layer-suite.ts'
import { processSuite } from './process-suite.ts'
import { treeSuite } from './tree-suite.ts'

const faulty = bundled('test/contract/programs/faulty-entry.ts')
afterAll(() => faulty.remove())

const open: OpenCell = ({ faulty: withFaults, ...options }) =>
  createChildCell({
    ...options,
    entry: withFaults ? faulty.file : resolve('dist/thread/worker-entry.cjs'),
  })

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

cellSuite('child process', open)
keptLayerSuite('child process', open)
treeSuite('child process', open)
execSuite('child process', open)
processSuite('child process', open)

describe('a cell process that dies', () => {
  let dataDirectory = ''
  let cell: Cell
  const reports: CellReport[] = []
  let lastPid = 100
  beforeAll(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'child-cell-'))
    cell = createChildCell({
      dataDirectory,
      slots: 8,
      entry: faulty.file,
      nextPid: () => {
        lastPid += 1
        return lastPid
      },
      report: (report) => reports.push(report),
    })
  })
  afterAll(async () => {
    await cell[Symbol.asyncDispose]()
    rmSync(dataDirectory, { recursive: true })
  })

  /** A guest that floods, of which something was heard. */
  async function flood() {
    let hear = (): void => {}
    const heard = new Promise<void>((done) => {
      hear = done
    })
    const spec = { module: HOSTILE_OUTPUT, args: ['flood'], stdout: () => hear() }
    const process = cell.start(await jobOf(cell, spec))
    await heard
    return process
  }
  const downs = () => reports.filter(({ event }) => event === 'down')

  it('by an abort takes its own processes with it, as lost, and is replaced', async () => {
    const neighbour = await flood()
    const killer = cell.start(await jobOf(cell, { guest: { args: ['process abort'] } }))
    for (const process of [neighbour, killer]) {
      expect(await process.ended).toMatchObject({
        reason: 'lost',
        exitCode: 137,
        message: expect.stringContaining('its cell died') as string,
      })
      expect(await process.stats()).toBeUndefined()
    }
    expect(cell.inUse().slots).toBe(0)
    const again = cell.start(await jobOf(cell, { args: ['both'] }))
    expect((await again.ended).exitCode).toBe(7)
    expect(downs()).toMatchObject([{ cause: 'itself', death: { signal: 'SIGABRT' } }])
    expect(new Set([neighbour.pid, killer.pid, again.pid]).size).toBe(3)
  })
  it('by an abort takes the processes beside a PID 1 with it, as lost', async () => {
    const leader = await flood()
    const { module, guest } = await jobOf(cell, {})
    const { environment, workingDirectory, user } = guest
    let hear = (): void => {}
    const heard = new Promise<void>((done) => {
      hear = done
    })
    const beside = leader.exec({
      module,
      exec: { args: ['guest', 'spin'], environment, workingDirectory, user, terminal: undefined },
      stdin: undefined,
      stdout: () => hear(),
      stderr() {},
    })
    await heard
    const killer = cell.start(await jobOf(cell, { guest: { args: ['process abort'] } }))
    for (const process of [leader, beside, killer]) {
      expect(await process.ended).toMatchObject({ reason: 'lost', exitCode: 137 })
    }
    expect(await beside.stats()).toBeUndefined()
    expect(cell.inUse().slots).toBe(0)
  })
  it('leaves handles that still start processes: what they name is made again', async () => {
    let asked = 0
    const root = await cell.prepareRoot('handle', async () => {
      asked += 1
      return FILES
    })
    const module = await cell.prepareModule({ kind: 'host-file', path: STREAMS })
    const killer = cell.start(await jobOf(cell, { guest: { args: ['process abort'] } }))
    await killer.ended
    let text = ''
    const run = cell.start({
      module,
      root,
      guest: { ...GUEST, args: ['guest', 'both'] },
      stdin: undefined,
      stdout: (bytes) => {
        text += Buffer.from(bytes).toString()
      },
      stderr() {},
    })
    expect((await run.ended).exitCode).toBe(7)
    expect(text).toBe('out\n')
    expect(asked).toBe(2)
  })
  it('hands over what its guests had written before', async () => {
    let text = ''
    const spec = {
      args: ['copy'],
      stdin: (async function* () {
        yield Buffer.from('before')
        await new Promise(() => {}) // the guest goes on waiting
      })(),
      stdout: (bytes: Uint8Array) => {
        text += Buffer.from(bytes).toString()
        if (text === 'before') abort()
      },
    }
    const job = await jobOf(cell, { guest: { args: ['process abort'] } })
    const abort = (): void => void cell.start(job)
    expect(await cell.start(await jobOf(cell, spec)).ended).toMatchObject({ reason: 'lost' })
    expect(text).toBe('before')
  })
  it('while a process is killed ends that one as killed', async () => {
    const condemned = await flood()
    const killer = cell.start(await jobOf(cell, { guest: { args: ['process abort'] } }))
    condemned.kill('timeout')
    expect(await condemned.ended).toMatchObject({ reason: 'timeout', exitCode: 137 })
    await killer.ended
  })
})

describe('a thread that cannot be ended', () => {
  it('takes its cell with it, and no other', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'child-cell-'))
    const reports: CellReport[] = []
    const options = { dataDirectory, slots: 4, entry: faulty.file, killGraceMs: 100 }
    const cell = createChildCell({ ...options, report: (one) => reports.push(one) })
    const other = createChildCell(options)
    const elsewhere = other.start(await jobOf(other, { args: ['copy'], stdin: never().input }))
    const neighbour = cell.start(await jobOf(cell, { args: ['copy'], stdin: never().input }))
    const wedge = cell.start(await jobOf(cell, { guest: { args: ['cannot be ended'] } }))
    while ((await wedge.stats())?.state !== 'running') await new Promise(setImmediate)
    wedge.kill('timeout')
    expect(await wedge.ended).toMatchObject({ reason: 'timeout', exitCode: 137 })
    expect(await neighbour.ended).toMatchObject({ reason: 'lost', exitCode: 137 })
    const again = cell.start(await jobOf(cell, { args: ['both'] }))
    expect((await again.ended).exitCode).toBe(7)
    const downs = reports.filter(({ event }) => event === 'down')
    expect(downs).toMatchObject([{ cause: 'wedged', death: { signal: 'SIGKILL' } }])
    expect(await elsewhere.stats()).toBeDefined()
    elsewhere.kill('killed')
    expect(await elsewhere.ended).toMatchObject({ reason: 'killed' })
    for (const one of [cell, other]) await one[Symbol.asyncDispose]()
    rmSync(dataDirectory, { recursive: true })
  })
})

describe('a cell whose main thread hangs', () => {
  it('is gone when its host was killed', async () => {
    const programs = ['lonely-host', 'hung-cell'].map((name) =>
      bundled(`test/contract/programs/${name}.ts`),
    )
    const [host, cell] = programs.map(({ file }) => file)
    const child = spawn(process.execPath, [host ?? '', cell ?? ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    const pid = Number(/hangs (\d+)/.exec(String(said))?.[1])
    expect(process.kill(pid, 0)).toBe(true)
    child.kill('SIGKILL')
    while (lives(pid)) await new Promise((resolve) => setImmediate(resolve))
    for (const program of programs) program.remove()
  })
})

describe('a cell process', () => {
  it('has nothing of its host’s environment, and is gone when its cell is closed', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'child-cell-'))
    const reports: CellReport[] = []
    const cell = createChildCell({ dataDirectory, slots: 1, report: (one) => reports.push(one) })
    await cell.prepareModule({ kind: 'host-file', path: STREAMS })
    const [up] = reports
    const pid = up?.event === 'up' ? up.pid : undefined
    if (process.platform === 'linux') {
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toMatch(/^MALLOC_ARENA_MAX=\d+\0$/)
    }
    await cell[Symbol.asyncDispose]()
    rmSync(dataDirectory, { recursive: true })
    expect(reports[1]).toMatchObject({ event: 'down', cause: 'closed', retryMs: undefined })
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH')
  })
})
