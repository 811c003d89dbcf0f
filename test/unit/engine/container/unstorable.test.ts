import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { CellExit } from '../../../../src/contract/cell.ts'
import { EngineError } from '../../../../src/contract/errors.ts'
import { ContainerId } from '../../../../src/contract/ids.ts'
import { Container } from '../../../../src/engine/container/container.ts'
import { AllContainers, type ContainerParts } from '../../../../src/engine/container/containers.ts'
import { ContainerLog } from '../../../../src/engine/container/log/container-log.ts'
import { BARE_CONFIG } from '../../../../src/engine/container/root-source.ts'
import { shutdown } from '../../../../src/engine/container/shutdown.ts'
import { whenEnded } from '../../../../src/engine/container/when-ended.ts'
import { type Containers, containersOf } from '../../../../src/engine/engine.ts'
import { Events } from '../../../../src/engine/event/events.ts'
import { memoryContainerStore } from '../../../../src/engine/store/container-store.ts'
import { type Deferred, deferred } from '../../../../src/std/deferred.ts'
import { containerRecord } from '../../../support/container-record.ts'
import { BARE_PARTS, QUIET_CELL, QUIET_PROCESS } from '../../../support/engine-parts.ts'

const directory = mkdtempSync(join(tmpdir(), 'unstorable-'))
afterAll(() => rmSync(directory, { recursive: true }))

const ID = ContainerId.fromRandom(new Uint8Array(32).fill(7))

interface Engine {
  readonly parts: ContainerParts
  readonly verbs: Containers
  /** Settles the end of the run there is. */
  readonly ended: Deferred<Pick<CellExit, 'exitCode' | 'reason' | 'message' | 'oomKilled'>>
  /** How often the process was killed. */
  readonly kills: string[]
  readonly reports: unknown[]
  full: boolean
}

/** An engine on a disk that is full when a test says so. */
function engineOf(): Engine {
  const store = memoryContainerStore()
  const ended: Engine['ended'] = deferred()
  const [kills, reports]: [string[], unknown[]] = [[], []]
  const program = { path: '/bin/x', type: 'regular', mode: 0o755, size: 1, uid: 0, gid: 0 } as const
  const source = { kind: 'host-file', path: '/x', digest: 'd' } as const
  const write = async (change: () => Promise<void>): Promise<void> => {
    if (engine.full) throw new Error('disk full')
    await change()
  }
  const parts: ContainerParts = {
    ...BARE_PARTS,
    cell: {
      ...QUIET_CELL,
      start: () => ({
        ...QUIET_PROCESS,
        pid: 9,
        // As much of an exit as the engine reads.
        ended: ended.promise as Promise<CellExit>,
        kill: (reason) => {
          kills.push(reason)
          ended.resolve({ exitCode: 137, reason, message: undefined, oomKilled: false })
        },
      }),
    },
    store: {
      all: store.all,
      put: (record) => write(() => store.put(record)),
      delete: (id) => write(() => store.delete(id)),
    },
    events: new Events(() => 0),
    all: new AllContainers(),
    report: (error) => reports.push(error),
    image: async (id) => {
      const files = async () => [{ ...program, modified: 0n, source }]
      return { id, root: { key: 'k', config: BARE_CONFIG, files } }
    },
    logOf: ({ id, spec }) => new ContainerLog(join(directory, id), spec.log, () => 0n),
    discard: async () => {},
    started: (container, run) => void whenEnded(parts, container, run),
    now: () => new Date(0),
    after: () => () => {},
    newId: () => ID,
    random: () => 0,
  }
  const engine: Engine = { parts, verbs: containersOf(parts), ended, kills, reports, full: false }
  return engine
}

/** One container of a new engine, stored and, if asked, running. */
async function withContainer(spec: Parameters<typeof containerRecord>[0], runs: boolean) {
  const engine = engineOf()
  const record = containerRecord({ id: ID, ...spec })
  const container = new Container(record, engine.parts.logOf(record))
  engine.parts.all.reserve(record.name, record.id)
  engine.parts.all.add(container)
  await engine.parts.store.put(record)
  if (runs) await engine.verbs.start(container)
  return { engine, container }
}

it('a container that cannot be stored is not there, and its name is free', async () => {
  const engine = engineOf()
  engine.full = true
  const request = { image: 'image', name: 'some', cmd: ['/bin/x'] }
  await expect(engine.verbs.create(request)).rejects.toThrow('disk full')
  expect([engine.verbs.list(), engine.parts.all.hasName('some')]).toEqual([[], false])
  expect(engine.parts.events.recent()).toEqual([])
  engine.full = false
  expect(await engine.verbs.create(request)).toBe(ID)
})

it('a name that cannot be stored is not given, and stays free', async () => {
  const { engine, container } = await withContainer({}, false)
  engine.full = true
  await expect(engine.verbs.rename(container, 'other')).rejects.toThrow('disk full')
  const { all } = engine.parts
  expect([container.record.name, all.hasName('some_name'), all.hasName('other')]).toEqual([
    'some_name',
    true,
    false,
  ])
})

it('a process that cannot be stored does not run', async () => {
  const { engine, container } = await withContainer({}, false)
  engine.full = true
  await expect(engine.verbs.start(container)).rejects.toThrow('disk full')
  expect([engine.kills, container.run, container.record.state.status]).toEqual([
    ['killed'],
    undefined,
    'created',
  ])
  expect(engine.parts.events.recent()).toEqual([])
})

it('a stop that cannot be stored sends no signal', async () => {
  const { engine, container } = await withContainer({}, true)
  engine.full = true
  await expect(engine.verbs.stop(container, {})).rejects.toThrow('disk full')
  expect([engine.kills, container.record.state.status]).toEqual([[], 'running'])
})

it('an end that cannot be stored has happened, is told and reported, and stored later', async () => {
  const { engine, container } = await withContainer({}, true)
  const waited = engine.verbs.wait(container, 'not-running')
  engine.full = true
  engine.ended.resolve({ exitCode: 3, reason: 'exit', message: undefined, oomKilled: false })
  expect(await waited).toEqual({ exitCode: 3, error: undefined })
  expect(container.record.state.status).toBe('exited')
  expect(engine.reports).toEqual([expect.objectContaining({ message: 'disk full' })])
  engine.full = false
  await engine.verbs.rename(container, 'other')
  expect(await engine.parts.store.all()).toEqual([container.record])
})

it('a guest that never began has exited, and says why', async () => {
  const { engine, container } = await withContainer({}, true)
  const waited = engine.verbs.wait(container, 'not-running')
  engine.ended.reject(new EngineError('INVALID_ARGUMENT', 'no such user'))
  expect(await waited).toEqual({ exitCode: 128, error: 'no such user' })
  expect(engine.reports).toEqual([])
})

it.each(['no', 'always', 'unless-stopped', 'on-failure'] as const)(
  'a daemon that goes stops what runs, not by hand, and starts nothing: %s',
  async (name) => {
    const restartPolicy = { name, maximumRetryCount: 0 }
    const { engine, container } = await withContainer(
      { spec: { restartPolicy, stopTimeout: 0 } },
      true,
    )
    await shutdown(engine.parts)()
    expect(container.record).toMatchObject({ state: { status: 'exited' }, stoppedByHand: false })
    expect(await engine.parts.store.all()).toEqual([container.record])
    await expect(engine.verbs.start(container)).rejects.toMatchObject({ code: 'HOST_CLOSED' })
  },
)
