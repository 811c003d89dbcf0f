import type { ContainerRecord } from '../../../engine/container/container-record.ts'
import type { Health } from '../../../engine/container/health/health-state.ts'
import { timeOf } from '../time.ts'

/** `State.Health` of an inspect. */
export const healthShape = ({ status, failingStreak, log }: Health) => ({
  Status: status,
  FailingStreak: failingStreak,
  Log: log.map(({ start, end, exitCode, output }) => ({
    Start: timeOf(start),
    End: timeOf(end),
    ExitCode: exitCode,
    Output: output,
  })),
})

/** As docker ps shows it of a container that runs. @source engine API reference, 6.2 */
const TEXT = {
  starting: ' (health: starting)',
  healthy: ' (healthy)',
  unhealthy: ' (unhealthy)',
} as const

export const healthText = (health: Health | undefined): string =>
  health === undefined ? '' : TEXT[health.status]

/** Docker's word for it in filters. */
export const healthName = ({ health }: Pick<ContainerRecord, 'health'>): string =>
  health?.status ?? 'none'

export const HEALTH_NAMES: readonly string[] = [...Object.keys(TEXT), 'none']
