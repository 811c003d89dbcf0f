import { EngineError } from '../../contract/errors.ts'
import type { Container } from './container.ts'
import { type LogBatch, type LogQuery, readLog } from './log/read-log.ts'

/** @throws EngineError `NOT_IMPLEMENTED`: nothing of it is kept. @source moby daemon/logger */
export function checkReadable({ record }: Container): void {
  if (record.spec.log.driver !== 'none') return
  throw new EngineError('NOT_IMPLEMENTED', 'configured logging driver does not support reading')
}

/**
 * A container's output.
 *
 * @param follow - goes on until the run there is has ended.
 * @throws EngineError `WRONG_STATE`: it is dead or being removed. `NOT_IMPLEMENTED`: see above.
 * @source engine API reference, 9
 */
export function logs(
  container: Container,
  follow: boolean,
): (query: Omit<LogQuery, 'follow'>) => AsyncGenerator<LogBatch> {
  const { status } = container.record.state
  if (status === 'dead' || status === 'removing') {
    throw new EngineError(
      'WRONG_STATE',
      'can not get logs from container which is dead or marked for removal',
    )
  }
  checkReadable(container)
  const ended = follow ? container.run?.over.promise : undefined
  return (query) => readLog(container.log, { ...query, follow: ended && { ended } })
}
