import type { ContainerState, Exit, Status } from '../../../contract/state.ts'
import { timeOf } from '../time.ts'

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

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const WEEK = 7 * DAY
const MONTH = 30 * DAY
const YEAR = 365 * DAY

/** From when on a unit is spoken of, in seconds. @source go-units, HumanDuration */
const UNITS = [
  { from: 2 * YEAR, unit: YEAR, name: 'years' },
  { from: 60 * DAY, unit: MONTH, name: 'months' },
  { from: 14 * DAY, unit: WEEK, name: 'weeks' },
  { from: 48 * HOUR, unit: DAY, name: 'days' },
  { from: 90 * MINUTE, unit: HOUR, name: 'hours' },
  { from: 60 * MINUTE, unit: 0, name: 'About an hour' },
  { from: 2 * MINUTE, unit: MINUTE, name: 'minutes' },
  { from: MINUTE, unit: 0, name: 'About a minute' },
  { from: 2, unit: 1, name: 'seconds' },
  { from: 1, unit: 0, name: '1 second' },
] as const

/** How long ago, in docker's words. */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const row = UNITS.find(({ from }) => seconds >= from)
  if (row === undefined) return 'Less than a second'
  return row.unit === 0 ? row.name : `${Math.floor(seconds / row.unit)} ${row.name}`
}

/** `Status` of a list. @source engine API reference, 6.2 */
export function statusText(state: ContainerState, now: Date): string {
  const ago = (date: Date): string => humanDuration(now.getTime() - date.getTime())
  switch (state.status) {
    case 'created':
      return 'Created'
    case 'running':
      return `Up ${ago(state.startedAt)}`
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
