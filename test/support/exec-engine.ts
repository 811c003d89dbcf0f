import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CellExit, CellProcess, ExecJob } from '../../src/contract/cell.ts'
import { EngineError } from '../../src/contract/errors.ts'
import type { ExitReport } from '../../src/contract/exit.ts'
import { ContainerId } from '../../src/contract/ids.ts'
import type { LayerFile } from '../../src/contract/layer.ts'
import { Container } from '../../src/engine/container/container.ts'
import { AllContainers, type ContainerParts } from '../../src/engine/container/containers.ts'
import { ContainerLog } from '../../src/engine/container/log/container-log.ts'
import { BARE_CONFIG } from '../../src/engine/container/root-source.ts'
import { whenEnded } from '../../src/engine/container/when-ended.ts'
import { type Containers, containersOf } from '../../src/engine/engine.ts'
import { Events } from '../../src/engine/event/events.ts'
import { memoryContainerStore } from '../../src/engine/store/container-store.ts'
import { type Deferred, deferred } from '../../src/std/deferred.ts'
import { containerRecord } from './container-record.ts'
import { BARE_PARTS, QUIET_CELL, QUIET_PROCESS } from './engine-parts.ts'
import { type ManualTime, manualTime } from './manual-time.ts'

/** One exec as the cell was asked for it. */
export interface FakeExec {
  readonly job: ExecJob
  readonly kills: string[]
  end(exitCode: number): void
  /** The cell could not begin it. */
  refuse(error: EngineError): void
}

/** An engine with containers of a cell that runs nothing: a test says what happens. */
export interface ExecEngine {
  readonly parts: ContainerParts
  readonly verbs: Containers
  readonly container: Container
  /** In the order they were asked for. */
  readonly execs: FakeExec[]
  readonly time: ManualTime
  readonly reports: unknown[]
  /** While it is set, a program is not ready before it settles. */
  hold: Promise<void> | undefined
  /** The actions that were told of the container, and what is told with those of execs. */
  events(): readonly string[]
  /** PID 1 ends. */
  end(exitCode: number): Promise<void>
  close(): Promise<void>
}

/** What a process used of which a test asks nothing more. */
const USAGE: ExitReport['usage'] = {
  fuel: 0n,
  fuelVersion: 1,
  cpuMs: 5,
  wallMs: 5,
  peakMemory: 0,
  peakDisk: 0,
  syscalls: 1,
  readBytes: 10,
  writtenBytes: 20,
}

const PROGRAM = { type: 'regular', mode: 0o755, size: 1, uid: 0, gid: 0, modified: 0n } as const
const program = (path: string): LayerFile => ({
  ...PROGRAM,
  path,
  source: { kind: 'host-file', path, digest: path },
})

const reportOf = (exitCode: number, reason: ExitReport['reason'] = 'exit'): ExitReport => ({
  exitCode,
  reason,
  message: undefined,
  oomKilled: false,
  usage: USAGE,
})

let ids = 0
const newId = (): ContainerId => {
  ids += 1
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(0, ids)
  return ContainerId.fromRandom(bytes)
}

const STATS = {
  state: 'running',
  fuel: 0n,
  cpuMs: 7,
  memory: 65_536,
  memoryLimit: 2 ** 20,
  syscalls: 1,
  readBytes: 1,
  writtenBytes: 2,
  processes: 3,
  safepoints: 1,
  safepointUs: 1,
} as const

export const ROWS = [
  {
    pid: 9,
    parentPid: 0,
    uid: 0,
    commandLine: '/bin/x',
    command: 'x',
    state: 'running',
    hasTerminal: false,
    ageMs: 60_000,
    cpuMs: 7,
    memory: 65_536,
  },
] as const

function fakeExec(execs: FakeExec[]): CellProcess['exec'] {
  return (job) => {
    const ended = deferred<ExitReport>()
    const kills: string[] = []
    execs.push({
      job,
      kills,
      end: (exitCode) => ended.resolve(reportOf(exitCode)),
      refuse: (error) => ended.reject(error),
    })
    return {
      pid: 100 + execs.length,
      ended: ended.promise,
      kill: (reason) => {
        kills.push(reason)
        ended.resolve(reportOf(137, reason))
      },
      signal: () => {},
      resize: () => {},
      stats: async () => STATS,
    }
  }
}

/** As a container's end is told: it takes its execs along. */
function fakeProcess(execs: FakeExec[], ended: Deferred<CellExit>): CellProcess {
  const end = (exitCode: number, reason: ExitReport['reason']): void => {
    for (const exec of execs) exec.end(137)
    ended.resolve({
      ...reportOf(exitCode, reason),
      files: new Map(),
      filesLoss: undefined,
      layerLoss: undefined,
    })
  }
  return {
    ...QUIET_PROCESS,
    pid: 9,
    ended: ended.promise,
    exec: fakeExec(execs),
    stats: async () => STATS,
    processes: async () => ROWS,
    kill: (reason) => end(137, reason),
  }
}

/**
 * An engine and one container of it that runs.
 *
 * @param programs - the paths of the programs of its image.
 */
export async function execEngine({
  spec = {},
  programs = ['/bin/x', '/bin/sh'],
}: {
  readonly spec?: Parameters<typeof containerRecord>[0] & object
  readonly programs?: readonly string[]
} = {}): Promise<ExecEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'exec-engine-'))
  const time = manualTime()
  const [execs, reports]: [FakeExec[], unknown[]] = [[], []]
  let ended = deferred<CellExit>()
  const parts: ContainerParts = {
    ...BARE_PARTS,
    cell: {
      ...QUIET_CELL,
      // Nothing was put in, and nothing is there that the image does not have.
      tree: async () => {
        throw new EngineError('NO_SUCH_PATH', 'no such path')
      },
      prepareModule: async () => {
        await engine.hold
        return { digest: 'd' }
      },
      start: () => {
        ended = deferred()
        return fakeProcess(execs, ended)
      },
    },
    store: memoryContainerStore(),
    events: new Events(() => time.now().getTime()),
    all: new AllContainers(),
    report: (error) => reports.push(error),
    image: async (id) => {
      const files = async () => programs.map(program)
      return { id, root: { key: 'k', config: BARE_CONFIG, files } }
    },
    logOf: (record) => new ContainerLog(join(directory, record.id), record.spec.log, () => 0n),
    discard: async () => {},
    started: (container, run) => void whenEnded(parts, container, run),
    now: () => time.now(),
    after: time.after,
    newId,
    random: () => 0,
  }
  const verbs = containersOf(parts)
  const record = containerRecord({ id: newId(), ...spec })
  const container = new Container(record, parts.logOf(record))
  parts.all.reserve(record.name, record.id)
  parts.all.add(container)
  await parts.store.put(record)
  const engine: ExecEngine = {
    parts,
    verbs,
    container,
    execs,
    time,
    reports,
    hold: undefined,
    events: () =>
      parts.events.recent().map(({ action, actor }) => {
        const { execID, exitCode } = actor.attributes
        return action === 'exec_die' ? `${action} ${exitCode} ${execID?.slice(0, 8)}` : action
      }),
    end: async (exitCode) => {
      const { run } = container
      for (const exec of execs) exec.end(137)
      ended.resolve({
        ...reportOf(exitCode),
        files: new Map(),
        filesLoss: undefined,
        layerLoss: undefined,
      })
      await run?.over.promise
    },
    close: async () => {
      await container.log.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
  await verbs.start(container)
  return engine
}
