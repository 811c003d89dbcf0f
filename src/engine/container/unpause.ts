import { EngineError } from '../../contract/errors.ts'
import type { Container } from './container.ts'
import { advance, announce } from './containers.ts'
import { type MonitorParts, resumeHealth } from './health/monitor.ts'

/** Lets a paused container go on, in a turn that the caller holds. */
export async function unpauseInTurn(parts: MonitorParts, container: Container): Promise<void> {
  await advance(parts, container, { type: 'unpause' })
  container.run?.process.unpause()
  announce(parts, container.record, 'unpause')
  resumeHealth(parts, container)
}

/**
 * Lets a paused container go on.
 *
 * @throws EngineError `NOT_PAUSED`.
 * @source docker-unpause(1); engine API reference, 6.3
 */
export const unpause =
  (parts: MonitorParts) =>
  (container: Container): Promise<void> =>
    container.turn.run(async () => {
      if (container.record.state.status !== 'paused') {
        throw new EngineError('NOT_PAUSED', `Container ${container.id} is not paused`)
      }
      await unpauseInTurn(parts, container)
    })
