import { EngineError } from '../../../contract/errors.ts'
import type { Container } from '../container.ts'
import type { ContainerParts } from '../containers.ts'
import type { Exec } from './exec.ts'

export interface FoundExec {
  readonly container: Container
  readonly exec: Exec
}

/**
 * An exec by its whole id, with the container it belongs to.
 *
 * @throws EngineError `NO_SUCH_EXEC`.
 */
export const findExec =
  ({ all, now }: Pick<ContainerParts, 'all' | 'now'>) =>
  (id: string): FoundExec => {
    for (const container of all.list()) {
      const exec = container.execs.get(id, now())
      if (exec !== undefined) return { container, exec }
    }
    throw new EngineError('NO_SUCH_EXEC', `No such exec instance: ${id}`)
  }
