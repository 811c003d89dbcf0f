import { EngineError } from '../../contract/errors.ts'
import type { Container, Run } from './container.ts'
import { advance, announce } from './containers.ts'
import { healthCeased, type MonitorParts, stopMonitor } from './health/monitor.ts'
import { runningRun } from './running-run.ts'

/** The run, which must not be paused. */
function runToPause(container: Container): Run {
  const run = runningRun(container)
  if (container.record.state.status !== 'paused') return run
  throw new EngineError('WRONG_STATE', `container ${container.id} is already paused`)
}

/**
 * Freezes a container: it uses no CPU until it is let go on. A kill that comes while its process is
 * on its way there does not wait for it.
 *
 * @throws EngineError `WRONG_STATE`.
 * @source docker-pause(1); engine API reference, 6.3
 */
export const pause =
  (parts: MonitorParts) =>
  async (container: Container): Promise<void> => {
    const { still } = await container.turn.run(async () => {
      const { process } = runToPause(container)
      // Wrapped: a promise handed out of the turn would be awaited in it.
      return { still: process.pause() }
    })
    await still
    await container.turn.run(async () => {
      const { process } = runToPause(container)
      try {
        await advance(parts, container, { type: 'pause' }, healthCeased(container.record))
      } catch (error) {
        process.unpause()
        throw error
      }
      stopMonitor(container)
      announce(parts, container.record, 'pause')
    })
  }
