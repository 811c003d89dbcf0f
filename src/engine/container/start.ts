import type { CellProcess } from '../../contract/cell.ts'
import { EngineError } from '../../contract/errors.ts'
import { EXIT_NOT_EXECUTABLE, EXIT_NOT_FOUND } from '../../contract/exit.ts'
import type { Exit } from '../../contract/state.ts'
import { deferred } from '../../std/deferred.ts'
import type { Container, Run } from './container.ts'
import { advance, announce, type ContainerParts } from './containers.ts'
import { healthBegun, resumeHealth } from './health/monitor.ts'
import { findCurrentProgram, prepareProgram } from './kept-program.ts'
import { treeOf } from './on-tree.ts'
import { programSearch } from './program-search.ts'
import { removeInTurn } from './remove.ts'
import { runnableOf } from './runnable.ts'
import { giveAll, takeAll } from './surroundings.ts'
import { resultOf } from './waits.ts'

const conflict = (text: string): EngineError => new EngineError('WRONG_STATE', text)

/** What a start that failed leaves as exit code; what is not here is Docker's 128. */
const START_EXIT_CODE: Readonly<Record<string, number>> = {
  NO_SUCH_COMMAND: EXIT_NOT_FOUND,
  NO_SUCH_FILE: EXIT_NOT_FOUND,
  NOT_EXECUTABLE: EXIT_NOT_EXECUTABLE,
  INVALID_MODULE: EXIT_NOT_EXECUTABLE,
}
const EXIT_UNKNOWN_START_FAILURE = 128

/** Failures that are not of the program: docker tells of them in their own words. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  'NO_SUCH_NETWORK',
  'NETWORK_FORBIDDEN',
  'NO_FREE_ADDRESS',
])

/** The module and the root of a container, ready in the cell, and what its PID 1 is told. */
async function prepare(parts: ContainerParts, container: Container) {
  const { cell, image } = parts
  const { guest, imageId } = container.record.spec
  const { root } = await image(imageId)
  const files = await root.files()
  const search = programSearch(container.record.spec, files, guest)
  const kept = parts.hasLayer(container.id) ? await treeOf(parts, container) : undefined
  const find = (command: string) => findCurrentProgram(parts, kept, search, command)
  const { program, args } = await runnableOf(find, guest)
  const [module, ready] = await Promise.all([
    prepareProgram(parts, program, guest.args[0] ?? ''),
    cell.prepareRoot(root.key, async () => files),
  ])
  return { module, root: ready, guest: { ...guest, args }, program: program.path }
}

/** Its output goes to the log, then to whoever is attached; both hold the guest back. */
const consumerOf =
  ({ log, attachments, record }: Container, stream: 'stdout' | 'stderr') =>
  async (bytes: Uint8Array): Promise<void> => {
    if (record.spec.log.driver !== 'none') await log.append(stream, bytes)
    await attachments.write(stream, bytes)
  }

/** What was put in before its one start counts; nothing comes after that of what removes itself. */
function layerOf(parts: ContainerParts, { id, record }: Container): string | undefined {
  return record.spec.autoRemove && !parts.hasLayer(id) ? undefined : parts.layerFile(id)
}

function startIn(
  parts: ContainerParts,
  container: Container,
  prepared: Awaited<ReturnType<typeof prepare>>,
): CellProcess {
  try {
    return parts.cell.start({
      ...prepared,
      stdin: container.stdin,
      stdout: consumerOf(container, 'stdout'),
      stderr: consumerOf(container, 'stderr'),
      writableLayer: layerOf(parts, container),
    })
  } catch (error) {
    giveAll(parts.surroundings, container.record)
    throw error
  }
}

/** Starts PID 1 and watches for its end. EngineError when the cell refuses. */
async function launch(parts: ContainerParts, container: Container): Promise<void> {
  const prepared = await prepare(parts, container)
  // After the program was found: exit codes 126 and 127 leave no events of networks.
  takeAll(parts.surroundings, container.record)
  const process = startIn(parts, container, prepared)
  const run: Run = { process, over: deferred() }
  container.run = run
  const startedAt = parts.now()
  // A restart by policy goes on counting; a start by somebody begins anew.
  const fresh = container.restart === undefined ? { restartCount: 0, stoppedByHand: false } : {}
  const changes = { ...fresh, ...healthBegun(container.record) }
  try {
    await advance(parts, container, { type: 'start', pid: process.pid, startedAt }, changes)
  } catch (error) {
    // What is not stored does not run.
    process.kill('killed')
    await process.ended.catch(() => undefined)
    container.run = undefined
    throw error
  }
  announce(parts, container.record, 'start')
  resumeHealth(parts, container)
  parts.started(container, run)
}

/** What a guest leaves that never ran. */
export function startFailure(error: unknown): Pick<Exit, 'code' | 'error'> {
  const known = error instanceof EngineError ? START_EXIT_CODE[error.code] : undefined
  return {
    code: known ?? EXIT_UNKNOWN_START_FAILURE,
    error: error instanceof EngineError ? error.message : 'internal error',
  }
}

function failedExit(parts: ContainerParts, error: unknown): Exit {
  return {
    ...startFailure(error),
    oomKilled: false,
    startedAt: undefined,
    finishedAt: parts.now(),
  }
}

/**
 * Starts a container whose turn the caller holds, from whatever state allows it.
 *
 * @throws EngineError `START_FAILED` with Docker's words, from whose text its clients take their exit
 *   code. `HOST_CLOSED`.
 */
export async function startInTurn(parts: ContainerParts, container: Container): Promise<void> {
  if (parts.all.closing) throw new EngineError('HOST_CLOSED', 'the daemon is shutting down')
  try {
    await launch(parts, container)
  } catch (error) {
    if (container.record.state.status === 'running') throw error
    const exit = failedExit(parts, error)
    const counted = container.record.state.status === 'restarting'
    await advance(parts, container, { type: 'fail', exit })
    container.attachments.end()
    // Who waits for a container that never ran is told by the start's own answer.
    if (counted) container.waits.stopped(resultOf(exit))
    if (container.record.spec.autoRemove) await removeInTurn(parts, container, { volumes: true })
    if (!(error instanceof EngineError) || OWN_WORDS.has(error.code)) throw error
    const text = `failed to create task for container: ${error.message}`
    throw new EngineError('START_FAILED', text, { cause: error })
  }
}

/**
 * Starts a container.
 *
 * @returns `already-running` when there is nothing to do.
 * @throws EngineError `WRONG_STATE` | `START_FAILED` | `HOST_CLOSED`.
 * @source engine API reference, 6.3
 */
export const start =
  (parts: ContainerParts) =>
  (container: Container): Promise<'started' | 'already-running'> =>
    container.turn.run(async () => {
      switch (container.record.state.status) {
        case 'running':
        case 'restarting':
          return 'already-running'
        case 'paused':
          throw conflict('cannot start a paused container, try unpause instead')
        case 'removing':
        case 'dead':
          throw conflict('container is marked for removal and cannot be started')
        case 'created':
        case 'exited':
          container.restart = undefined
          await startInTurn(parts, container)
          return 'started'
      }
    })
