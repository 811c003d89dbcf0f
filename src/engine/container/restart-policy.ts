/** Docker's words for when a container that ended is started again. */
export interface RestartPolicy {
  readonly name: 'no' | 'always' | 'unless-stopped' | 'on-failure'
  /** Of `on-failure`: how often; 0 for no bound. */
  readonly maximumRetryCount: number
}

/** What is known when PID 1 has ended. */
export interface EndedRun {
  readonly exitCode: number
  /** Milliseconds the run lasted. */
  readonly ranMs: number
  /** Restarts so far that nobody asked for. */
  readonly restarts: number
  /** A stop or a kill came through the API since the last start. */
  readonly stoppedByHand: boolean
  /** Milliseconds waited before this run; 0 for a run somebody asked for. */
  readonly lastDelayMs: number
}

const FIRST_DELAY_MS = 100
const LONGEST_DELAY_MS = 60_000
/** A run this long is taken for healthy: the next delay is the first again. */
const HEALTHY_MS = 10_000

function wanted(policy: RestartPolicy, run: EndedRun): boolean {
  if (run.stoppedByHand || policy.name === 'no') return false
  if (policy.name !== 'on-failure') return true
  const { maximumRetryCount: most } = policy
  return run.exitCode !== 0 && (most === 0 || run.restarts < most)
}

/**
 * Whether a daemon that starts also starts a container that has run and rests now. `on-failure` asks
 * for the exit code alone: also what was stopped by hand comes back when it ended badly.
 *
 * @source moby daemon/daemon.go, restore; daemon/internal/restartmanager, ShouldRestart
 */
export function comesBack(
  { name, maximumRetryCount: most }: RestartPolicy,
  run: Pick<EndedRun, 'exitCode' | 'restarts' | 'stoppedByHand'>,
): boolean {
  switch (name) {
    case 'no':
      return false
    case 'always':
      return true
    case 'unless-stopped':
      return !run.stoppedByHand
    case 'on-failure':
      return run.exitCode !== 0 && (most === 0 || run.restarts < most)
  }
}

/**
 * Milliseconds until the container is started again; undefined when it rests.
 *
 * @source engine API reference, 6.5; moby daemon/internal/restartmanager
 */
export function restartDelay(policy: RestartPolicy, run: EndedRun): number | undefined {
  if (!wanted(policy, run)) return undefined
  if (run.ranMs >= HEALTHY_MS || run.lastDelayMs === 0) return FIRST_DELAY_MS
  return Math.min(LONGEST_DELAY_MS, 2 * run.lastDelayMs)
}
