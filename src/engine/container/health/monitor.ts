import type { Container } from '../container.ts'
import { announce, type ContainerParts } from '../containers.ts'
import { type HealthFact, nextHealth, type ProbeResult, UNKNOWN_HEALTH } from './health-state.ts'
import { type HealthPlan, healthPlanOf } from './healthcheck.ts'
import { type ProbeParts, probe } from './probe.ts'

export type MonitorParts = ProbeParts & Pick<ContainerParts, 'events'>

/** Its health after what has happened; a change of status is told, unless nobody looks any more. */
function learn(parts: MonitorParts, container: Container, fact: HealthFact): void {
  const before = container.health ?? UNKNOWN_HEALTH
  const after = nextHealth(before, fact)
  container.health = after
  const silent = fact.type === 'begin' || fact.type === 'cease'
  if (silent || after.status === before.status) return
  announce(parts, container.record, `health_status: ${after.status}`)
}

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
  const begins = container.health?.status === 'starting' && isEarly(container, plan, now)
  return begins ? plan.startIntervalMs : plan.intervalMs
}

/** One probe after the other, until `stop`: the pause counts from the end of the last. */
function watch(parts: MonitorParts, container: Container, plan: HealthPlan, stop: AbortSignal) {
  const ask = async (): Promise<void> => {
    const result = await probe(parts, container, plan, stop)
    if (stop.aborted) return
    learn(parts, container, factOf(container, plan, result))
    again()
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
  const plan = healthPlanOf(container.record.spec.healthcheck)
  if (plan === undefined) return
  container.healthMonitor?.abort()
  const monitor = new AbortController()
  container.healthMonitor = monitor
  watch(parts, container, plan, monitor.signal)
}

/** Looks at a container that was started. */
export function beginHealth(parts: MonitorParts, container: Container): void {
  if (healthPlanOf(container.record.spec.healthcheck) === undefined) {
    container.health = undefined
    return
  }
  learn(parts, container, { type: 'begin' })
  resumeHealth(parts, container)
}

/** The container was paused, or has ended: nobody looks any more. */
export function ceaseHealth(parts: MonitorParts, container: Container): void {
  if (container.healthMonitor === undefined) return
  container.healthMonitor.abort()
  container.healthMonitor = undefined
  learn(parts, container, { type: 'cease' })
}
