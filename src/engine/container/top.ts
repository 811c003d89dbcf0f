import type { ProcessStats } from '../../contract/cell.ts'
import type { Container } from './container.ts'
import { announce, type ContainerParts } from './containers.ts'
import { runningRun } from './running-run.ts'

/** One process of a container, as its host sees it. */
export interface ProcessFacts {
  readonly pid: number
  readonly parentPid: number
  /** Name or number, as the container was given it. */
  readonly user: string
  readonly args: readonly string[]
  readonly startedAt: Date
  readonly used: ProcessStats | undefined
}

/**
 * The processes of a container that runs.
 *
 * @throws EngineError `WRONG_STATE`.
 * @source docker-top(1)
 */
export const top =
  (parts: Pick<ContainerParts, 'events'>) =>
  async (container: Container): Promise<readonly ProcessFacts[]> => {
    const { process } = runningRun(container)
    const { spec, state } = container.record
    const startedAt = 'startedAt' in state ? state.startedAt : container.record.created
    const [user = ''] = spec.guest.user.split(':')
    announce(parts, container.record, 'top')
    return [
      {
        pid: process.pid,
        parentPid: 0,
        user: user === '' || user === '0' ? 'root' : user,
        args: spec.guest.args,
        startedAt,
        used: await process.stats(),
      },
    ]
  }
