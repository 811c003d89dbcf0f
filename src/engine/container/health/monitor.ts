import type { Container } from '../container.ts'
import type { ContainerRecord } from '../container-record.ts'
import { announce, type ContainerParts, change, note } from '../containers.ts'
import {
  type Health,
  type HealthFact,
  nextHealth,
  type ProbeResult,
  UNKNOWN_HEALTH,
} from './health-state.ts'
import { type HealthPlan, healthPlanOf } from './healthcheck.ts'
import { type ProbeParts, probe } from './probe.ts'

export type MonitorParts = ProbeParts & Pick<ContainerParts, 'events' | 'store'>

type HealthChange = Pick<ContainerRecord, 'health'>

/** What a start makes of a container's health. */
export const healthBegun = ({ health = UNKNOWN_HEALTH, spec }: ContainerRecord): HealthChange =>
  healthPlanOf(spec.healthcheck) === undefined
    ? {}
    : { health: nextHealth(health, { type: 'begin' }) }

/** What a pause or an end makes of it: nobody looks any more. */
export const healthCeased = ({ health }: ContainerRecord): HealthChange =>
  health === undefined ? {} : { health: nextHealth(health, { type: 'cease' }) }

/** Whoever hears of a status finds it stored, unless the store has failed. */
async function keepStatus(parts: MonitorParts, container: Container, health: Health) {
  try {
    await change(parts, container, { health })
  } catch (error) {
    parts.report(error)
    note(container, { health })
  }
  announce(parts, container.record, `health_status: ${health.status}`)
}

/**
 * Its health after what a probe has found. A change of status is stored, then told; a result alone is
 * stored with whatever of the container comes next.
 *
 * @source moby daemon/health.go, handleProbeResult
 */
const learn = (
  parts: MonitorParts,
  container: Container,
  fact: HealthFact,
  stop: AbortSignal,
): Promise<void> =>
  container.turn.run(async () => {
    // It was paused, or has ended, before the turn came.
    if (stop.aborted) return
    const before = container.record.health ?? UNKNOWN_HEALTH
    const health = nextHealth(before, fact)
    if (health.status === before.status) note(container, { health })
    else await keepStatus(parts, container, health)
  })

const startedMs = ({ record: { state } }: Container): number =>
  'startedAt' in state ? state.startedAt.getTime() : Number.NEGATIVE_INFINITY

const isEarly = (container: Container, { startPeriodMs }: HealthPlan, at: Date): boolean =>
  at.getTime() - startedMs(container) < startPeriodMs

function factOf(container: Container, plan: HealthPlan, result: ProbeResult): HealthFact {
  if (result.exitCode === 0) return { type: 'pass', result }
  const type = isEarly(container, plan, result.start) ? 'fail-early' : 'fail'
  return { type, result, retries: plan.retries }
}

/** Until the next probe: more often while it has yet to begin. */
function pauseOf(container: Container, plan: HealthPlan, now: Date): number {
  const begins = container.record.health?.status === 'starting' && isEarly(container, plan, now)
  return begins ? plan.startIntervalMs : plan.intervalMs
}

/** One probe after the other, until `stop`: the pause counts from the end of the last. */
function watch(parts: MonitorParts, container: Container, plan: HealthPlan, stop: AbortSignal) {
  const ask = async (): Promise<void> => {
    const result = await probe(parts, container, plan, stop)
    await learn(parts, container, factOf(container, plan, result), stop)
    if (!stop.aborted) again()
  }
  const again = (): void => {
    const cancel = parts.after(pauseOf(container, plan, parts.now()), () => {
      stop.removeEventListener('abort', cancel)
      ask().catch(parts.report)
    })
    stop.addEventListener('abort', cancel, { once: true })
  }
  again()
}

/** Looks at a container that runs, where it has a check; after an unpause its health is as it was. */
export function resumeHealth(parts: MonitorParts, container: Container): void {
  const { healthcheck, shell } = container.record.spec
  const plan = healthPlanOf(healthcheck, shell)
  if (plan === undefined) return
  stopMonitor(container)
  const monitor = new AbortController()
  container.healthMonitor = monitor
  watch(parts, container, plan, monitor.signal)
}

/** Ends looking; a probe that is under way is killed. */
export function stopMonitor(container: Container): void {
  container.healthMonitor?.abort()
  container.healthMonitor = undefined
}
