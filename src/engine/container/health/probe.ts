import { EngineError } from '../../../contract/errors.ts'
import { durationText } from '../../../std/duration.ts'
import type { Container } from '../container.ts'
import type { ContainerParts } from '../containers.ts'
import { type CreateExecParts, createExec } from '../exec/create-exec.ts'
import type { Exec } from '../exec/exec.ts'
import { type StartExecParts, startExec } from '../exec/start-exec.ts'
import type { ProbeResult } from './health-state.ts'
import type { HealthPlan } from './healthcheck.ts'
import { ProbeOutput } from './probe-output.ts'

export type ProbeParts = CreateExecParts & StartExecParts & Pick<ContainerParts, 'after'>

type Outcome = Pick<ProbeResult, 'exitCode' | 'output'>

const COULD_NOT_RUN = -1

/** Kills a probe, now or when it has a process. */
function killerOf(exec: Exec, reason: 'killed' | 'timeout') {
  return (): void => {
    if (exec.state.status === 'running') exec.state.process.kill(reason)
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
  let late = false
  const kill = killerOf(exec, 'killed')
  const cancel = parts.after(timeoutMs, () => {
    late = true
    killerOf(exec, 'timeout')()
  })
  stop.addEventListener('abort', kill, { once: true })
  try {
    const { ended } = await startExec(parts)({ container, exec }, client)
    // Either may have come while its program was made ready.
    if (late || stop.aborted) kill()
    const { exitCode } = await ended
    if (!late) return { exitCode, output: output.text() }
  } finally {
    cancel()
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
