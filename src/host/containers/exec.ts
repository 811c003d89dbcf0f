import type { ExitReport } from '../../contract/exit.ts'
import type { Container } from '../../engine/container/container.ts'
import { type Exec, type ExecRequest, isRunning } from '../../engine/container/exec/exec.ts'
import type { ExecClient, StartedExec } from '../../engine/container/exec/start-exec.ts'
import { type Output, outputOf } from '../../engine/container/output.ts'
import type { RunResult, RunSpec } from '../../engine/container/run-spec.ts'
import type { StdinPipe } from '../../engine/container/stdin-pipe.ts'
import type { Containers as Verbs } from '../../engine/engine.ts'
import { entriesOf } from './environment.ts'
import { ownWords } from './own-words.ts'

/** How one more process of a container is run. What `run` has too means the same here. */
export type ExecSpec = Pick<
  RunSpec,
  'env' | 'cwd' | 'user' | 'stdin' | 'stdout' | 'stderr' | 'terminal' | 'onTerminal' | 'signal'
>

/** What an exec left behind. `reason` is `killed` also where its container ended first. */
export type ExecResult = Pick<
  RunResult,
  | 'exitCode'
  | 'reason'
  | 'message'
  | 'oomKilled'
  | 'stdout'
  | 'stderr'
  | 'truncated'
  | 'usage'
  | 'text'
>

type ExecVerbs = Pick<Verbs, 'createExec' | 'startExec' | 'resizeExec'>
type Streams = Readonly<Record<'stdout' | 'stderr', Output>>

const requestOf = (cmd: readonly string[], spec: ExecSpec): ExecRequest => ({
  cmd,
  env: entriesOf(spec.env),
  user: spec.user ?? '',
  workingDir: spec.cwd ?? '',
  attachStdin: spec.stdin !== undefined,
  attachStdout: true,
  attachStderr: true,
  tty: spec.terminal !== undefined,
  ...(spec.terminal && { terminalSize: spec.terminal }),
})

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function sourceOf(stdin: NonNullable<ExecSpec['stdin']>): AsyncIterator<Uint8Array> {
  if (typeof stdin === 'string') return once(new TextEncoder().encode(stdin))
  if (stdin instanceof Uint8Array) return once(stdin)
  return stdin[Symbol.asyncIterator]()
}

/** A source that fails is at its end, as for `run`. */
async function feed(source: AsyncIterator<Uint8Array>, pipe: StdinPipe): Promise<void> {
  try {
    for (;;) {
      const next = await source.next()
      if (next.done === true) break
      await pipe.write(next.value)
    }
  } catch {
    // The guest sees the end of its input.
  }
  pipe.close()
}

/** Feeds an exec while it runs: an endless source must not keep anything open. */
async function fed(started: StartedExec, stdin: ExecSpec['stdin']): Promise<ExitReport> {
  if (stdin === undefined || started.stdin === undefined) return await started.ended
  const source = sourceOf(stdin)
  void feed(source, started.stdin)
  try {
    return await started.ended
  } finally {
    void Promise.resolve(source.return?.()).catch(() => undefined)
  }
}

function resultOf(report: ExitReport, { stdout, stderr }: Streams): ExecResult {
  const bytes = stdout.bytes()
  return {
    ...report,
    stdout: bytes,
    stderr: stderr.bytes(),
    truncated: stdout.truncated() || stderr.truncated(),
    text: () => new TextDecoder().decode(bytes),
  }
}

/** Starts it, and stays until its end, which an abort brings about; before its start, there is none. */
async function untilEnded(
  verbs: ExecVerbs,
  found: { readonly container: Container; readonly exec: Exec },
  spec: ExecSpec,
  streams: Streams,
): Promise<ExitReport> {
  const { exec } = found
  const client: ExecClient = {
    sends: spec.stdin !== undefined,
    signal: spec.signal,
    write: (stream, bytes) => streams[stream].consume(bytes),
  }
  const abort = (): void => {
    if (isRunning(exec)) exec.state.process.kill('killed')
  }
  spec.signal?.addEventListener('abort', abort, { once: true })
  try {
    const started = await verbs.startExec(found, client)
    if (spec.signal?.aborted === true) abort()
    if (spec.terminal !== undefined) {
      spec.onTerminal?.((size) => void verbs.resizeExec(found, size).catch(() => undefined))
    }
    return await fed(started, spec.stdin)
  } finally {
    spec.signal?.removeEventListener('abort', abort)
  }
}

/** Runs one more process in a container to its end. */
export async function runExec(
  verbs: ExecVerbs,
  container: Container,
  cmd: readonly string[],
  spec: ExecSpec,
): Promise<ExecResult> {
  spec.signal?.throwIfAborted()
  const exec = verbs.createExec(container, requestOf(cmd, spec))
  const streams = { stdout: outputOf(spec.stdout), stderr: outputOf(spec.stderr) }
  try {
    const report = await untilEnded(verbs, { container, exec }, spec, streams)
    spec.signal?.throwIfAborted()
    return resultOf(report, streams)
  } catch (error) {
    spec.signal?.throwIfAborted()
    throw ownWords(error)
  } finally {
    await Promise.all([streams.stdout.finish(), streams.stderr.finish()])
  }
}
