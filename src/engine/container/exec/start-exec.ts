import type { ExecProcess } from '../../../contract/cell.ts'
import { EngineError } from '../../../contract/errors.ts'
import { EXIT_NOT_EXECUTABLE, EXIT_NOT_FOUND, type ExitReport } from '../../../contract/exit.ts'
import { untilAborted } from '../../until-aborted.ts'
import type { ContainerParts } from '../containers.ts'
import { DetachWatch } from '../detach-keys.ts'
import { findRunningProgram, prepareProgram } from '../kept-program.ts'
import type { OutputStream } from '../log/log-entry.ts'
import { treeOf } from '../on-tree.ts'
import { programSearch } from '../program-search.ts'
import { runnableOf } from '../runnable.ts'
import { StdinPipe } from '../stdin-pipe.ts'
import { announceExec } from './announce-exec.ts'
import type { FoundExec } from './find-exec.ts'
import { readyForExec } from './ready-for-exec.ts'

export type StartExecParts = Pick<
  ContainerParts,
  'cell' | 'image' | 'layerFile' | 'events' | 'now' | 'report'
>

/** Who started an exec and stays with it. */
export interface ExecClient {
  /** Whether it sends input. */
  readonly sends: boolean
  /** An abort before it runs: it is not started, and its starter is told the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** A promise holds the guest back until it settles. */
  write(stream: OutputStream, bytes: Uint8Array): void | Promise<void>
}

/** An exec that was started. */
export interface StartedExec {
  /** Undefined: its input is at its end from the beginning. */
  readonly stdin: StdinPipe | undefined
  /** Looks for the keys by which its client leaves it; undefined where it has no terminal. */
  readonly watch: DetachWatch | undefined
  /** Its client has left it. */
  detach(): void
  /**
   * Settles when all output was delivered and its exit code can be read. Rejects when the cell could
   * not begin it, as `startExec` does.
   */
  readonly ended: Promise<ExitReport>
}

/** Failures of the program, which are told in runc's words; all others have their own. */
const EXIT_CODE: Readonly<Record<string, number>> = {
  NO_SUCH_COMMAND: EXIT_NOT_FOUND,
  NO_SUCH_FILE: EXIT_NOT_FOUND,
  NOT_EXECUTABLE: EXIT_NOT_EXECUTABLE,
  INVALID_MODULE: EXIT_NOT_EXECUTABLE,
}

function failureOf(error: unknown): { readonly exitCode: number; readonly error: unknown } {
  const exitCode = error instanceof EngineError ? EXIT_CODE[error.code] : undefined
  if (!(error instanceof EngineError) || exitCode === undefined) {
    return { exitCode: EXIT_NOT_EXECUTABLE, error }
  }
  const text =
    'OCI runtime exec failed: exec failed: unable to start container process: ' +
    `${error.message}: unknown`
  return { exitCode, error: new EngineError('EXEC_FAILED', text, { cause: error }) }
}

/** Records that it never ran. @returns what its starter is told. */
function fail(
  { now, report }: StartExecParts,
  { exec }: FoundExec,
  cause: unknown,
  client?: ExecClient,
): unknown {
  if (!(cause instanceof EngineError) && cause !== client?.signal?.reason) report(cause)
  const { exitCode, error } = failureOf(cause)
  exec.advance({ type: 'fail', exitCode, endedAt: now() })
  exec.over.resolve()
  return error
}

/** In this order: its exit code, the event; then whoever waits hears of it. */
async function untilEnded(
  parts: StartExecParts,
  found: FoundExec,
  process: ExecProcess,
): Promise<ExitReport> {
  const { container, exec } = found
  let report: ExitReport
  try {
    report = await process.ended
  } catch (error) {
    throw fail(parts, found, error)
  }
  exec.advance({ type: 'end', exitCode: report.exitCode, endedAt: parts.now() })
  announceExec(parts, container, exec, 'exec_die', { exitCode: String(report.exitCode) })
  exec.over.resolve()
  return report
}

/** The module, ready in the cell, and what its process is told. */
async function prepare(parts: StartExecParts, { container, exec }: FoundExec) {
  const { spec } = exec
  const { root } = await parts.image(container.record.spec.imageId)
  const search = programSearch(container.record.spec, await root.files(), spec)
  const find = (name: string) =>
    findRunningProgram(parts, () => treeOf(parts, container), search, name)
  const { program, args } = await runnableOf(find, spec)
  const module = await prepareProgram(parts, program, spec.args[0] ?? '')
  return { module, exec: { ...spec, args }, program: program.path }
}

async function launch(
  parts: StartExecParts,
  found: FoundExec,
  stdin: StdinPipe | undefined,
  client: ExecClient | undefined,
): Promise<ExecProcess> {
  const { container, exec } = found
  // Its module's first run may be a second away, and what is made is kept for the next.
  const prepared = await untilAborted(() => prepare(parts, found), client?.signal)
  const consumer =
    (stream: OutputStream, wanted: boolean) =>
    (bytes: Uint8Array): void | Promise<void> =>
      wanted ? client?.write(stream, bytes) : undefined
  // It may have been paused, or may have ended, meanwhile.
  return readyForExec(container).process.exec({
    ...prepared,
    stdin,
    stdout: consumer('stdout', exec.options.attachStdout),
    stderr: consumer('stderr', exec.options.attachStderr),
  })
}

/**
 * Whether an exec may be started: what is wrong here is told before anything of its output.
 *
 * @throws EngineError `WRONG_STATE`: its container does not run, or is paused.
 */
export const checkExec = ({ container }: FoundExec): void => void readyForExec(container)

/**
 * Starts an exec.
 *
 * @param client - undefined: nobody stays with it; it has no input, and its output is dropped.
 * @throws EngineError `WRONG_STATE`: it was started before, or the container runs no more.
 *   `EXEC_FAILED`: its program is not there or none; and whatever the cell refuses it for. Its exit
 *   code can be read then.
 * @source engine API reference, 7
 */
export const startExec =
  (parts: StartExecParts) =>
  async (found: FoundExec, client: ExecClient | undefined): Promise<StartedExec> => {
    const { container, exec } = found
    const { status } = exec.state
    if (status !== 'created') {
      const what =
        status === 'failed' || status === 'ended' ? 'has already run' : 'is already running'
      throw new EngineError('WRONG_STATE', `exec command ${exec.id} ${what}`)
    }
    checkExec(found)
    exec.advance({ type: 'begin' })
    announceExec(parts, container, exec, 'exec_start')
    const stdin = client?.sends === true && exec.options.attachStdin ? new StdinPipe() : undefined
    let process: ExecProcess
    try {
      process = await launch(parts, found, stdin, client)
    } catch (error) {
      throw fail(parts, found, error, client)
    }
    exec.advance({ type: 'run', process, startedAt: parts.now() })
    const ended = untilEnded(parts, found, process)
    // Who does not stay does not hear of it.
    ended.catch(() => {})
    void ended.then(
      () => stdin?.close(),
      () => stdin?.close(),
    )
    const { terminal } = exec.spec
    return {
      stdin,
      watch: terminal && new DetachWatch(exec.options.detachKeys),
      detach: () => announceExec(parts, container, exec, 'exec_detach'),
      ended,
    }
  }
