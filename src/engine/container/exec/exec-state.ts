import type { ExecProcess } from '../../../contract/cell.ts'

/** Where an exec is in its life. Data lives only in the states that have it. */
export type ExecState =
  | { readonly status: 'created' }
  /** Its program is looked for and made ready. */
  | { readonly status: 'starting' }
  | { readonly status: 'running'; readonly process: ExecProcess; readonly startedAt: Date }
  /** It never ran. */
  | { readonly status: 'failed'; readonly exitCode: number; readonly endedAt: Date }
  | {
      readonly status: 'ended'
      readonly pid: number
      readonly exitCode: number
      readonly endedAt: Date
    }

export type ExecStatus = ExecState['status']

/** What happened. */
export type ExecFact =
  | { readonly type: 'begin' }
  | { readonly type: 'run'; readonly process: ExecProcess; readonly startedAt: Date }
  | { readonly type: 'fail'; readonly exitCode: number; readonly endedAt: Date }
  | { readonly type: 'end'; readonly exitCode: number; readonly endedAt: Date }

type State<S extends ExecStatus> = Extract<ExecState, { status: S }>
type FactType = ExecFact['type']
type Fact<F extends FactType> = Extract<ExecFact, { type: F }>

/** One row per state, one cell per fact that is possible there. */
type Table = {
  readonly [S in ExecStatus]: {
    readonly [F in FactType]?: (state: State<S>, fact: Fact<F>) => ExecState
  }
}

const fail = (_: ExecState, { exitCode, endedAt }: Fact<'fail'>): ExecState => ({
  status: 'failed',
  exitCode,
  endedAt,
})

/** An exec's whole life: it is started once. @source engine API reference, 7 */
const TRANSITIONS: Table = {
  created: { begin: () => ({ status: 'starting' }) },
  starting: {
    run: (_, { process, startedAt }) => ({ status: 'running', process, startedAt }),
    fail,
  },
  running: {
    // The cell says later of some that they could not begin.
    fail,
    end: ({ process }, { exitCode, endedAt }) => ({
      status: 'ended',
      pid: process.pid,
      exitCode,
      endedAt,
    }),
  },
  failed: {},
  ended: {},
}

type Cell = (state: ExecState, fact: ExecFact) => ExecState

/** The state after `fact`, or undefined where the table has no such cell. */
export function nextExec(state: ExecState, fact: ExecFact): ExecState | undefined {
  // The row is the state's own and the cell the fact's own, which the compiler cannot follow.
  const cell = TRANSITIONS[state.status][fact.type] as Cell | undefined
  return cell?.(state, fact)
}
