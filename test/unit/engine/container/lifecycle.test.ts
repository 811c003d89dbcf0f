import { expect, it } from 'vitest'
import type { ContainerFact, ContainerState, Exit } from '../../../../src/contract/state.ts'
import { next } from '../../../../src/engine/container/lifecycle.ts'

const at = (second: number): Date => new Date(second * 1000)
const exitOf = (code: number): Exit => ({
  code,
  oomKilled: code === 137,
  error: '',
  startedAt: at(1),
  finishedAt: at(2),
})

// One of each. The mapped types turn a forgotten state or fact into a compile error.
const STATES: { readonly [S in ContainerState['status']]: ContainerState & { status: S } } = {
  created: { status: 'created', last: undefined },
  running: { status: 'running', pid: 7, startedAt: at(1) },
  paused: { status: 'paused', pid: 7, startedAt: at(1) },
  restarting: { status: 'restarting', last: exitOf(1), retryAt: at(3) },
  removing: { status: 'removing', last: exitOf(2) },
  exited: { status: 'exited', last: exitOf(3) },
  dead: { status: 'dead', last: exitOf(4), reason: 'why' },
}
const FACTS: { readonly [F in ContainerFact['type']]: ContainerFact & { type: F } } = {
  start: { type: 'start', pid: 9, startedAt: at(8) },
  fail: { type: 'fail', exit: exitOf(127) },
  pause: { type: 'pause' },
  unpause: { type: 'unpause' },
  exit: { type: 'exit', exit: exitOf(0) },
  backoff: { type: 'backoff', exit: exitOf(5), retryAt: at(9) },
  cancel: { type: 'cancel' },
  lose: { type: 'lose', exit: exitOf(137), reason: 'stuck worker' },
  remove: { type: 'remove' },
  stuck: { type: 'stuck', reason: 'busy' },
}

// The whole lifecycle on one screen. '-' is a conflict.
const MATRIX = `
              start    fail     pause   unpause  exit    backoff     cancel  lose  remove    stuck
  created     running  created  -       -        -       -           -       -     removing  -
  running     -        -        paused  -        exited  restarting  -       dead  -         -
  paused      -        -        -       running  exited  restarting  -       dead  -         -
  restarting  running  exited   -       -        -       -           exited  -     -         -
  removing    -        -        -       -        -       -           -       -     -         dead
  exited      running  exited   -       -        -       -           -       -     removing  -
  dead        -        -        -       -        -       -           -       -     removing  -
`

/** What the state carries after each fact that leads anywhere. */
const DATA: { readonly [F in ContainerFact['type']]: (from: ContainerState) => object } = {
  start: () => ({ pid: 9, startedAt: at(8) }),
  fail: () => ({ last: exitOf(127) }),
  pause: () => ({ pid: 7, startedAt: at(1) }),
  unpause: () => ({ pid: 7, startedAt: at(1) }),
  exit: () => ({ last: exitOf(0) }),
  backoff: () => ({ last: exitOf(5), retryAt: at(9) }),
  cancel: () => ({ last: exitOf(1) }),
  lose: () => ({ last: exitOf(137), reason: 'stuck worker' }),
  remove: (from) => ({ last: 'last' in from ? from.last : undefined }),
  stuck: () => ({ last: exitOf(2), reason: 'busy' }),
}

const lines = MATRIX.split('\n').filter((line) => line.trim() !== '')
const [header = [], ...rows] = lines.map((line) => line.trim().split(/\s+/))

it('the matrix has every state and every fact', () => {
  expect(rows.map(([from]) => from)).toEqual(Object.keys(STATES))
  expect(header).toEqual(Object.keys(FACTS))
})

const cells = rows.flatMap(([from = '', ...to]) =>
  to.map((status, column) => [from, header[column] ?? '', status] as const),
)

it.each(cells)('%s + %s = %s', (from, fact, to) => {
  const state = STATES[from as ContainerState['status']]
  const happened = FACTS[fact as ContainerFact['type']]
  // The whole value, not just its status.
  const after = to === '-' ? undefined : { status: to, ...DATA[happened.type](state) }
  expect(next(state, happened)).toEqual(after)
})
