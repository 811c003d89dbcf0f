import type { Container } from './container.ts'
import { resultOf, type WaitCondition, type WaitResult } from './waits.ts'

/** Whether Docker's `Running` flag is up. */
const runs = (status: string): boolean =>
  status === 'running' || status === 'paused' || status === 'restarting'

/**
 * Waits for a container.
 *
 * @param signal - the waiter has gone; the promise then never settles.
 * @source engine API reference, 6.4
 */
export function wait(
  container: Container,
  condition: WaitCondition,
  signal?: AbortSignal,
): Promise<WaitResult> {
  const { state } = container.record
  if (condition === 'not-running' && !runs(state.status)) {
    return Promise.resolve(resultOf('last' in state ? state.last : undefined))
  }
  return container.waits.add(condition, signal)
}
