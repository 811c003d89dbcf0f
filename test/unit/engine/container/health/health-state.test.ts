import { expect, it } from 'vitest'
import {
  type Health,
  type HealthFact,
  type HealthStatus,
  nextHealth,
  type ProbeResult,
} from '../../../../../src/engine/container/health/health-state.ts'

const resultOf = (exitCode: number): ProbeResult => ({
  start: new Date(1),
  end: new Date(2),
  exitCode,
  output: 'said',
})
const old = resultOf(9)

const RETRIES = 3
const FACTS: { readonly [F in HealthFact['type']]: HealthFact & { type: F } } = {
  begin: { type: 'begin' },
  pass: { type: 'pass', result: resultOf(0) },
  fail: { type: 'fail', result: resultOf(1), retries: RETRIES },
  'fail-early': { type: 'fail-early', result: resultOf(2), retries: RETRIES },
  cease: { type: 'cease' },
}
const STATUSES: { readonly [S in HealthStatus]: S } = {
  starting: 'starting',
  healthy: 'healthy',
  unhealthy: 'unhealthy',
}

// From each status with a streak to the next, after three failures it is unhealthy.
const MATRIX = `
               begin       pass       fail         fail-early   cease
  starting/0   starting/0  healthy/0  starting/1   starting/0   unhealthy/0
  starting/2   starting/0  healthy/0  unhealthy/3  starting/2   unhealthy/2
  healthy/0    starting/0  healthy/0  healthy/1    healthy/1    unhealthy/0
  healthy/2    starting/0  healthy/0  unhealthy/3  unhealthy/3  unhealthy/2
  unhealthy/0  starting/0  healthy/0  unhealthy/1  unhealthy/1  unhealthy/0
  unhealthy/3  starting/0  healthy/0  unhealthy/4  unhealthy/4  unhealthy/3
`
const lines = MATRIX.split('\n').filter((line) => line.trim() !== '')
const [header = [], ...rows] = lines.map((line) => line.trim().split(/\s+/))

const healthOf = (cell: string, log: readonly ProbeResult[]): Health => {
  const [status = '', streak = ''] = cell.split('/')
  return { status: STATUSES[status as HealthStatus], failingStreak: Number(streak), log }
}

it('the matrix has every status and every fact', () => {
  expect([...new Set(rows.map(([from = '']) => from.split('/')[0]))]).toEqual(Object.keys(STATUSES))
  expect(header).toEqual(Object.keys(FACTS))
})

const cells = rows.flatMap(([from = '', ...to]) =>
  to.map((after, column) => [from, header[column] ?? '', after] as const),
)

it.each(cells)('%s + %s = %s', (from, name, to) => {
  const fact = FACTS[name as HealthFact['type']]
  const log = 'result' in fact ? [old, fact.result] : [old]
  expect(nextHealth(healthOf(from, [old]), fact)).toEqual(healthOf(to, log))
})

it('the last five probes are kept, oldest first', () => {
  let health = healthOf('healthy/0', [])
  for (const code of [1, 2, 3, 4, 5, 6, 7]) {
    health = nextHealth(health, { type: 'fail', result: resultOf(code), retries: 100 })
  }
  expect(health.log.map(({ exitCode }) => exitCode)).toEqual([3, 4, 5, 6, 7])
})
