import type { ProcessRow } from '../../contract/cell.ts'
import type { Container } from './container.ts'
import { announce, type ContainerParts } from './containers.ts'
import { notRunning, runningRun } from './running-run.ts'

/** One process of a container, as its host sees it. */
export interface ProcessFacts extends Omit<ProcessRow, 'ageMs'> {
  readonly startedAt: Date
}

/**
 * The processes of a container that runs: PID 1, what was started beside it, and what all of those have
 * started themselves.
 *
 * @throws EngineError `WRONG_STATE`.
 * @source docker-top(1)
 */
export const top =
  (parts: Pick<ContainerParts, 'events' | 'now'>) =>
  async (container: Container): Promise<readonly ProcessFacts[]> => {
    const { process } = runningRun(container)
    announce(parts, container.record, 'top')
    const rows = await process.processes()
    if (rows === undefined) throw notRunning(container)
    const now = parts.now().getTime()
    return rows.map(({ ageMs, ...row }) => ({ ...row, startedAt: new Date(now - ageMs) }))
  }
