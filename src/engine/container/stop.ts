import { SIGKILL, SIGTERM, signalOf } from '../../contract/signals.ts'
import type { Container } from './container.ts'
import { announce, type ContainerParts } from './containers.ts'
import { killInTurn, untilOver } from './kill.ts'

export interface StopOptions {
  /** Seconds before SIGKILL; negative: never; undefined: the container decides. */
  readonly graceSeconds?: number | undefined
  readonly signal?: string | undefined
}

/** @source docker-stop(1), "--time" */
const DEFAULT_GRACE_SECONDS = 10
const MS_PER_S = 1_000
/** Until a SIGKILL has led to an exit. */
const KILL_WAIT_MS = 12_000

const graceMs = ({ record }: Container, { graceSeconds }: StopOptions): number => {
  const seconds = graceSeconds ?? record.spec.stopTimeout ?? DEFAULT_GRACE_SECONDS
  return seconds < 0 ? Number.POSITIVE_INFINITY : seconds * MS_PER_S
}

/** setTimeout takes at most 2^31-1 ms; 24 days are as good as for ever. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** Ends the run there is: the stop signal, the grace, SIGKILL. */
export async function stopRun(
  parts: ContainerParts,
  container: Container,
  options: StopOptions,
): Promise<void> {
  const text = options.signal || container.record.spec.stopSignal
  const signal = text ? signalOf(text) : SIGTERM
  await container.turn.run(() => killInTurn(parts, container, signal))
  if (await untilOver(container, Math.min(graceMs(container, options), LONGEST_WAIT_MS))) return
  await container.turn.run(() => killInTurn(parts, container, SIGKILL))
  await untilOver(container, KILL_WAIT_MS)
}

/**
 * Stops a container.
 *
 * @returns `not-running` when there is nothing to do.
 * @throws EngineError `INVALID_ARGUMENT`: no such signal.
 * @source docker-stop(1); engine API reference, 6.3
 */
export const stop =
  (parts: ContainerParts) =>
  async (container: Container, options: StopOptions): Promise<'stopped' | 'not-running'> => {
    const { status } = container.record.state
    if (status !== 'running' && status !== 'paused' && status !== 'restarting') return 'not-running'
    const { record } = container
    await stopRun(parts, container, options)
    announce(parts, record, 'stop')
    return 'stopped'
  }
