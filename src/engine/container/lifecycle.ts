import type { ContainerFact, ContainerState, Status } from '../../contract/state.ts'

type State<S extends Status> = Extract<ContainerState, { status: S }>
type FactType = ContainerFact['type']
type Fact<F extends FactType> = Extract<ContainerFact, { type: F }>

/** One row per state, one cell per fact that is legal there. A missing cell is a conflict. */
type Table = {
  readonly [S in Status]: {
    readonly [F in FactType]?: (state: State<S>, fact: Fact<F>) => ContainerState
  }
}

type Resting = State<'created' | 'exited' | 'dead'>

const run = (_: ContainerState, { pid, startedAt }: Fact<'start'>): ContainerState => ({
  status: 'running',
  pid,
  startedAt,
})
const end = (_: ContainerState, { exit }: Fact<'exit' | 'fail'>): ContainerState => ({
  status: 'exited',
  last: exit,
})
const backoff = (_: ContainerState, { exit, retryAt }: Fact<'backoff'>): ContainerState => ({
  status: 'restarting',
  last: exit,
  retryAt,
})
const lose = (_: ContainerState, { exit, reason }: Fact<'lose'>): ContainerState => ({
  status: 'dead',
  last: exit,
  reason,
})
const remove = ({ last }: Resting): ContainerState => ({ status: 'removing', last })

/**
 * A container's whole life.
 *
 * @source engine API reference, 6.3; moby daemon/container/state.go
 */
const TRANSITIONS: Table = {
  created: { start: run, fail: (state, { exit }) => ({ ...state, last: exit }), remove },
  running: { pause: (state) => ({ ...state, status: 'paused' }), exit: end, backoff, lose },
  paused: { unpause: (state) => ({ ...state, status: 'running' }), exit: end, backoff, lose },
  restarting: { start: run, fail: end, cancel: ({ last }) => ({ status: 'exited', last }) },
  // Success has no cell: once removed, a container has no record, so no state.
  removing: { stuck: (state, { reason }) => ({ ...state, status: 'dead', reason }) },
  exited: { start: run, fail: end, remove },
  dead: { remove },
}

type Cell = (state: ContainerState, fact: ContainerFact) => ContainerState

/** The state after `fact`, or undefined where the table has no such cell. Pure: emits nothing. */
export function next(state: ContainerState, fact: ContainerFact): ContainerState | undefined {
  // The row is the state's own and the cell the fact's own, which the compiler cannot follow.
  const cell = TRANSITIONS[state.status][fact.type] as Cell | undefined
  return cell?.(state, fact)
}
