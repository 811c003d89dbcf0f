import { basename } from 'node:path'
import type { Cell, CellExit, Input, ModuleSource } from '../../contract/cell.ts'
import { EngineError } from '../../contract/errors.ts'
import type { GuestSpec } from '../../contract/guest-spec.ts'
import type { LayerFile } from '../../contract/layer.ts'
import { untilAborted } from '../until-aborted.ts'
import { argvOf } from './argv.ts'
import { FilesTooLargeError } from './files-too-large.ts'
import { locateProgram } from './find-program.ts'
import { guestSpecOf } from './guest-spec-of.ts'
import { type Output, outputOf } from './output.ts'
import { programSearch } from './program-search.ts'
import type { RootSource } from './root-source.ts'
import type { RunResult, RunSpec } from './run-spec.ts'
import { runnableOf } from './runnable.ts'

/** What a run needs of the rest of the engine. */
export interface RunParts {
  readonly cell: Cell
  /** The image of that name, pulled when it is not there. */
  imageRoot(reference: string, signal: AbortSignal | undefined): Promise<RootSource>
  /** A host directory as root; without one, the bare tree every container has. */
  directoryRoot(directory: string | undefined): Promise<RootSource>
  /** 64 hex digits. */
  newId(): string
}

const NOT_A_SECOND_TIME = 'either image, module or rootfs with a command is needed'

/** Creates a container, runs it to its end, removes it, and returns what it left behind. */
export async function run(parts: RunParts, spec: RunSpec): Promise<RunResult> {
  spec.signal?.throwIfAborted()
  const id = parts.newId()
  const root = await rootOf(parts, spec)
  const guest = guestSpecOf(spec, {
    argv: commandOf(spec, root),
    environment: root.config.Env,
    workingDirectory: root.config.WorkingDir,
    user: root.config.User,
    hostname: id.slice(0, 12),
  })
  const files = await root.files()
  const { source, args, program } = await programOf(spec, guest, files)
  const prepare = () =>
    Promise.all([
      parts.cell.prepareModule(source),
      parts.cell.prepareRoot(root.key, async () => files),
    ])
  // A module's first run may be a second away, and what is made is kept for the next.
  const [module, prepared] = await untilAborted(prepare, spec.signal)

  const stdout = outputOf(spec.stdout)
  const stderr = outputOf(spec.stderr)
  const process = parts.cell.start({
    module,
    root: prepared,
    guest: { ...guest, args },
    program,
    stdin: inputOf(spec.stdin),
    stdout: stdout.consume,
    stderr: stderr.consume,
  })
  if (guest.terminal !== undefined) spec.onTerminal?.((size) => process.resize(size))
  const ended = untilEnded(process, guest.limits.timeoutMs, spec.signal)
  // What a run that fails at its end has written has come, too.
  await ended.catch(() => undefined)
  await Promise.all([stdout.finish(), stderr.finish()])
  spec.signal?.throwIfAborted()
  const exit = await ended
  const result = resultOf(id, spec.name, exit, stdout, stderr)
  if (exit.filesLoss !== undefined) throw new FilesTooLargeError(exit.filesLoss, result)
  return result
}

async function rootOf(parts: RunParts, spec: RunSpec): Promise<RootSource> {
  if (spec.image !== undefined) {
    if (spec.module !== undefined || spec.rootfs !== undefined) {
      throw new EngineError('INVALID_ARGUMENT', NOT_A_SECOND_TIME)
    }
    return await parts.imageRoot(spec.image, spec.signal)
  }
  const program = spec.entrypoint ?? spec.cmd ?? []
  if (spec.module === undefined && (spec.rootfs === undefined || program.length === 0)) {
    throw new EngineError('INVALID_ARGUMENT', NOT_A_SECOND_TIME)
  }
  return await parts.directoryRoot(spec.rootfs)
}

/** A module given by itself is its own program; an image or a root says what it runs. */
function commandOf(spec: RunSpec, root: RootSource): readonly string[] {
  const cmd = spec.cmd ?? spec.args
  if (spec.module === undefined) {
    const own = { ...(cmd && { cmd }), ...(spec.entrypoint && { entrypoint: spec.entrypoint }) }
    return argvOf(own, root.config).argv
  }
  const name = typeof spec.module === 'string' ? basename(spec.module) : 'module.wasm'
  return [name, ...(spec.args ?? spec.cmd ?? [])]
}

/** What is run, and what it is told. */
async function programOf(
  spec: RunSpec,
  guest: GuestSpec,
  files: readonly LayerFile[],
): Promise<{
  readonly source: ModuleSource
  readonly args: readonly string[]
  readonly program?: string
}> {
  const { args } = guest
  if (typeof spec.module === 'string')
    return { source: { kind: 'host-file', path: spec.module }, args }
  if (spec.module !== undefined) return { source: { kind: 'bytes', bytes: spec.module }, args }
  const search = programSearch({ guest }, files, guest)
  const run = await runnableOf(async (command) => locateProgram(search, command), guest)
  return { source: run.program.source, args: run.args, program: run.program.path }
}

function inputOf(stdin: RunSpec['stdin']): Input | undefined {
  return typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin
}

/** Waits, and passes a time limit or an abort on to the process. */
async function untilEnded(
  process: ReturnType<Cell['start']>,
  timeoutMs: number | undefined,
  signal: AbortSignal | undefined,
): Promise<CellExit> {
  const abort = (): void => process.kill('killed')
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted === true) abort()
  const timer = timeoutMs && setTimeout(() => process.kill('timeout'), timeoutMs)
  try {
    return await process.ended
  } finally {
    if (timer) clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

function resultOf(
  id: string,
  name: string | undefined,
  exit: CellExit,
  stdout: Output,
  stderr: Output,
): RunResult {
  const bytes = stdout.bytes()
  return {
    id,
    name,
    exitCode: exit.exitCode,
    reason: exit.reason,
    message: exit.message,
    oomKilled: exit.oomKilled,
    stdout: bytes,
    stderr: stderr.bytes(),
    truncated: stdout.truncated() || stderr.truncated(),
    files: exit.files,
    usage: exit.usage,
    text: () => new TextDecoder().decode(bytes),
  }
}
