import type { Container } from './container.ts'
import type { ContainerParts } from './containers.ts'
import { stopRun } from './stop.ts'

/** For who would otherwise never be killed. @source dockerd, "--shutdown-timeout" */
const LONGEST_UNKNOWN_SECONDS = 15

async function rest(parts: ContainerParts, container: Container): Promise<void> {
  // A start that is under way comes first.
  await container.turn.run(async () => clearTimeout(container.restart?.timer))
  if (container.run === undefined) return
  const { stopTimeout } = container.record.spec
  const forEver = stopTimeout !== undefined && stopTimeout < 0
  await stopRun(parts, container, forEver ? { graceSeconds: LONGEST_UNKNOWN_SECONDS } : {})
}

/**
 * Stops every container with its own stop signal and timeout, all at once, and records that they have
 * exited; nobody counts as stopped by hand, so that `always` and `unless-stopped` bring them back with
 * the next daemon. Nothing is started from the call on. Settles when nothing runs any more.
 *
 * @source moby daemon/daemon.go, Shutdown
 */
export const shutdown = (parts: ContainerParts) => async (): Promise<void> => {
  parts.all.closing = true
  await Promise.all(
    parts.all
      .list()
      .map((container) => rest(parts, container).catch((error) => parts.report(error))),
  )
}
