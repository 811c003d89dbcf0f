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

const userOf = (user: string): string => {
  const [name = ''] = user.split(':')
  return name === '' || name === '0' ? 'root' : name
}

/** PID 1, then what was started beside it; the parents of both are outside. */
function processesOf({ record, run, execs }: Container) {
  const { spec, state } = record
  const startedAt = 'startedAt' in state ? state.startedAt : record.created
  const first = run && { process: run.process, spec: spec.guest, startedAt }
  const others = execs.running().map((exec) => ({ ...exec.state, spec: exec.spec }))
  return first === undefined ? others : [first, ...others]
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
    runningRun(container)
    announce(parts, container.record, 'top')
    return await Promise.all(
      processesOf(container).map(async ({ process, spec, startedAt }) => ({
        pid: process.pid,
        parentPid: 0,
        user: userOf(spec.user),
        args: spec.args,
        startedAt,
        used: await process.stats(),
      })),
    )
  }
