/** Whether a container is well, in Docker's words; one without a check has none of these. */
export type HealthStatus = 'starting' | 'healthy' | 'unhealthy'

export interface ProbeResult {
  readonly start: Date
  readonly end: Date
  /** 0: well. -1: it could not run, or took too long. */
  readonly exitCode: number
  readonly output: string
}

export interface Health {
  readonly status: HealthStatus
  /** Probes in a row that failed and counted. */
  readonly failingStreak: number
  /** The last ones, oldest first. */
  readonly log: readonly ProbeResult[]
}

/** What happened. */
export type HealthFact =
  /** The container was started. */
  | { readonly type: 'begin' }
  | { readonly type: 'pass'; readonly result: ProbeResult }
  /** `retries`: as many failures in a row are too many. */
  | { readonly type: 'fail'; readonly result: ProbeResult; readonly retries: number }
  /** The same, while the container may take its time to begin. */
  | { readonly type: 'fail-early'; readonly result: ProbeResult; readonly retries: number }
  /** Nobody looks any more: the container was paused, or has ended. */
  | { readonly type: 'cease' }

type FactType = HealthFact['type']
type Fact<F extends FactType> = Extract<HealthFact, { type: F }>

/** A row per status, a cell per fact: all are possible everywhere. */
type Table = {
  readonly [S in HealthStatus]: {
    readonly [F in FactType]: (health: Health, fact: Fact<F>) => Health
  }
}

/** @source moby daemon/health.go, maxLogEntries */
const KEPT = 5

const logged = ({ log }: Health, result: ProbeResult) => [...log, result].slice(-KEPT)

const begin = ({ log }: Health): Health => ({ status: 'starting', failingStreak: 0, log })
const pass = (health: Health, { result }: Fact<'pass'>): Health => ({
  status: 'healthy',
  failingStreak: 0,
  log: logged(health, result),
})
const fail = (health: Health, { result, retries }: Fact<'fail' | 'fail-early'>): Health => {
  const failingStreak = health.failingStreak + 1
  const status = failingStreak >= retries ? 'unhealthy' : health.status
  return { status, failingStreak, log: logged(health, result) }
}
const forgive = (health: Health, { result }: Fact<'fail-early'>): Health => ({
  ...health,
  log: logged(health, result),
})
const cease = (health: Health): Health => ({ ...health, status: 'unhealthy' })

/** How a container's health changes. @source engine API reference, 6.8; moby daemon/health.go */
const TRANSITIONS: Table = {
  starting: { begin, pass, fail, 'fail-early': forgive, cease },
  // Whoever was well once has begun.
  healthy: { begin, pass, fail, 'fail-early': fail, cease },
  unhealthy: { begin, pass, fail, 'fail-early': fail, cease },
}

export const UNKNOWN_HEALTH: Health = { status: 'starting', failingStreak: 0, log: [] }

type Cell = (health: Health, fact: HealthFact) => Health

/** The health after `fact`. Pure. */
export function nextHealth(health: Health, fact: HealthFact): Health {
  // The cell is the fact's own, which the compiler cannot follow.
  const cell = TRANSITIONS[health.status][fact.type] as Cell
  return cell(health, fact)
}
