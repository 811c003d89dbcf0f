import { EngineError } from '../../contract/errors.ts'
import { SIGKILL, signalOf } from '../../contract/signals.ts'
import type { Container } from './container.ts'
import { advance, announce, type ContainerParts, change } from './containers.ts'
import { unpauseInTurn } from './unpause.ts'

/** How long a reply waits for the exit that a SIGKILL leads to. @source engine API reference, 6.3 */
const KILL_WAIT_MS = 12_000

/** Whether a kill with this signal also ends restarts by policy. @source the same, 6.5 */
function cancelsRestarts({ record }: Container, signal: number): boolean {
  const { stopSignal } = record.spec
  return signal === SIGKILL || stopSignal === '' || signalOf(stopSignal) === signal
}

/** No signal is sent to what waits to be restarted: it stays down. */
async function cancelRestart(parts: ContainerParts, container: Container): Promise<void> {
  clearTimeout(container.restart?.timer)
  container.restart = undefined
  await advance(parts, container, { type: 'cancel' }, { stoppedByHand: true })
}

/**
 * Sends a signal in a turn that the caller holds; what rests is left alone.
 *
 * @returns whether there was something to send it to.
 */
export async function killInTurn(
  parts: ContainerParts,
  container: Container,
  signal: number,
): Promise<boolean> {
  const { run, record } = container
  if (record.state.status === 'restarting') {
    await cancelRestart(parts, container)
    return true
  }
  if (run === undefined) return false
  const cancels = cancelsRestarts(container, signal)
  // A daemon that goes stops containers, but nobody did so by hand.
  if (cancels && !parts.all.closing) await change(parts, container, { stoppedByHand: true })
  announce(parts, container.record, 'kill', { signal: String(signal) })
  if (signal === SIGKILL) run.process.kill('killed')
  else run.process.signal(signal)
  // A signal that is to end it must not lie in front of a frozen process. Source: the same, 6.3
  if (cancels && record.state.status === 'paused') await unpauseInTurn(parts, container)
  return true
}

/** Settles when the run is over, or after `ms`. */
export async function untilOver(container: Container, ms: number): Promise<boolean> {
  const over = container.run?.over.promise
  if (over === undefined) return true
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const ended = await Promise.race([over.then(() => true as const), late])
  clearTimeout(timer)
  return ended
}

/**
 * Sends a signal to PID 1. SIGKILL is answered after the exit.
 *
 * @param reference - as the caller wrote it, for the text.
 * @throws EngineError `WRONG_STATE`: it does not run. `INVALID_ARGUMENT`: no such signal.
 */
export const kill =
  (parts: ContainerParts) =>
  async (container: Container, signal: string | undefined, reference: string): Promise<void> => {
    const number = signal ? signalOf(signal) : SIGKILL
    const sent = await container.turn.run(() => killInTurn(parts, container, number))
    if (!sent) {
      throw new EngineError(
        'WRONG_STATE',
        `cannot kill container: ${reference}: container ${container.id} is not running`,
      )
    }
    if (number === SIGKILL) await untilOver(container, KILL_WAIT_MS)
  }
