import { expect, it } from 'vitest'
import type { ExecProcess } from '../../../../../src/contract/cell.ts'
import {
  type ExecFact,
  type ExecState,
  type ExecStatus,
  nextExec,
} from '../../../../../src/engine/container/exec/exec-state.ts'

const at = (second: number): Date => new Date(second * 1000)
const process: ExecProcess = {
  pid: 7,
  ended: new Promise(() => {}),
  kill: () => {},
  signal: () => {},
  resize: () => {},
  stats: async () => undefined,
}

// One of each. The mapped types turn a forgotten state or fact into a compile error.
const STATES: { readonly [S in ExecStatus]: ExecState & { status: S } } = {
  created: { status: 'created' },
  starting: { status: 'starting' },
  running: { status: 'running', process, startedAt: at(1) },
  failed: { status: 'failed', exitCode: 127, endedAt: at(2) },
  ended: { status: 'ended', pid: 7, exitCode: 3, endedAt: at(2) },
}
const FACTS: { readonly [F in ExecFact['type']]: ExecFact & { type: F } } = {
  begin: { type: 'begin' },
  run: { type: 'run', process, startedAt: at(1) },
  fail: { type: 'fail', exitCode: 127, endedAt: at(2) },
  end: { type: 'end', exitCode: 3, endedAt: at(2) },
}

// An exec's whole life on one screen. '-' cannot happen.
const MATRIX = `
            begin     run      fail    end
  created   starting  -        -       -
  starting  -         running  failed  -
  running   -         -        failed  ended
  failed    -         -        -       -
  ended     -         -        -       -
`
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
  const after = to === '-' ? undefined : STATES[to as ExecStatus]
  // The whole value, not just its status.
  expect(nextExec(STATES[from as ExecStatus], FACTS[fact as ExecFact['type']])).toEqual(after)
})
