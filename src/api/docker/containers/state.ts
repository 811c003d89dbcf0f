import type { ContainerState, Exit, Status } from '../../../contract/state.ts'
import type { Health } from '../../../engine/container/health/health-state.ts'
import { timeOf } from '../time.ts'
import { healthText } from './health-shape.ts'

type Flag = 'Running' | 'Paused' | 'Restarting' | 'Dead'

/** Docker's overlapping flags. @source engine API reference, 6.2 */
const FLAGS = {
  created: [],
  running: ['Running'],
  paused: ['Running', 'Paused'],
  restarting: ['Running', 'Restarting'],
  removing: [],
  exited: [],
  dead: ['Dead'],
} as const satisfies Record<Status, readonly Flag[]>

export const lastOf = (state: ContainerState): Exit | undefined =>
  'last' in state ? state.last : undefined

const startedAt = (state: ContainerState): Date | undefined =>
  'startedAt' in state ? state.startedAt : lastOf(state)?.startedAt

/** `State` of an inspect. */
export function stateShape(state: ContainerState) {
  const flags: readonly Flag[] = FLAGS[state.status]
  const last = lastOf(state)
  const ran = last?.startedAt !== undefined
  return {
    Status: state.status,
    Running: flags.includes('Running'),
    Paused: flags.includes('Paused'),
    Restarting: flags.includes('Restarting'),
    OOMKilled: last?.oomKilled ?? false,
    Dead: flags.includes('Dead'),
    Pid: 'pid' in state ? state.pid : 0,
    ExitCode: last?.code ?? 0,
    Error: state.status === 'dead' ? state.reason : (last?.error ?? ''),
    StartedAt: timeOf(startedAt(state)),
    FinishedAt: timeOf(ran ? last.finishedAt : undefined),
  }
}

/** From how many hours on a unit is spoken of, and how many hours it has. */
const LONG_UNITS = [
  { from: 2 * 365 * 24, hours: 365 * 24, name: 'years' },
  { from: 2 * 30 * 24, hours: 30 * 24, name: 'months' },
  { from: 2 * 7 * 24, hours: 7 * 24, name: 'weeks' },
  { from: 48, hours: 24, name: 'days' },
  { from: 2, hours: 1, name: 'hours' },
] as const

/** How long ago, in docker's words. @source go-units, HumanDuration */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 1) return 'Less than a second'
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return minutes === 1 ? 'About a minute' : `${minutes} minutes`
  const hours = Math.round(seconds / 3600)
  const unit = LONG_UNITS.find(({ from }) => hours >= from)
  return unit === undefined ? 'About an hour' : `${Math.floor(hours / unit.hours)} ${unit.name}`
}

/** `Status` of a list. @source engine API reference, 6.2 */
export function statusText(
  state: ContainerState,
  now: Date,
  health: Health | undefined = undefined,
): string {
  const ago = (date: Date): string => humanDuration(now.getTime() - date.getTime())
  switch (state.status) {
    case 'created':
      return 'Created'
    case 'running':
      return `Up ${ago(state.startedAt)}${healthText(health)}`
    case 'paused':
      return `Up ${ago(state.startedAt)} (Paused)`
    case 'restarting':
      return `Restarting (${state.last.code}) ${ago(state.last.finishedAt)} ago`
    case 'removing':
      return 'Removal In Progress'
    case 'exited':
      return `Exited (${state.last.code}) ${ago(state.last.finishedAt)} ago`
    case 'dead':
      return 'Dead'
  }
}
