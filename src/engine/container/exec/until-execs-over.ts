import { deferred } from '../../../std/deferred.ts'
import type { Container } from '../container.ts'
import type { ContainerParts } from '../containers.ts'

/** For a client that takes nothing of what an exec has written. @source engine API reference, 6.4 */
const DRAIN_MS = 2_000

/** A container that has ended takes its execs along: waits until they are over, not for ever. */
export async function untilExecsOver(
  { after }: Pick<ContainerParts, 'after'>,
  { execs }: Container,
): Promise<void> {
  const running = execs.running()
  if (running.length === 0) return
  const late = deferred<void>()
  const cancel = after(DRAIN_MS, () => late.resolve())
  await Promise.race([Promise.all(running.map(({ over }) => over.promise)), late.promise])
  cancel()
}
