import { EngineError } from '../../../contract/errors.ts'
import { deferred } from '../../../std/deferred.ts'
import { durationText } from '../../../std/duration.ts'
import type { Container } from '../container.ts'
import type { ContainerParts } from '../containers.ts'
import { type CreateExecParts, createExec } from '../exec/create-exec.ts'
import type { Exec } from '../exec/exec.ts'
import type { FoundExec } from '../exec/find-exec.ts'
import {
  type ExecClient,
  type StartExecParts,
  type StartedExec,
  startExec,
} from '../exec/start-exec.ts'
import type { ProbeResult } from './health-state.ts'
import type { HealthPlan } from './healthcheck.ts'
import { ProbeOutput } from './probe-output.ts'

export type ProbeParts = CreateExecParts & StartExecParts & Pick<ContainerParts, 'after'>

type Outcome = Pick<ProbeResult, 'exitCode' | 'output'>

const COULD_NOT_RUN = -1
/** For its start, whatever its own time is. @source moby daemon/health.go */
const START_MS = 30_000

/** Kills a probe, now or when it has a process. */
function killerOf(exec: Exec, reason: 'killed' | 'timeout') {
  return (): void => {
    if (exec.state.status === 'running') exec.state.process.kill(reason)
  }
}

/** The time that this takes is not the probe's. One that is late is killed when it has a process. */
async function started(
  parts: ProbeParts,
  found: FoundExec,
  client: ExecClient,
): Promise<StartedExec> {
  const starting = startExec(parts)(found, client)
  const late = deferred<never>()
  const cancel = parts.after(START_MS, () => {
    const text = `timed out starting health check for container ${found.container.id}`
    starting.then(killerOf(found.exec, 'killed'), () => {})
    late.reject(new EngineError('EXEC_FAILED', text))
  })
  try {
    return await Promise.race([starting, late.promise])
  } finally {
    cancel()
  }
}

/** Undefined: it took too long, and was killed. */
async function exitCodeOf(
  parts: ProbeParts,
  exec: Exec,
  ended: StartedExec['ended'],
  timeoutMs: number,
): Promise<number | undefined> {
  let late = false
  const cancel = parts.after(timeoutMs, () => {
    late = true
    killerOf(exec, 'timeout')()
  })
  try {
    const { exitCode } = await ended
    return late ? undefined : exitCode
  } finally {
    cancel()
  }
}

async function outcomeOf(
  parts: ProbeParts,
  container: Container,
  { argv, timeoutMs }: HealthPlan,
  stop: AbortSignal,
): Promise<Outcome> {
  const request = { cmd: argv, attachStdout: true, attachStderr: true }
  const exec = createExec(parts)(container, request)
  const output = new ProbeOutput()
  const client = { sends: false, write: (_: string, bytes: Uint8Array) => output.write(bytes) }
  const kill = killerOf(exec, 'killed')
  stop.addEventListener('abort', kill, { once: true })
  try {
    const { ended } = await started(parts, { container, exec }, client)
    // It may have come while its program was made ready.
    if (stop.aborted) kill()
    const exitCode = await exitCodeOf(parts, exec, ended, timeoutMs)
    if (exitCode !== undefined) return { exitCode, output: output.text() }
  } finally {
    stop.removeEventListener('abort', kill)
  }
  const said = output.text()
  const text = `Health check exceeded timeout (${durationText(timeoutMs)})`
  return { exitCode: COULD_NOT_RUN, output: said === '' ? text : `${text}: ${said}` }
}

/**
 * Asks a container once whether it is well. Never rejects.
 *
 * @param stop - nobody wants to know any more: the probe is killed.
 * @source engine API reference, 6.8
 */
export async function probe(
  parts: ProbeParts,
  container: Container,
  plan: HealthPlan,
  stop: AbortSignal,
): Promise<ProbeResult> {
  const start = parts.now()
  const outcome = await outcomeOf(parts, container, plan, stop).catch((error: unknown): Outcome => {
    const output = error instanceof EngineError ? error.message : 'internal error'
    return { exitCode: COULD_NOT_RUN, output }
  })
  return { start, end: parts.now(), ...outcome }
}
